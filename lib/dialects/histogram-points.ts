/**
 * Any histogram of OTLP as an exponential one of scale 7, in seconds or items. A histogram without buckets keeps
 * count, sum, min and max and has no quantiles (`buckets` is empty while `count` is not).
 */
import { downscale, EMPTY_HISTOGRAM, fromExplicit, upscale } from '@/lib/histogram/operations';
import type { ExponentialHistogram } from '@/lib/histogram/types';
import type { BucketCounts, ExponentialPoint, HistogramPoint } from '@/lib/otlp/types';
import { HISTOGRAM_SCALE } from '@/lib/semconv/metrics';

/** Octaves of buckets kept of one point: beyond that a request could make one allocate without bound. */
const MAX_BUCKETS = 128 * 64;
/** A coarser scale becomes 2^(7 − s) buckets each; below this the source says nothing worth that room. */
const MIN_SCALE = -2;

/** `perUnit` brings the source's unit to ours: bounds and sums are multiplied by it. */
export function fromExponentialPoint(point: ExponentialPoint, perUnit: number): ExponentialHistogram {
  const totals = totalsOf(point, perUnit);
  const { positive, scale } = point;
  const counts = positive?.bucketCounts ?? [];
  // Buckets may be left out where every value was zero: that is known, and not untold.
  if (counts.length === 0 && Number(point.zeroCount) > 0) {
    return { ...totals, zeroCount: Number(point.zeroCount) };
  }
  if (!positive || counts.length === 0 || counts.length > MAX_BUCKETS || scale < MIN_SCALE) return totals;
  const own: ExponentialHistogram = {
    ...totals,
    zeroCount: Number(point.zeroCount),
    scale,
    offset: positive.offset,
    buckets: doublesOf(counts),
  };
  const even = scale > HISTOGRAM_SCALE ? downscale(own, HISTOGRAM_SCALE) : upscale(own, HISTOGRAM_SCALE);
  const shift = perUnit === 1 ? 0 : Math.round(Math.log2(perUnit) * 2 ** HISTOGRAM_SCALE);
  return { ...even, offset: even.offset + shift };
}

export function fromExplicitPoint(point: HistogramPoint, perUnit: number): ExponentialHistogram {
  const totals = totalsOf(point, perUnit);
  if (point.explicitBounds.length === 0 || point.explicitBounds.length > MAX_BUCKETS) return totals;
  return fromExplicit({
    ...totals,
    bounds: point.explicitBounds.map((bound) => bound * perUnit),
    counts: doublesOf(point.bucketCounts),
  });
}

function doublesOf(counts: BucketCounts): Float64Array {
  return counts instanceof Float64Array ? counts : Float64Array.from(counts, Number);
}

function totalsOf(point: ExponentialPoint | HistogramPoint, perUnit: number): ExponentialHistogram {
  return {
    ...EMPTY_HISTOGRAM,
    count: Number(point.count),
    sum: (point.sum ?? Number.NaN) * perUnit,
    min: (point.min ?? Number.NaN) * perUnit,
    max: (point.max ?? Number.NaN) * perUnit,
  };
}

/** What came on top of `before` in a cumulative histogram; minimum and maximum of the stretch are not known. */
export function subtractHistogram(
  now: ExponentialHistogram,
  before: ExponentialHistogram,
): ExponentialHistogram {
  const buckets = Float64Array.from({ length: now.buckets.length }, (_, i) => {
    const held = before.buckets[now.offset + i - before.offset] ?? 0;
    return Math.max(0, (now.buckets[i] ?? 0) - held);
  });
  return {
    ...now,
    buckets,
    count: now.count - before.count,
    sum: now.sum - before.sum,
    min: Number.NaN,
    max: Number.NaN,
    zeroCount: Math.max(0, now.zeroCount - before.zeroCount),
  };
}
