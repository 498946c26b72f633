/** What readers do with histograms: add them up, ask for quantiles, bring them to one scale. All pure. */
import { HISTOGRAM_SCALE } from '@/lib/semconv/metrics';
import { bucketIndex, bucketLowerBound, bucketMidpoint } from './buckets';
import type { ExponentialHistogram } from './types';

export const EMPTY_HISTOGRAM: ExponentialHistogram = {
  scale: HISTOGRAM_SCALE,
  count: 0,
  sum: 0,
  min: Number.NaN,
  max: Number.NaN,
  zeroCount: 0,
  offset: 0,
  buckets: [],
};

/** A histogram of single values, for tests and for sources that send spans alone. */
export function histogramOf(values: Iterable<number>): ExponentialHistogram {
  const counts = new Map<number, number>();
  let count = 0;
  let sum = 0;
  let zeroCount = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    count++;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (value > 0) {
      const index = bucketIndex(value);
      counts.set(index, (counts.get(index) ?? 0) + 1);
    } else zeroCount++;
  }
  if (count === 0) return EMPTY_HISTOGRAM;
  return { scale: HISTOGRAM_SCALE, count, sum, min, max, zeroCount, ...denseBuckets(counts) };
}

function denseBuckets(counts: ReadonlyMap<number, number>): { offset: number; buckets: Float64Array } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const index of counts.keys()) {
    if (index < low) low = index;
    if (index > high) high = index;
  }
  if (counts.size === 0) return { offset: 0, buckets: new Float64Array(0) };
  const buckets = new Float64Array(high - low + 1);
  for (const [index, count] of counts) buckets[index - low] = (buckets[index - low] ?? 0) + count;
  return { offset: low, buckets };
}

/** Adds two up; the result has the coarser scale of both. */
export function mergeHistograms(a: ExponentialHistogram, b: ExponentialHistogram): ExponentialHistogram {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const scale = Math.min(a.scale, b.scale);
  const left = downscale(a, scale);
  const right = downscale(b, scale);
  const low =
    left.buckets.length === 0
      ? right.offset
      : right.buckets.length === 0
        ? left.offset
        : Math.min(left.offset, right.offset);
  const high = Math.max(
    left.buckets.length === 0 ? low : left.offset + left.buckets.length,
    right.buckets.length === 0 ? low : right.offset + right.buckets.length,
  );
  const buckets = new Float64Array(high - low);
  addInto(buckets, left, low);
  addInto(buckets, right, low);
  return {
    scale,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: smallerOf(a.min, b.min),
    max: largerOf(a.max, b.max),
    zeroCount: a.zeroCount + b.zeroCount,
    offset: low,
    buckets,
  };
}

function addInto(buckets: Float64Array, from: ExponentialHistogram, low: number): void {
  for (let i = 0; i < from.buckets.length; i++) {
    const at = from.offset + i - low;
    buckets[at] = (buckets[at] ?? 0) + (from.buckets[i] ?? 0);
  }
}

/** NaN says that the source does not tell, and what is known of the sum is no more than that. */
function smallerOf(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.min(a, b);
}

function largerOf(a: number, b: number): number {
  return Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : Math.max(a, b);
}

/** To a coarser scale: 2^d buckets fall into one. Exact. A finer `scale` leaves it as it is. */
export function downscale(histogram: ExponentialHistogram, scale: number): ExponentialHistogram {
  const factor = 2 ** (histogram.scale - scale);
  if (factor <= 1 || histogram.buckets.length === 0) {
    return factor < 1 ? histogram : { ...histogram, scale: Math.min(scale, histogram.scale) };
  }
  const low = Math.floor(histogram.offset / factor);
  const high = Math.floor((histogram.offset + histogram.buckets.length - 1) / factor);
  const buckets = new Float64Array(high - low + 1);
  for (let i = 0; i < histogram.buckets.length; i++) {
    const at = Math.floor((histogram.offset + i) / factor) - low;
    buckets[at] = (buckets[at] ?? 0) + (histogram.buckets[i] ?? 0);
  }
  return { ...histogram, scale, offset: low, buckets };
}

/**
 * To a finer scale: what a bucket holds is spread evenly (in the logarithm) over those that it becomes, in whole
 * numbers that add up. The resolution is that of the source; the form is that of the rest.
 */
export function upscale(histogram: ExponentialHistogram, scale = HISTOGRAM_SCALE): ExponentialHistogram {
  const factor = 2 ** (scale - histogram.scale);
  if (factor <= 1) return downscale(histogram, scale);
  const buckets = new Float64Array(histogram.buckets.length * factor);
  for (let i = 0; i < histogram.buckets.length; i++)
    spread(buckets, i * factor, factor, histogram.buckets[i] ?? 0);
  return { ...histogram, scale, offset: histogram.offset * factor, buckets };
}

/** Lays `count` into `width` places so that every prefix holds its share, rounded. */
function spread(into: Float64Array, from: number, width: number, count: number): void {
  let laid = 0;
  for (let k = 0; k < width && laid < count; k++) {
    const due = Math.round(((k + 1) * count) / width);
    into[from + k] = (into[from + k] ?? 0) + due - laid;
    laid = due;
  }
}

export interface ExplicitHistogram {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Upper bounds, inclusive, ascending; there is one count more than bounds. */
  readonly bounds: readonly number[];
  readonly counts: ArrayLike<number>;
}

/**
 * From a histogram of explicit buckets. Each bucket's count is spread evenly in the logarithm over the scale 7
 * buckets that it covers; an open end is closed by the minimum or maximum where known, else by its own bound.
 */
export function fromExplicit(source: ExplicitHistogram): ExponentialHistogram {
  const counts = new Map<number, number>();
  let zeroCount = 0;
  for (let i = 0; i < source.counts.length; i++) {
    const count = source.counts[i] ?? 0;
    if (count === 0) continue;
    let low = i === 0 ? source.min : (source.bounds[i - 1] ?? source.min);
    let high = source.bounds[i] ?? (source.max >= low ? source.max : low);
    if (source.min > low) low = Math.min(source.min, high);
    if (source.max < high) high = Math.max(source.max, low);
    if (!(high > 0)) {
      zeroCount += count;
      continue;
    }
    const last = bucketIndex(high);
    // A bucket from zero up has no lowest index: one octave stands for it.
    const first = low > 0 ? Math.min(last, bucketIndex(low) + (low < high ? 1 : 0)) : last - 127;
    const spreadOver = new Float64Array(last - first + 1);
    spread(spreadOver, 0, spreadOver.length, count);
    for (let k = 0; k < spreadOver.length; k++) {
      const share = spreadOver[k] ?? 0;
      if (share > 0) counts.set(first + k, (counts.get(first + k) ?? 0) + share);
    }
  }
  return {
    scale: HISTOGRAM_SCALE,
    count: source.count,
    sum: source.sum,
    min: source.min,
    max: source.max,
    zeroCount,
    ...denseBuckets(counts),
  };
}

/** The q-quantile (0..1), by rank ⌈q·count⌉; NaN of an empty one. Within `min` and `max` where they are known. */
export function histogramQuantile(histogram: ExponentialHistogram, q: number): number {
  if (histogram.count <= 0) return Number.NaN;
  const rank = Math.min(histogram.count, Math.max(1, Math.ceil(q * histogram.count)));
  let seen = histogram.zeroCount;
  if (seen >= rank) return 0;
  for (let i = 0; i < histogram.buckets.length; i++) {
    seen += histogram.buckets[i] ?? 0;
    if (seen < rank) continue;
    const value = bucketMidpoint(histogram.offset + i, histogram.scale);
    if (value < histogram.min) return histogram.min;
    return value > histogram.max ? histogram.max : value;
  }
  return Number.isNaN(histogram.max) ? upperEnd(histogram) : histogram.max;
}

function upperEnd(histogram: ExponentialHistogram): number {
  return bucketLowerBound(histogram.offset + histogram.buckets.length, histogram.scale);
}

export function histogramMean(histogram: ExponentialHistogram): number {
  return histogram.count > 0 ? histogram.sum / histogram.count : Number.NaN;
}
