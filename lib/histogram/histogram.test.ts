import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketIndex, bucketLowerBound } from './buckets';
import { HistogramCell } from './cell';
import { packHistogram, unpackHistogram } from './compact';
import { COUNT_RANGE, PackedHistogram, SECONDS_RANGE } from './histogram-set';
import {
  downscale,
  fromExplicit,
  histogramOf,
  histogramQuantile,
  mergeHistograms,
  upscale,
} from './operations';
import type { ExponentialHistogram } from './types';

const positive = fc.double({ min: 1e-6, max: 1e3, noNaN: true });
const samples = fc.array(positive, { minLength: 1, maxLength: 60 });

function counts(histogram: ExponentialHistogram): Map<number, number> {
  const map = new Map<number, number>();
  for (let i = 0; i < histogram.buckets.length; i++) {
    const count = histogram.buckets[i] ?? 0;
    if (count > 0) map.set(histogram.offset + i, count);
  }
  return map;
}

describe('buckets of scale 7', () => {
  it('hold every value between their bounds, the upper one included', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (value) => {
        const index = bucketIndex(value);
        expect(bucketLowerBound(index)).toBeLessThan(value);
        expect(bucketLowerBound(index + 1)).toBeGreaterThanOrEqual(value);
      }),
      { numRuns: 5_000 },
    );
  });

  it('put every boundary into the bucket that it closes', () => {
    for (let index = -700; index < 700; index++) {
      expect(bucketIndex(bucketLowerBound(index + 1))).toBe(index);
    }
  });

  it('agree with the logarithm of the specification away from the boundaries', () => {
    fc.assert(
      fc.property(positive, (value) => {
        const exact = Math.log2(value) * 128;
        if (Math.abs(exact - Math.round(exact)) < 1e-6) return;
        expect(bucketIndex(value)).toBe(Math.ceil(exact) - 1);
      }),
    );
  });
});

describe('quantiles', () => {
  it('are within 0.272 % of the sorted samples', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const sorted = Float64Array.from(values).sort();
        const rank = Math.min(sorted.length, Math.max(1, Math.ceil(q * sorted.length)));
        const exact = sorted[rank - 1] ?? Number.NaN;
        expect(Math.abs(histogramQuantile(histogramOf(values), q) - exact) / exact).toBeLessThan(0.00272);
      }),
    );
  });

  it('of nothing are not a number', () => {
    expect(histogramQuantile(histogramOf([]), 0.5)).toBeNaN();
  });
});

describe('merging', () => {
  it('equals the histogram of all samples together', () => {
    fc.assert(
      fc.property(samples, samples, (left, right) => {
        const merged = mergeHistograms(histogramOf(left), histogramOf(right));
        const whole = histogramOf([...left, ...right]);
        expect(counts(merged)).toEqual(counts(whole));
        expect(merged.count).toBe(whole.count);
        expect([merged.min, merged.max]).toEqual([whole.min, whole.max]);
      }),
    );
  });

  it('of two scales takes the coarser one and loses nothing', () => {
    fc.assert(
      fc.property(samples, samples, fc.integer({ min: -2, max: 6 }), (left, right, scale) => {
        const merged = mergeHistograms(histogramOf(left), downscale(histogramOf(right), scale));
        expect(counts(merged)).toEqual(counts(downscale(histogramOf([...left, ...right]), scale)));
      }),
    );
  });
});

describe('change of scale', () => {
  it('up and down again gives what was there', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: -2, max: 6 }), (values, scale) => {
        const coarse = downscale(histogramOf(values), scale);
        expect(counts(downscale(upscale(coarse), scale))).toEqual(counts(coarse));
      }),
    );
  });
});

describe('explicit buckets', () => {
  it('keep their counts on either side of every bound', () => {
    const bounds = [0.005, 0.01, 0.1, 1, 10];
    // A value above a bound but in the bound's own bucket cannot be told from the bound at this scale.
    const tellable = (value: number) =>
      bounds.every((bound) => value <= bound || bucketIndex(value) > bucketIndex(bound));
    const values = fc.double({ min: 0.001, max: 50, noNaN: true }).filter(tellable);
    fc.assert(
      fc.property(fc.array(values, { minLength: 1 }), (values) => {
        const perBucket = new Array<number>(bounds.length + 1).fill(0);
        for (const value of values) {
          const bucket = bounds.findIndex((bound) => value <= bound);
          const at = bucket < 0 ? bounds.length : bucket;
          perBucket[at] = (perBucket[at] ?? 0) + 1;
        }
        const converted = fromExplicit({
          count: values.length,
          sum: 0,
          min: Math.min(...values),
          max: Math.max(...values),
          bounds,
          counts: perBucket,
        });
        for (const [i, bound] of bounds.entries()) {
          const below = perBucket.slice(0, i + 1).reduce((sum, count) => sum + count, 0);
          let found = converted.zeroCount;
          for (const [index, count] of counts(converted)) if (index <= bucketIndex(bound)) found += count;
          expect(found).toBe(below);
        }
      }),
    );
  });
});

describe('the recorder’s cell', () => {
  it('takes what the immutable form says, and is empty afterwards', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-8, max: 1e5, noNaN: true })), (values) => {
        const cell = new HistogramCell(SECONDS_RANGE);
        for (const value of values) cell.record(value);
        const taken = cell.take();
        expect(counts(taken)).toEqual(counts(histogramOf(values)));
        expect(taken.count).toBe(values.length);
        expect(cell.take().count).toBe(0);
        expect(counts(cell.take()).size).toBe(0);
      }),
    );
  });

  it('counts zero and less as zero, and one item as the bucket that ends at one', () => {
    const cell = new HistogramCell(COUNT_RANGE);
    for (const value of [0, 1, 1, 3]) cell.record(value);
    const taken = cell.take();
    expect(taken.zeroCount).toBe(1);
    expect(counts(taken)).toEqual(
      new Map([
        [-1, 2],
        [bucketIndex(3), 1],
      ]),
    );
  });
});

describe('the compact form', () => {
  it('reads back as it was', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const histogram = histogramOf(values);
        const compact = packHistogram(histogram);
        expect(unpackHistogram(compact)).toEqual({
          ...histogram,
          buckets: Float64Array.from(histogram.buckets),
        });
      }),
    );
  });
});

describe('a cell packed for the wire', () => {
  it('holds what it would have given as an object, and is empty afterwards', () => {
    const varints = (bytes: Uint8Array) => {
      const values: number[] = [];
      let value = 0;
      let unit = 1;
      for (const byte of bytes) {
        value += (byte & 0x7f) * unit;
        unit *= 0x80;
        if (byte >= 0x80) continue;
        values.push(value);
        value = 0;
        unit = 1;
      }
      return values;
    };
    const packed = new PackedHistogram();
    const repeated = fc.array(fc.tuple(fc.double({ min: -1, max: 1e3, noNaN: true }), fc.nat(300)), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(repeated, (plan) => {
        const one = new HistogramCell(SECONDS_RANGE);
        const other = new HistogramCell(SECONDS_RANGE);
        for (const [value, times] of plan) {
          for (let i = 0; i < times; i++) {
            one.record(value);
            other.record(value);
          }
        }
        const taken = one.take();
        other.packInto(packed);
        expect(other.empty).toBe(true);
        expect(varints(packed.bytes.subarray(0, packed.length))).toEqual(Array.from(taken.buckets));
        expect([packed.count, packed.zeroCount, packed.offset]).toEqual([
          taken.count,
          taken.zeroCount,
          taken.offset,
        ]);
        if (taken.count > 0) expect([...packed.stats]).toEqual([taken.sum, taken.min, taken.max]);
      }),
    );
  });
});
