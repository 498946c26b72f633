import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import type { Fact } from '@/lib/model/facts';
import { createSeriesStore } from './series-store';

const BUDGET_BYTES = 1 << 20;

function createStore() {
  const clock = createVirtualClock();
  const store = createSeriesStore({ budgetBytes: BUDGET_BYTES, clock });
  /** `count` gauges of as many nodes. */
  const report = (engine: string, count: number) => {
    const timeNano = clock.epoch + BigInt(Math.round(clock.nowNs()));
    const facts = Array.from(
      { length: count },
      (_, n): Fact => ({
        kind: 'gauge',
        entity: { kind: 'node', node: `n${n}` },
        measure: 'depth',
        attributes: {},
        timeNano,
        value: n,
      }),
    );
    return store.add(engine, facts);
  };
  const seriesOf = (engine: string) => store.reader(engine)?.entities('node').length ?? 0;
  return { clock, store, report, seriesOf };
}

describe('the budget of series', () => {
  it('has room for who comes late and asks for little, at the cost of who took most', () => {
    const { clock, store, report, seriesOf } = createStore();
    expect(report('greedy', 20_000).overflow).toBeGreaterThan(0);
    const before = seriesOf('greedy');
    clock.advance(1_000);
    for (const name of ['a', 'b', 'c']) expect(report(name, 10)).toMatchObject({ stored: 10, overflow: 0 });
    expect(['a', 'b', 'c'].map(seriesOf)).toEqual([10, 10, 10]);
    expect(seriesOf('greedy')).toBeLessThan(before);
    expect(seriesOf('greedy')).toBeGreaterThan(before / 3);
    // And it does not take it back.
    clock.advance(1_000);
    report('greedy', 20_000);
    expect(['a', 'b', 'c'].map(seriesOf)).toEqual([10, 10, 10]);
    expect(store.stats().bytes).toBeLessThan(BUDGET_BYTES * 1.1);
  });

  it('goes to two that want all of it in equal parts', () => {
    const { clock, report, seriesOf } = createStore();
    report('first', 20_000);
    for (let second = 0; second < 60; second++) {
      clock.advance(1_000);
      report('second', 20_000);
      report('first', 20_000);
    }
    const [first, second] = [seriesOf('first'), seriesOf('second')];
    expect(Math.abs(first - second)).toBeLessThan((first + second) / 10);
  });

  it('counts what left for another’s sake', () => {
    const { report, store } = createStore();
    report('greedy', 20_000);
    const { droppedSeries } = store.stats();
    report('late', 5);
    expect(store.stats().droppedSeries).toBeGreaterThan(droppedSeries);
  });
});
