import { z } from 'zod';
import { SIGNALS } from '@/lib/semconv/signals';
import { configChange } from '../config-change';
import { defineProcessor } from '../define';
import { portForSignal, SIGNAL_PORTS } from '../signal-ports';

const port = z.enum([...SIGNALS, 'default']).optional();

const config = z.strictObject({
  /** Signals that leave by another port than their own. */
  routes: z.strictObject({ logs: port, metrics: port, traces: port, events: port }).default({}),
});

/** Each batch to the port of its signal; `default` takes what has no port of its own. */
export const typeRouter = defineProcessor({
  typeId: 'type_router',
  config,
  ports: () => [...SIGNAL_PORTS, 'default'],
  create(initial, node) {
    let current = initial;
    return {
      process(hop) {
        const { signal } = hop.pdata;
        const chosen = current.routes[signal] ?? portForSignal(signal, node.ports);
        if (chosen !== null && node.ports.includes(chosen)) return hop.forward(chosen);
        hop.nack(`no port for ${signal}`, { permanent: true });
      },
      control(message) {
        const next = configChange(config, message);
        const missing = Object.values(next?.routes ?? {}).find((name) => !node.ports.includes(name));
        if (missing) throw new Error(`no port ${missing} is connected`);
        current = next ?? current;
      },
    };
  },
});
