import { z } from 'zod';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { configChange } from '../config-change';
import { defineProcessor } from '../define';

const config = z.strictObject({
  /** Whose outcome the sender hears: that of all copies, or of the primary alone. */
  await: z.enum(['all', 'primary']).default('all'),
  /** Port of the primary; the first connected one where it is absent. */
  primary: z.string().min(1).optional(),
});

/** A copy of each batch to every connected port. */
export const fanout = defineProcessor({
  typeId: 'fanout',
  config,
  ports: () => 'any',
  create(initial, node) {
    let current = initial;
    return {
      process(hop) {
        const { payload, items } = hop.pdata;
        const [only, ...others] = node.ports;
        if (others.length === 0) return hop.forward(only ?? DEFAULT_PORT);
        const parts = node.ports.map((port) => ({ port, payload, items }));
        if (current.await === 'all') return hop.split(parts, { kind: 'all' });
        const index = current.primary === undefined ? 0 : node.ports.indexOf(current.primary);
        return hop.split(parts, { kind: 'primary', index: Math.max(0, index) });
      },
      control(message) {
        const next = configChange(config, message);
        if (next?.primary !== undefined && !node.ports.includes(next.primary))
          throw new Error(`primary: no port ${next.primary} is connected`);
        current = next ?? current;
      },
    };
  },
});
