import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ControlActionRow } from '@/lib/api/control';
import type { SpanDetail } from '@/lib/model/span';
import type { ControlMarks, TelemetryStore } from '@/lib/store/telemetry-store';
import { analyseTrace } from './analysed-trace';
import { controlLane, MARKS_A_KIND } from './control-lane';
import { memoryTraces } from './testing/memory-traces';
import { eventOf, spanOf } from './testing/span-of';
import { PICTURE_ORIGIN, traceFromPicture } from './testing/trace-picture';
import { createTraceReader } from './trace-reader';

const columns = traceFromPicture('t', `exp b |${'W'.repeat(100)}|`);
const trace = analyseTrace(columns);
const MS = 1_000_000n;

interface Message {
  readonly kind: string;
  readonly atMs: number;
}

/** A store whose trace has one span for each message. */
function storeOf(messages: readonly Message[], linked: readonly string[] = []): TelemetryStore {
  const byTime = [...messages].sort((a, b) => a.atMs - b.atMs);
  const kinds = [...new Set(byTime.map(({ kind }) => kind))];
  const marks: ControlMarks = {
    length: byTime.length,
    left: 0,
    kinds,
    kind: Uint8Array.from(byTime, ({ kind }) => kinds.indexOf(kind)),
    atNs: Float64Array.from(byTime, ({ atMs }) => atMs * 1e6),
    epochUnixNano: PICTURE_ORIGIN,
    spanIdAt: (i) => `s${i}`,
    linked,
  };
  const spans = new Map<string, SpanDetail>(
    byTime.map(({ kind, atMs }, i) => {
      const time = String(PICTURE_ORIGIN + BigInt(atMs) * MS);
      const backlinks = linked.includes(`s${i}`)
        ? [{ traceId: 'k', spanId: 'k1', type: 'control' as const, attributes: {}, state: 'held' as const }]
        : [];
      const events = [eventOf(`control/${kind}`, time, { revision: 7 })];
      return [`s${i}`, spanOf({ spanId: `s${i}`, nodeId: 'exp', events, backlinks })];
    }),
  );
  return {
    ...memoryTraces([columns]),
    controlMarks: async () => marks,
    spans: async (_, ids) => ids.map((id) => spans.get(id) ?? null),
  };
}

const laneOf = (store: TelemetryStore, actions: readonly ControlActionRow[] = [], from = 0, to = 100) =>
  controlLane(createTraceReader(store), trace, 1, actions, {
    from: PICTURE_ORIGIN + BigInt(from) * MS,
    to: PICTURE_ORIGIN + BigInt(to) * MS,
  });

const update: ControlActionRow = {
  id: 'c1',
  engine: 'e',
  timeUnixNano: String(PICTURE_ORIGIN + 50n * MS),
  action: 'config_update',
  target: 'exp',
  origin: 'operator',
  revision: 7,
  outcome: 'applied',
  message: '',
  tookMs: 1,
  affected: 1,
  traceId: 'k',
  spanId: 'k1',
  summary: '',
  undoable: false,
  after: null,
};

describe('the control lane of a trace of any size', () => {
  it('shows an action with all that it hit as one mark, wherever in the trace that is', async () => {
    const acks = Array.from({ length: 3_000 }, () => ({ kind: 'ack', atMs: 10 }));
    const hit = Array.from({ length: 40 }, () => ({ kind: 'config_update', atMs: 50 }));
    const lane = await laneOf(storeOf([...acks, ...hit]), [update]);
    const [action] = lane.events.filter((event) => event.kind === 'config_update');
    expect(action).toMatchObject({ label: 'config_update rev 7', count: 1, folded: false });
    expect(action?.spanIds).toHaveLength(40);
    expect(lane.kinds).toEqual([
      { kind: 'config_update', total: 1, folded: false },
      { kind: 'ack', total: 3_000, folded: true },
    ]);
  });

  it('knows what an action hit by its link too, where the span tells of nothing', async () => {
    const lane = await laneOf(storeOf([{ kind: 'ack', atMs: 1 }], ['s0']), [{ ...update, revision: 9 }]);
    expect(lane.events.map((event) => [event.kind, event.spanIds])).toEqual([
      ['ack', ['s0']],
      ['config_update', ['s0']],
    ]);
  });

  it('shows messages one by one where they fit, with what they carried', async () => {
    const lane = await laneOf(storeOf([{ kind: 'nack', atMs: 3 }]));
    expect(lane.events).toMatchObject([{ label: 'nack rev 7', target: 'exp', count: 1, folded: true }]);
    expect(lane.truncated).toBe(false);
  });

  it('counts each message of its window exactly once, in no more marks than a kind has, whatever there is', async () => {
    const kind = fc.constantFrom('ack', 'nack', 'drain', 'timer_tick');
    const message = fc.record({ kind, atMs: fc.integer({ min: 0, max: 100 }) });
    const window = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }));
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 600 }), window, async (messages, bounds) => {
        const [from, to] = [Math.min(...bounds), Math.max(...bounds)];
        const lane = await laneOf(storeOf(messages), [], from, to);
        const inside = messages.filter(({ atMs }) => atMs >= from && atMs <= to);
        expect(lane.total).toBe(inside.length);
        for (const name of ['ack', 'nack', 'drain', 'timer_tick']) {
          const marks = lane.events.filter((event) => event.kind === name);
          expect(marks.length).toBeLessThanOrEqual(MARKS_A_KIND);
          const here = inside.filter((each) => each.kind === name).length;
          expect(marks.reduce((sum, mark) => sum + mark.count, 0)).toBe(here);
          const total = messages.filter((each) => each.kind === name).length;
          expect(lane.kinds.find((each) => each.kind === name)?.total ?? 0).toBe(total);
        }
        expect(lane.truncated).toBe(lane.events.some((event) => event.count > 1));
        const times = lane.events.map((event) => BigInt(event.timeUnixNano));
        expect(times.every((time, i) => i === 0 || time >= (times[i - 1] ?? 0n))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
