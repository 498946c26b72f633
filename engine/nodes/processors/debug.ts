import { z } from 'zod';
import { batchName } from '@/engine/core/pdata';
import { NANOS_PER_SECOND } from '@/lib/base/time';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { configChange } from '../config-change';
import { defineProcessor } from '../define';

const config = z.strictObject({
  /** Lines a second; what is not written is counted in the next line. */
  max_lines_per_second: z.number().int().min(1).max(1_000).default(5),
});

/** A line in the operator's log for each batch that passes, within bounds. */
export const debug = defineProcessor({
  typeId: 'debug',
  config,
  ports: () => [DEFAULT_PORT],
  create(initial, node) {
    let current = initial;
    let windowStartNs = Number.NEGATIVE_INFINITY;
    let lines = 0;
    let unsaid = 0;
    return {
      process(hop) {
        const nowNs = node.clock.nowNs();
        if (nowNs - windowStartNs >= NANOS_PER_SECOND) {
          windowStartNs = nowNs;
          lines = 0;
        }
        if (lines < current.max_lines_per_second) {
          const { serial, parts, signal, items } = hop.pdata;
          const more = unsaid > 0 ? ` (${unsaid} more before it)` : '';
          node.log('info', `${batchName(serial, parts)}: ${items} ${signal}${more}`);
          lines++;
          unsaid = 0;
        } else {
          unsaid++;
        }
        return hop.forward(DEFAULT_PORT);
      },
      control(message) {
        current = configChange(config, message) ?? current;
      },
    };
  },
});
