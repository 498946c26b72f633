import { z } from 'zod';
import { batchName } from '@/engine/core/pdata';
import { NANOS_PER_SECOND } from '@/lib/base/time';
import { configChange } from '../config-change';
import { defineExporter } from '../define';
import { otlpJsonLine } from '../otlp-json';
import { serve, serviceTimeFields } from '../service-time';

const config = z.strictObject({
  ...serviceTimeFields,
  /** `summary`: a line a batch. `full`: its OTLP JSON. */
  detail: z.enum(['summary', 'full']).default('summary'),
  /** Lines a second; the rest is delivered without being written, and counted in the next line. */
  max_lines_per_second: z.number().int().min(1).max(10_000).default(10),
});

/** Delivers to the operator's terminal. */
export const consoleExporter = defineExporter({
  typeId: 'console',
  config,
  create(initial, node) {
    let current = initial;
    let windowStartNs = Number.NEGATIVE_INFINITY;
    let lines = 0;
    let unwritten = 0;
    return {
      process(hop) {
        const { serial, parts, signal, items, payload } = hop.pdata;
        const nowNs = node.clock.nowNs();
        if (nowNs - windowStartNs >= NANOS_PER_SECOND) {
          windowStartNs = nowNs;
          lines = 0;
        }
        if (lines < current.max_lines_per_second) {
          const more = unwritten > 0 ? ` (${unwritten} unwritten before it)` : '';
          const what =
            current.detail === 'full' ? otlpJsonLine(payload.decoded()).trimEnd() : `${items} ${signal}`;
          node.log('info', `${batchName(serial, parts)}: ${what}${more}`);
          lines++;
          unwritten = 0;
        } else {
          unwritten++;
        }
        const busy = serve(current, node);
        return busy ? busy.then(() => hop.deliver()) : hop.deliver();
      },
      control(message) {
        current = configChange(config, message) ?? current;
      },
    };
  },
});
