import { z } from 'zod';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { backoffMs } from '../backoff';
import { configChange } from '../config-change';
import { defineProcessor } from '../define';

const config = z.strictObject({
  /** Sends in all, the first one included. */
  max_attempts: z.number().int().min(1).max(100).default(5),
  initial_interval_ms: z.number().min(1).max(60_000).default(100),
  max_interval_ms: z.number().min(1).max(600_000).default(5_000),
  multiplier: z.number().min(1).max(10).default(2),
});

/**
 * Sends on, waits for the outcome, and sends again after a nack that is not permanent. Each batch that it waits for
 * occupies one of its workers: `concurrency` is how many may be under way.
 */
export const retry = defineProcessor({
  typeId: 'retry',
  waitsForOutcome: true,
  config,
  ports: () => [DEFAULT_PORT],
  create(initial, node) {
    let current = initial;
    return {
      async process(hop) {
        for (let attempt = 0; ; attempt++) {
          const outcome = await hop.forwardAndWait(DEFAULT_PORT, attempt);
          const last = attempt + 1 >= current.max_attempts;
          if (outcome.kind === 'ack' || outcome.permanent || last) return hop.resolve(outcome);
          await hop.pauseBeforeRetry(backoffMs(current, attempt + 1, node.random));
        }
      },
      control(message) {
        current = configChange(config, message) ?? current;
      },
    };
  },
});
