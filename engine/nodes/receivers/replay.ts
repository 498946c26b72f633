import { access, constants } from 'node:fs/promises';
import { z } from 'zod';
import type { ReceiverHandle } from '@/engine/core/node';
import type { OtlpData } from '@/engine/core/payload';
import { payloadFromData } from '@/engine/core/payload-otlp';
import { NANOS_PER_MS } from '@/lib/base/time';
import { DEFAULT_PORT, SIGNALS } from '@/lib/semconv/signals';
import { admitInTurn } from '../admit-in-turn';
import { configChange } from '../config-change';
import { countPayload } from '../count-payload';
import { defineReceiver } from '../define';
import { separateEvents } from '../separate-events';
import { wait } from '../service-time';
import { latestUnixNano, parseOtlpLine, readLines } from './otlp-lines';

const config = z.strictObject({
  /** A file of OTLP JSON lines, gzipped where its name ends in `.gz`. */
  path: z.string().min(1),
  /** Distances in time are divided by it. */
  speed: z.number().min(0.01).max(10_000).default(1),
  /** Begins again at the end. */
  loop: z.boolean().default(false),
  ports: z.enum(['one', 'by_signal']).default('one'),
  separate_events: z.boolean().default(false),
});

/** No pause is longer, however far apart two lines are. */
const MAX_PAUSE_MS = 60_000;

/** A recording, played at its own pace. */
export const replay = defineReceiver({
  typeId: 'replay',
  config,
  ports: ({ ports }) => (ports === 'one' ? [DEFAULT_PORT] : SIGNALS),
  create(initial) {
    let current = initial;
    let running: object | null = null;

    const admit = async (node: ReceiverHandle, data: OtlpData): Promise<void> => {
      const payload = payloadFromData(data);
      const whole = [{ signal: payload.signal, payload, items: countPayload(payload) }];
      const parts = current.separate_events && data.signal === 'logs' ? separateEvents(payload) : whole;
      for (const part of parts) {
        const port = current.ports === 'one' ? DEFAULT_PORT : part.signal;
        if (part.items > 0) await admitInTurn(node, { ...part, port, source: 'created' });
      }
    };

    /** One pass over the file; true when it came to its end. */
    const play = async (node: ReceiverHandle, self: object): Promise<boolean> => {
      let previous = 0n;
      let number = 0;
      for await (const line of readLines(current.path)) {
        number++;
        const data = parseOtlpLine(line);
        if (!data.ok) {
          node.log('warn', `${current.path}:${number}: ${data.error}`);
          continue;
        }
        const at = latestUnixNano(data.value);
        const distanceMs = previous === 0n ? 0 : Number(at - previous) / NANOS_PER_MS / current.speed;
        if (at > previous) previous = at;
        if (distanceMs > 0) await wait(node.clock, Math.min(distanceMs, MAX_PAUSE_MS));
        if (running !== self || !node.open) return false;
        await admit(node, data.value);
      }
      return true;
    };

    return {
      async start(node) {
        await access(current.path, constants.R_OK).catch((error: unknown) => {
          throw new Error(`cannot read ${current.path}: ${error instanceof Error ? error.message : error}`);
        });
        const self = {};
        running = self;
        const run = async () => {
          while ((await play(node, self)) && current.loop) await wait(node.clock, 1);
        };
        run().catch((error: unknown) => node.log('error', `the replay stopped: ${String(error)}`));
      },
      async stop() {
        running = null;
      },
      control(message) {
        const next = configChange(config, message);
        if (next && next.path !== current.path) throw new Error('path cannot change while it runs');
        current = next ?? current;
      },
    };
  },
});
