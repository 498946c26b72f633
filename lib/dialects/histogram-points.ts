/**
 * Any histogram of OTLP as an exponential one of scale 7. Finer scales merge exactly. Coarser ones and explicit
 * bounds cannot be made finer: a bucket's count goes to its geometric middle, so a quantile is as exact as the
 * source was. A histogram without buckets keeps count, sum, min and max and has no quantiles (`buckets` is empty
 * while `count` is not).
 */
import type { ExponentialHistogram } from '@/lib/histogram/types';
import type { ExponentialPoint, HistogramPoint } from '@/lib/otlp/types';
import { HISTOGRAM_SCALE } from '@/lib/semconv/metrics';

/** Widest spread of indices kept: 20 octaves either side of the densest is more than any clock resolves. */
const MAX_SPAN = 128 * 64;

/** `perUnit` brings the source's unit to seconds (or items); all bounds and sums are multiplied by it. */
export function fromExponentialPoint(point: ExponentialPoint, perUnit: number): ExponentialHistogram {
  const counts = new Map<number, number>();
  const { positive } = point;
  if (positive) {
    const shift = Math.log2(perUnit) * 2 ** HISTOGRAM_SCALE;
    for (let i = 0; i < positive.bucketCounts.length; i++) {
      const count = Number(positive.bucketCounts[i] ?? 0n);
      if (count === 0) continue;
      const index = rescale(positive.offset + i, point.scale) + (perUnit === 1 ? 0 : Math.round(shift));
      counts.set(index, (counts.get(index) ?? 0) + count);
    }
  }
  return {
    ...dense(counts),
    scale: HISTOGRAM_SCALE,
    count: Number(point.count),
    sum: (point.sum ?? Number.NaN) * perUnit,
    min: (point.min ?? Number.NaN) * perUnit,
    max: (point.max ?? Number.NaN) * perUnit,
    zeroCount: Number(point.zeroCount),
  };
}

export function fromExplicitPoint(point: HistogramPoint, perUnit: number): ExponentialHistogram {
  const counts = new Map<number, number>();
  let zeroCount = 0;
  for (let i = 0; i < point.bucketCounts.length; i++) {
    const count = Number(point.bucketCounts[i] ?? 0n);
    if (count === 0 || point.explicitBounds.length === 0) continue;
    const value = middle(point, i) * perUnit;
    if (value <= 0) {
      zeroCount += count;
      continue;
    }
    const index = indexOf(value);
    counts.set(index, (counts.get(index) ?? 0) + count);
  }
  return {
    ...dense(counts),
    scale: HISTOGRAM_SCALE,
    count: Number(point.count),
    sum: (point.sum ?? Number.NaN) * perUnit,
    min: (point.min ?? Number.NaN) * perUnit,
    max: (point.max ?? Number.NaN) * perUnit,
    zeroCount,
  };
}

/** What came on top of `before` in a cumulative histogram; minimum and maximum of the stretch are not known. */
export function subtractHistogram(
  now: ExponentialHistogram,
  before: ExponentialHistogram,
): ExponentialHistogram {
  const counts = new Map<number, number>();
  for (let i = 0; i < now.buckets.length; i++) {
    const index = now.offset + i;
    const delta = (now.buckets[i] ?? 0) - (before.buckets[index - before.offset] ?? 0);
    if (delta > 0) counts.set(index, delta);
  }
  return {
    ...dense(counts),
    scale: now.scale,
    count: now.count - before.count,
    sum: now.sum - before.sum,
    min: Number.NaN,
    max: Number.NaN,
    zeroCount: Math.max(0, now.zeroCount - before.zeroCount),
  };
}

/** Bucket i of scale s lies in bucket i >> (s − 7) of scale 7; a coarser one is put at the middle of its span. */
function rescale(index: number, scale: number): number {
  const shift = scale - HISTOGRAM_SCALE;
  if (shift >= 0) return shift > 31 ? (index < 0 ? -1 : 0) : index >> shift;
  const factor = 2 ** -shift;
  return index * factor + factor / 2;
}

function indexOf(value: number): number {
  return Math.ceil(Math.log2(value) * 2 ** HISTOGRAM_SCALE) - 1;
}

function middle(point: HistogramPoint, bucket: number): number {
  const bounds = point.explicitBounds;
  const low = bucket === 0 ? (point.min ?? 0) : (bounds[bucket - 1] as number);
  const high = bucket < bounds.length ? (bounds[bucket] as number) : (point.max ?? low * 2);
  if (low > 0 && high > 0) return Math.sqrt(low * high);
  return (low + high) / 2;
}

function dense(counts: ReadonlyMap<number, number>): { offset: number; buckets: Float64Array } {
  if (counts.size === 0) return { offset: 0, buckets: new Float64Array(0) };
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const index of counts.keys()) {
    low = Math.min(low, index);
    high = Math.max(high, index);
  }
  // A hostile spread is folded into the lowest bucket kept rather than allocated.
  low = Math.max(low, high - MAX_SPAN);
  const buckets = new Float64Array(high - low + 1);
  for (const [index, count] of counts) {
    const at = Math.max(0, index - low);
    buckets[at] = (buckets[at] ?? 0) + count;
  }
  return { offset: low, buckets };
}
