import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramOf, mergeHistograms } from '@/lib/histogram/operations';
import type { ExponentialHistogram } from '@/lib/histogram/types';
import { createPointTracker, REMEMBERED } from './point-tracker';

describe('point tracker', () => {
  it('lets a point pass once and recognises its repetition, in order or not', () => {
    const tracker = createPointTracker();
    expect(tracker.admit('a', 0n, 10n)).toBe('new');
    expect(tracker.admit('a', 10n, 20n)).toBe('new');
    expect(tracker.admit('a', 0n, 10n)).toBe('duplicate');
    expect(tracker.admit('a', 5n, 10n)).toBe('new');
    expect(tracker.admit('b', 0n, 10n)).toBe('new');
  });

  it('calls a point late that is older than everything a full memory holds', () => {
    const tracker = createPointTracker();
    for (let i = 1; i <= REMEMBERED; i++) tracker.admit('a', 0n, BigInt(i * 10));
    expect(tracker.admit('a', 0n, 5n)).toBe('late');
    expect(tracker.admit('a', 0n, 15n)).toBe('new');
  });

  it('forgets the series not heard of for longest, and counts it', () => {
    const tracker = createPointTracker(2);
    for (const key of ['a', 'b', 'c']) tracker.admit(key, 0n, 1n);
    expect(tracker.series).toBe(2);
    expect(tracker.forgotten).toBe(1);
  });

  it('differences a cumulative sum to exactly what was counted, over restarts, losses and repetitions', () => {
    const step = fc.record({
      add: fc.nat(50),
      restart: fc.boolean(),
      lost: fc.boolean(),
      twice: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const tracker = createPointTracker();
        let time = 1_000n;
        let start = 1n;
        let value = 0;
        let heard = 0;
        // What a lossless reader could know: everything until the last report of each incarnation that arrived.
        let known = 0;
        let knownOfThis = 0;
        for (const { add, restart, lost, twice } of steps) {
          if (restart) {
            time += 5n;
            start = time;
            value = 0;
            knownOfThis = 0;
          }
          time += 10n;
          value += add;
          if (lost) continue;
          for (let i = 0; i < (twice ? 2 : 1); i++) {
            if (tracker.admit('s', start, time) !== 'new') continue;
            const grown = tracker.grown('s', start, time, value);
            expect(grown?.delta ?? 0).toBeGreaterThanOrEqual(0);
            expect(grown ? grown.startNano < time : true).toBe(true);
            heard += grown?.delta ?? 0;
          }
          known += value - knownOfThis;
          knownOfThis = value;
        }
        expect(heard).toBe(known);
      }),
    );
  });

  it('says nothing of a first sum whose start is not told, and differences from there', () => {
    const tracker = createPointTracker();
    expect(tracker.grown('s', 0n, 100n, 70)).toBeNull();
    expect(tracker.grown('s', 0n, 200n, 75)).toEqual({ startNano: 100n, delta: 5 });
    expect(tracker.grown('s', 0n, 300n, 3)).toEqual({ startNano: 200n, delta: 3 });
    expect(tracker.grown('s', 0n, 250n, 90)).toBeNull();
  });

  it('differences cumulative histograms bucket by bucket', () => {
    const values = fc.array(fc.double({ min: 1e-6, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, values, (first, second) => {
        const tracker = createPointTracker();
        const before = histogramOf(first);
        const after = mergeHistograms(before, histogramOf(second));
        tracker.grownHistogram('h', 1n, 10n, before);
        const delta = tracker.grownHistogram('h', 1n, 20n, after)?.delta;
        expect(delta?.count).toBe(second.length);
        expect(held(delta)).toEqual(held(histogramOf(second)));
      }),
    );
  });
});

/** Index and count of every bucket that holds something. */
function held(histogram: ExponentialHistogram | undefined): [number, number][] {
  const { offset = 0, buckets = [] } = histogram ?? {};
  return Array.from(buckets, (count, i): [number, number] => [offset + i, count]).filter(([, n]) => n > 0);
}
