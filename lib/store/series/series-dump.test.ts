import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochNanos } from '@/lib/base/time';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import type { Entity, Fact } from '@/lib/model/facts';
import { amountOf, gaugeAt, gaugeMean, histogramOf, rateOf, totalOf } from './query';
import { COARSE_SECONDS, nanosOf } from './resolution';
import { createSeriesStore, type SeriesReader, type SeriesStore } from './series-store';

const NOW = 1_800_000_000;
const NODE: Entity = { kind: 'node', node: 'n' };
const none = {};

function storeAt(seconds: number): SeriesStore {
  return createSeriesStore({
    budgetBytes: 64 << 20,
    clock: createVirtualClock(epochNanos(nanosOf(seconds))),
  });
}

/** Reports each `interval` seconds, up to now: one of each kind. */
function facts(values: readonly number[], interval: number): Fact[] {
  return values.flatMap((value, i): Fact[] => {
    const to = NOW - (values.length - i) * interval;
    const figure = { entity: NODE, attributes: none, timeNano: nanosOf(to) };
    const startNano = nanosOf(to - interval);
    const histogram = {
      scale: 7,
      count: 3,
      sum: value * 3,
      min: value,
      max: value,
      zeroCount: 0,
      offset: (i % 40) - 20,
      buckets: [1, 0, 2],
    };
    return [
      { kind: 'counter', ...figure, measure: 'sent', startNano, delta: value },
      { kind: 'gauge', ...figure, measure: 'depth', value },
      { kind: 'duration', ...figure, measure: 'duration', startNano, histogram },
    ];
  });
}

function readerOf(store: SeriesStore): SeriesReader {
  const reader = store.reader('e');
  if (!reader) throw new Error('nothing is there');
  return reader;
}

/** Everything that a page may ask of a window that ends so long before the last report. */
function figures(reader: SeriesReader, end: number, back: number, length: number) {
  const span = { from: end - back - length, to: end - back };
  const window = histogramOf(reader, NODE, 'duration', span);
  return {
    amount: amountOf(reader, NODE, 'sent', span),
    rate: rateOf(reader, NODE, 'sent', span),
    total: totalOf(reader, NODE, 'sent'),
    mean: gaugeMean(reader, NODE, 'depth', span),
    last: gaugeAt(reader, NODE, 'depth', span.to),
    histogram: window && [window.count, window.sum, window.max, window.quantile(0.5), window.quantile(0.99)],
    latest: reader.latest - end,
    tells: [reader.tells('sent'), reader.tells('capacity')],
    source: reader.source,
  };
}

function alike(a: unknown, b: unknown): void {
  const rounded = (value: unknown) =>
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'number' ? Number(inner.toPrecision(4)) : inner,
    );
  expect(rounded(b)).toBe(rounded(a));
}

describe('a dump of series', () => {
  it('reads, put back in another place and later, as it did before, seconds and decades alike', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 30, maxLength: 700 }),
        fc.constantFrom(0.25, 1, 2),
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 240 }), fc.integer({ min: 1, max: 60 })), {
          minLength: 5,
        }),
        fc.array(fc.tuple(fc.integer({ min: 31, max: 40 }), fc.integer({ min: 1, max: 10 })), {
          minLength: 2,
        }),
        (values, interval, decades, fineWindows, coarseWindows) => {
          const source = storeAt(NOW);
          for (const fact of facts(values, interval)) source.add('e', [fact]);
          const shift = decades * COARSE_SECONDS;
          const dump = source.dump('e', NOW - 5_000, NOW - 3_600, NOW);
          if (!dump) throw new Error('no dump');
          const told = JSON.parse(JSON.stringify({ head: dump.head, series: [...dump.series] }));
          const target = storeAt(NOW + shift);
          expect(target.restore('e', NOW - 5_000 + shift, told.head, told.series)).toEqual({
            restored: 3,
            refused: 0,
          });
          const [before, after] = [readerOf(source), readerOf(target)];
          const windows = [
            ...fineWindows,
            ...coarseWindows.map(([back, length]) => [back * 10, length * 10] as const),
          ];
          for (const [back, length] of windows)
            alike(figures(before, NOW, back, length), figures(after, NOW + shift, back, length));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('does not touch what is there', () => {
    const store = storeAt(NOW);
    store.add('e', facts([5, 6], 1));
    const dump = store.dump('e', 0, NOW - 100, NOW);
    const series = [...(dump?.series ?? [])];
    expect(store.restore('e', 0, null, series)).toEqual({ restored: 0, refused: series.length });
    expect(amountOf(readerOf(store), NODE, 'sent', { from: NOW - 100, to: NOW })).toBe(11);
    expect(store.dump('other', 0, 0, NOW)).toBeNull();
  });
});
