import { z } from 'zod';
import type { ReceiverHandle } from '@/engine/core/node';
import { payloadFromData } from '@/engine/core/payload-otlp';
import { createRandom } from '@/lib/base/random';
import { NANOS_PER_MS } from '@/lib/base/time';
import { DEFAULT_PORT, SIGNALS, type Signal } from '@/lib/semconv/signals';
import { admitInTurn } from '../admit-in-turn';
import { configChange } from '../config-change';
import { defineReceiver } from '../define';
import { wait } from '../service-time';
import { makeBatch } from './traffic-content';
import { shapeFactor } from './traffic-shape';

const weight = z.number().min(0).max(1_000);

const config = z.strictObject({
  seed: z.number().int().min(0).max(0xffff_ffff).default(1),
  /** Batches a second, on average. */
  rate: z.number().min(0).max(100_000).default(50),
  /** Mean; each batch has from half to one and a half times as many. */
  items_per_batch: z.number().int().min(1).max(10_000).default(40),
  shape: z.enum(['steady', 'sine', 'bursty']).default('steady'),
  period_ms: z.number().min(100).max(3_600_000).default(30_000),
  amplitude: z.number().min(0).max(1).default(0.5),
  burst_factor: z.number().min(1).max(100).default(3),
  burst_share: z.number().min(0.01).max(0.99).default(0.2),
  /** Shares of the signals, as weights. */
  mix: z
    .strictObject({
      logs: weight.default(1),
      metrics: weight.default(1),
      traces: weight.default(1),
      events: weight.default(1),
    })
    .refine((mix) => SIGNALS.some((signal) => mix[signal] > 0), 'every weight is 0')
    .default({ logs: 1, metrics: 1, traces: 1, events: 1 }),
  ports: z.enum(['one', 'by_signal']).default('one'),
  /** Stops after so many batches. 0: never. */
  max_batches: z.number().int().min(0).default(0),
});
type GeneratorConfig = z.infer<typeof config>;

const TICK_MS = 10;
/** What could not be sent in time is made up for this long; what fell due before is not generated. */
const CATCH_UP_MS = 100;

/** Seeded telemetry of a small shop, at a rate and in a shape. */
export const trafficGenerator = defineReceiver({
  typeId: 'traffic_generator',
  config,
  ports: ({ ports }) => (ports === 'one' ? [DEFAULT_PORT] : SIGNALS),
  create(initial) {
    let current = initial;
    let running: object | null = null;

    const run = async (node: ReceiverHandle, self: object): Promise<void> => {
      const random = createRandom(current.seed);
      const startNs = node.clock.nowNs();
      let lastNs = startNs;
      let due = 0;
      let made = 0;
      const more = () => running === self && (current.max_batches === 0 || made < current.max_batches);
      while (more()) {
        await wait(node.clock, TICK_MS);
        const nowNs = node.clock.nowNs();
        const rate = (current.rate * shapeFactor(current, (nowNs - startNs) / NANOS_PER_MS)) / 1_000;
        const elapsedMs = (nowNs - lastNs) / NANOS_PER_MS;
        lastNs = nowNs;
        due = Math.min(due + rate * elapsedMs, Math.max(1, rate * CATCH_UP_MS));
        for (; due >= 1 && more() && node.open; due--) {
          made++;
          const signal = drawSignal(current, random.next());
          const items = drawItems(current, random.next());
          const data = makeBatch(
            signal,
            items,
            { unixNano: node.clock.epoch + BigInt(Math.round(nowNs)) },
            random,
          );
          const port = current.ports === 'one' ? DEFAULT_PORT : signal;
          await admitInTurn(node, { signal, payload: payloadFromData(data), items, port, source: 'created' });
        }
      }
    };

    return {
      async start(node) {
        const self = {};
        running = self;
        run(node, self).catch((error: unknown) =>
          node.log('error', `the generator stopped: ${String(error)}`),
        );
      },
      async stop() {
        running = null;
      },
      control(message) {
        current = configChange(config, message) ?? current;
      },
    };
  },
});

function drawItems({ items_per_batch }: GeneratorConfig, draw: number): number {
  return Math.max(1, Math.round(items_per_batch * (0.5 + draw)));
}

function drawSignal({ mix }: GeneratorConfig, draw: number): Signal {
  const total = SIGNALS.reduce((sum, signal) => sum + mix[signal], 0);
  let left = draw * total;
  for (const signal of SIGNALS) {
    left -= mix[signal];
    if (left < 0) return signal;
  }
  return SIGNALS.find((signal) => mix[signal] > 0) ?? 'logs';
}
