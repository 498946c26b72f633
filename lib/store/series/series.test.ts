import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import { histogramOf } from '@/lib/histogram/operations';
import type { Fact } from '@/lib/model/facts';
import { createCounterSeries } from './counter-series';
import { createGaugeSeries } from './gauge-series';
import { createHistogramSeries } from './histogram-series';
import { amountOf, gaugeAt, rateOf, windowEnding } from './query';
import { nanosOf } from './resolution';
import { createSeriesStore } from './series-store';
import { WindowHistogram } from './window-histogram';

const T0 = 1_700_000_000;

describe('counter series', () => {
  it('adds up over whole seconds to what was spread into them, whatever the reports’ lengths and order', () => {
    const report = fc.record({
      from: fc.integer({ min: 0, max: 200 }),
      length: fc.integer({ min: 1, max: 40 }),
      amount: fc.nat(100),
    });
    fc.assert(
      fc.property(
        fc.array(report, { minLength: 1, maxLength: 40 }),
        fc.nat(200),
        fc.nat(60),
        (reports, low, length) => {
          const series = createCounterSeries(true);
          // Quarter seconds, as the engine reports them. A later report closes the newest second.
          for (const { from, length: size, amount } of reports) {
            series.add(T0 + from / 4, T0 + (from + size) / 4, amount);
          }
          series.add(T0 + 100, T0 + 101, 0);
          const from = T0 + Math.floor(low / 4);
          const to = from + length;
          const oracle = reports.reduce((sum, r) => {
            // Within a second an amount is taken as even, so the oracle spreads by seconds too.
            const start = T0 + r.from / 4;
            const end = T0 + (r.from + r.length) / 4;
            const inside = Math.max(0, Math.min(end, to) - Math.max(start, from));
            return sum + (r.amount * inside) / (end - start);
          }, 0);
          const sum = series.sum(from, to);
          expect(Number.isNaN(sum) ? 0 : sum).toBeCloseTo(oracle, 6);
        },
      ),
    );
  });

  it('gives a window that ends in the middle of the newest second everything that came in it', () => {
    const series = createCounterSeries(true);
    for (let i = 0; i < 42; i++) series.add(T0 + i / 4, T0 + (i + 1) / 4, 1);
    expect(series.sum(T0, T0 + 10.5)).toBeCloseTo(42, 9);
    expect(series.total).toBe(42);
  });

  it('keeps the last hour by ten seconds, and reads nothing stale', () => {
    const series = createCounterSeries(true);
    for (let second = 0; second < 7_200; second++) series.add(T0 + second, T0 + second + 1, 2);
    expect(series.sum(T0 + 7_100, T0 + 7_200)).toBeCloseTo(200, 6);
    expect(series.sum(T0 + 4_000, T0 + 4_100)).toBeCloseTo(200, 6);
    expect(series.sum(T0 + 3_650, T0 + 7_200)).toBeCloseTo(7_100, 6);
    expect(series.sum(T0, T0 + 100)).toBeNaN();
  });

  it('tells a restart’s first report for the account of a node', () => {
    const series = createCounterSeries(true);
    series.add(T0, T0 + 1, 5);
    series.restart();
    series.add(T0 + 1, T0 + 2, 7);
    expect([series.total, series.firstAt, series.firstAmount]).toEqual([7, T0 + 2, 7]);
  });
});

describe('gauge series', () => {
  it('knows last, mean and greatest against a plain list', () => {
    const sample = fc.record({ at: fc.nat(280), value: fc.integer({ min: 0, max: 1_000 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(sample, { minLength: 1, maxLength: 60, selector: (s) => s.at }),
        (samples) => {
          const sorted = [...samples].sort((a, b) => a.at - b.at);
          const series = createGaugeSeries(true);
          for (const { at, value } of sorted) series.add(T0 + at, value);
          const until = 150;
          const seen = sorted.filter(({ at }) => at <= until);
          const last = seen.at(-1)?.value ?? Number.NaN;
          expect(series.last(T0 + until, 1_000)).toEqual(last);
          const newest = sorted.at(-1)?.at ?? 0;
          if (newest < 280) {
            const mean = seen.reduce((sum, { value }) => sum + value, 0) / seen.length;
            if (seen.length > 0) expect(series.mean(T0 - 1, T0 + until)).toBeCloseTo(mean, 3);
            const most = seen.length > 0 ? Math.max(...seen.map(({ value }) => value)) : Number.NaN;
            expect(series.max(T0 - 1, T0 + until)).toEqual(most);
          }
        },
      ),
    );
  });

  it('does not let a late point replace a newer one', () => {
    const series = createGaugeSeries(true);
    series.add(T0 + 0.75, 9);
    series.add(T0 + 0.25, 1);
    expect(series.last(T0 + 1, 10)).toBe(9);
  });
});

describe('histogram series', () => {
  it('has the quantiles of the values of a window, within 0.3 %', () => {
    const value = fc.record({
      second: fc.nat(120),
      value: fc.double({ min: 1e-5, max: 50, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 80 }), fc.nat(60), (values, low) => {
        const series = createHistogramSeries(true);
        for (const one of values) series.add(T0 + one.second + 0.5, histogramOf([one.value]));
        const inside = values
          .filter((one) => one.second >= low && one.second < low + 60)
          .map((one) => one.value)
          .sort((a, b) => a - b);
        const window = new WindowHistogram();
        const found = series.sumInto(T0 + low, T0 + low + 60, window);
        expect(found).toBe(inside.length > 0);
        for (const q of [0.5, 0.95, 0.99, 1]) {
          if (inside.length === 0) continue;
          const exact = inside[Math.max(0, Math.ceil(q * inside.length) - 1)] as number;
          expect(Math.abs(window.quantile(q) / exact - 1)).toBeLessThan(0.003);
        }
        expect(window.count).toBe(inside.length);
      }),
    );
  });

  it('gives the stretch that the beginning cuts, since it ends inside', () => {
    const series = createHistogramSeries(true);
    for (let second = 0; second < 10; second++) series.add(T0 + second + 0.5, histogramOf([0.01]));
    const ends = series.stretches(T0 + 3.4, T0 + 6).map(({ at }) => at - T0);
    expect(ends).toEqual([4, 5, 6]);
  });

  it('keeps the kept quantiles of an hour ago', () => {
    const series = createHistogramSeries(true);
    for (let second = 0; second < 3_500; second++) {
      series.add(T0 + second + 0.5, histogramOf([0.01, 0.02, 0.03, 0.04, second < 100 ? 5 : 0.05]));
    }
    const window = new WindowHistogram();
    expect(series.sumInto(T0, T0 + 100, window)).toBe(true);
    expect(window.count).toBe(500);
    expect(window.quantile(0.5)).toBeCloseTo(0.03, 3);
    expect(window.quantile(0.99)).toBeCloseTo(5, 1);
    expect(series.bytes).toBeLessThan(70_000);
  });
});

describe('series store', () => {
  const start = () => {
    const clock = createVirtualClock(nanosOf(T0));
    return { clock, store: createSeriesStore({ budgetBytes: 64 * 2 ** 20, clock }) };
  };
  const items = (from: number, to: number, delta: number, node = 'a', signal = 'logs'): Fact => ({
    kind: 'counter',
    entity: { kind: 'node', node },
    measure: 'items_in',
    attributes: { signal },
    startNano: nanosOf(T0 + from),
    timeNano: nanosOf(T0 + to),
    delta,
  });

  it('tells a rate over the time that was told, adds up what splits it, and nothing where nothing was', () => {
    const { clock, store } = start();
    clock.advance(5_000);
    store.add('e', [items(0, 2, 10), items(0, 2, 6, 'a', 'traces'), items(2, 4, 10)]);
    const reader = store.reader('e');
    if (!reader) throw new Error('no reader');
    const entity = { kind: 'node', node: 'a' } as const;
    const span = windowEnding(reader, T0 + 5, 10);
    expect(span.to).toBe(T0 + 4);
    expect(rateOf(reader, entity, 'items_in', span)).toBeCloseTo(26 / 4, 6);
    expect(amountOf(reader, { kind: 'node', node: 'b' }, 'items_in', span)).toBe(0);
    expect(amountOf(reader, entity, 'items_out', span)).toBeNull();
    expect(rateOf(reader, entity, 'items_in', { from: T0 - 20, to: T0 - 10 })).toBeNull();
    expect(gaugeAt(reader, entity, 'in_flight', T0 + 5)).toBeNull();
    expect(store.reader('nobody')).toBeNull();
  });

  it('takes a report of anything as covering all counters, and timing only where it is told or nothing moved', () => {
    const { clock, store } = start();
    clock.advance(60_000);
    const of = (measure: 'busy' | 'spans', from: number): Fact =>
      ({ ...items(from, from + 1, 1), measure }) as Fact;
    // A batch in one second of four; the others tell of spans alone.
    for (let second = 0; second < 8; second++) {
      store.add(
        'e',
        second % 4 === 0 ? [items(second, second + 1, 8), of('busy', second)] : [of('spans', second)],
      );
    }
    for (let second = 8; second < 12; second++)
      store.add('e', [items(second, second + 1, 8), of('spans', second)]);
    const reader = store.reader('e');
    if (!reader) throw new Error('no reader');
    const entity = { kind: 'node', node: 'a' } as const;
    expect(rateOf(reader, entity, 'items_in', { from: T0, to: T0 + 8 })).toBeCloseTo(2, 6);
    expect(rateOf(reader, entity, 'busy', { from: T0, to: T0 + 8 })).toBeCloseTo(0.25, 6);
    expect(rateOf(reader, entity, 'busy', { from: T0 + 8, to: T0 + 12 })).toBeNull();
  });

  it('counts points as held, then as evicted after their hour, and refuses those out of range', () => {
    const { clock, store } = start();
    clock.advance(2_000);
    expect(store.add('e', [items(0, 1, 1), { ...items(0, 1, 1), derived: true } as Fact]).stored).toBe(1);
    expect(store.add('e', [items(9_000, 9_001, 1)]).outOfRange).toBe(1);
    expect(store.stats()).toMatchObject({ points: 1, evictedPoints: 0 });
    clock.advance(3_700_000);
    expect(store.stats()).toMatchObject({ points: 0, evictedPoints: 1 });
    expect(store.add('e', [items(0, 1, 1)]).outOfRange).toBe(1);
  });

  it('stays within its budget and says what found no room', () => {
    const clock = createVirtualClock(nanosOf(T0));
    const store = createSeriesStore({ budgetBytes: 200_000, clock });
    clock.advance(2_000);
    const counts = store.add(
      'e',
      Array.from({ length: 500 }, (_, i) => items(0, 1, 1, `n${i}`)),
    );
    expect(counts.stored + counts.overflow).toBe(500);
    expect(counts.overflow).toBeGreaterThan(400);
    expect(store.stats().bytes).toBeLessThan(220_000);
    expect(store.stats().overflowPoints).toBe(counts.overflow);
  });

  it('starts a new incarnation’s totals from zero and forgets an engine whole', () => {
    const { clock, store } = start();
    clock.advance(2_000);
    store.add('e', [items(0, 1, 5)]);
    store.restart('e');
    store.add('e', [items(1, 2, 3)]);
    const series = store.reader('e')?.series({ kind: 'node', node: 'a' }, 'items_in')[0]?.data;
    expect(series?.kind === 'counter' && series.total).toBe(3);
    store.forget('e');
    expect(store.reader('e')).toBeNull();
    expect(store.stats().series).toBe(0);
  });
});
