import { describe, expect, it } from 'vitest';
import type { ControlEvent, ControlLaneAnswer } from '@/lib/api/traces';
import { joinLanes, ticksOf } from './lane-events';

function event(over: Partial<ControlEvent>): ControlEvent {
  return {
    kind: 'ack',
    timeUnixNano: '1000000',
    target: 'exp',
    label: 'ack',
    spanIds: ['s1'],
    folded: true,
    action: null,
    count: 1,
    ...over,
  };
}

function lane(events: readonly ControlEvent[]): ControlLaneAnswer {
  const kinds = [...new Set(events.map(({ kind }) => kind))].map((kind) => {
    const same = events.filter((each) => each.kind === kind);
    return { kind, total: same.reduce((sum, each) => sum + each.count, 0), folded: kind === 'ack' };
  });
  return { revision: 1, events, kinds, total: events.length, truncated: false };
}

const drain = { id: 'c1' } as NonNullable<ControlEvent['action']>;

describe('the control lanes of a journey', () => {
  it('are one lane, on which an action that fell on two traces stands once and leads to the spans it hit', () => {
    const hit = event({ kind: 'drain', action: drain, spanIds: ['b1', 'b2'], folded: false });
    const there = event({ kind: 'drain', action: drain, spanIds: [], folded: false });
    const joined = joinLanes(
      [
        { traceId: 'a', lane: lane([there, event({})]) },
        { traceId: 'b', lane: lane([hit, event({ spanIds: ['b1'] })]) },
      ],
      0n,
    );
    const drains = joined.events.filter((each) => each.kind === 'drain');
    expect(drains).toMatchObject([{ traceId: 'b', spanIds: ['b1', 'b2'], atMs: 1 }]);
    expect(joined.kinds).toEqual([
      { kind: 'drain', total: 1, folded: false },
      { kind: 'ack', total: 2, folded: true },
    ]);
  });

  it('show what would lie upon one another as one tick that counts all of it', () => {
    const at = (ms: number, count = 1) => event({ timeUnixNano: String(ms * 1e6), count });
    const { events } = joinLanes([{ traceId: 'a', lane: lane([at(1), at(2, 40), at(50)]) }], 0n);
    const ticks = ticksOf(events, (ms) => ms * 2, 400);
    expect(ticks.map((tick) => [tick.x, tick.count])).toEqual([
      [2, 41],
      [100, 1],
    ]);
    expect(ticksOf(events, (ms) => ms * 2_000, 400)).toEqual([]);
  });
});
