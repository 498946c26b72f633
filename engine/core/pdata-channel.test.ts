import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import { CorePdata } from './core-pdata';
import { CounterStore } from './counter-store';
import { Flow } from './flow';
import { NOOP_TELEMETRY } from './noop-telemetry';
import { type Edge, PdataChannel } from './pdata-channel';
import { RunLoop } from './run-loop';
import type { Runtime } from './runtime';
import { createVirtualScheduler } from './scheduler';
import { OPAQUE } from './testing/test-nodes';

const nothing = () => undefined;

function createRuntime(slots: Map<number, number>): Runtime {
  return {
    clock: createVirtualClock(),
    hops: {
      ...NOOP_TELEMETRY.hops,
      recording: true,
      sent(_channel, _edge, slot, _depth, pdata) {
        if (slots.has(slot)) throw new Error(`slot ${slot} is taken`);
        slots.set(slot, pdata.serial);
      },
    },
    telemetry: NOOP_TELEMETRY,
    counters: new CounterStore(2, 1, 1),
    loop: new RunLoop(createVirtualScheduler()),
    delayedAfterNs: 0,
    log: nothing,
    nodeIndex: () => -1,
    nextSerial: () => 0,
    changed: nothing,
  };
}

type Step =
  | { readonly kind: 'send' }
  | { readonly kind: 'take' }
  | { readonly kind: 'resize'; readonly capacity: number };

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant<Step>({ kind: 'send' }) },
    { weight: 4, arbitrary: fc.constant<Step>({ kind: 'take' }) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 1, max: 12 }).map((capacity): Step => ({ kind: 'resize', capacity })),
    },
  ),
  { maxLength: 120 },
);

describe('a pdata channel', () => {
  it('is a bounded queue whose waiting senders are served in order, as its capacity comes and goes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), steps, (capacity, script) => {
        const slots = new Map<number, number>();
        const runtime = createRuntime(slots);
        const channel = new PdataChannel(0, 'pdata:x', capacity, runtime, nothing);
        const edge: Edge = { index: 0, from: 0, port: 'default', channel: 0, target: channel };
        const owner = { index: 0, runtime, completed: nothing };
        // The oracle: two plain queues and a bound.
        const inside: number[] = [];
        const outside: number[] = [];
        let bound = capacity;
        let serial = 0;
        const letIn = () => {
          for (let next = outside[0]; next !== undefined && inside.length < bound; next = outside[0]) {
            outside.shift();
            inside.push(next);
          }
        };
        for (const step of script) {
          if (step.kind === 'resize') {
            bound = step.capacity;
            channel.resize(bound);
            letIn();
          } else if (step.kind === 'send') {
            serial++;
            const pdata = new CorePdata(
              serial,
              [],
              'logs',
              1,
              OPAQUE,
              new Flow('part', owner, { heard: nothing }),
            );
            const room = channel.tryPush(pdata, edge);
            expect(room).toBe(outside.length === 0 && inside.length < bound);
            if (room) inside.push(serial);
            else {
              outside.push(serial);
              channel.wait({ pdata, edge, sender: 0, accepted: nothing, abandoned: nothing });
            }
          } else if (inside.length > 0) {
            const taken = channel.take();
            expect(taken.serial).toBe(inside.shift());
            expect(slots.get(channel.takenSlot)).toBe(taken.serial);
            slots.delete(channel.takenSlot);
            channel.admitWaiting();
            letIn();
          }
          expect(channel.depth).toBe(inside.length);
          expect(channel.waiting).toBe(outside.length);
          expect([...channel.queued()].map((pdata) => pdata.serial)).toEqual(inside);
          expect(runtime.counters.blockedNow[0]).toBe(outside.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});
