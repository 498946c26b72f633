/** One stretch of a histogram series: only buckets that hold something, sorted by index. About 6 B a bucket. */
import type { ExponentialHistogram } from '@/lib/histogram/types';
import type { WindowHistogram } from './window-histogram';

export interface SparseHistogram {
  bin: number;
  indices: Int16Array;
  counts: Float32Array;
  length: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  zero: number;
}

const INT16_MAX = 32_767;
/** What the objects and figures of one stretch cost beside its buckets, measured. */
const SPARSE_OBJECTS = 450;

export function createSparse(bin: number): SparseHistogram {
  return {
    bin,
    indices: new Int16Array(0),
    counts: new Float32Array(0),
    length: 0,
    count: 0,
    sum: 0,
    min: Number.NaN,
    max: Number.NaN,
    zero: 0,
  };
}

/** Adds `histogram` in place; returns by how many bytes it grew. */
export function mergeSparse(target: SparseHistogram, histogram: ExponentialHistogram): number {
  target.count += histogram.count;
  target.sum += histogram.sum;
  target.zero += histogram.zeroCount;
  if (!(target.min <= histogram.min) && !Number.isNaN(histogram.min)) target.min = histogram.min;
  if (!(target.max >= histogram.max) && !Number.isNaN(histogram.max)) target.max = histogram.max;
  const fresh = missing(target, histogram);
  if (fresh > 0) widen(target, histogram, fresh);
  else addInPlace(target, histogram);
  return fresh * 6;
}

export function sumSparse(source: SparseHistogram, into: WindowHistogram): void {
  into.addTotals(source.count, source.sum, source.min, source.max, source.zero);
  for (let i = 0; i < source.length; i++) {
    into.addBucket(source.indices[i] as number, source.counts[i] as number);
  }
}

/** The same with its empty buckets between. */
export function denseOf(source: SparseHistogram): ExponentialHistogram {
  const offset = source.length === 0 ? 0 : (source.indices[0] as number);
  const length = source.length === 0 ? 0 : (source.indices[source.length - 1] as number) - offset + 1;
  const buckets = new Float64Array(length);
  for (let i = 0; i < source.length; i++)
    buckets[(source.indices[i] as number) - offset] = source.counts[i] as number;
  const { count, sum, min, max, zero } = source;
  return { scale: 7, count, sum, min, max, zeroCount: zero, offset, buckets };
}

export function sparseBytes(source: SparseHistogram): number {
  return SPARSE_OBJECTS + source.indices.byteLength + source.counts.byteLength;
}

/** Buckets of `histogram` that `target` does not have yet: both are sorted, so one walk over both. */
function missing(target: SparseHistogram, histogram: ExponentialHistogram): number {
  let fresh = 0;
  let at = 0;
  for (let i = 0; i < histogram.buckets.length; i++) {
    if (!((histogram.buckets[i] as number) > 0)) continue;
    const index = clampIndex(histogram.offset + i);
    while (at < target.length && (target.indices[at] as number) < index) at++;
    if (at >= target.length || target.indices[at] !== index) fresh++;
  }
  return fresh;
}

function addInPlace(target: SparseHistogram, histogram: ExponentialHistogram): void {
  let at = 0;
  for (let i = 0; i < histogram.buckets.length; i++) {
    const count = histogram.buckets[i] as number;
    if (!(count > 0)) continue;
    const index = clampIndex(histogram.offset + i);
    while ((target.indices[at] as number) < index) at++;
    target.counts[at] = (target.counts[at] as number) + count;
  }
}

function widen(target: SparseHistogram, histogram: ExponentialHistogram, fresh: number): void {
  const indices = new Int16Array(target.length + fresh);
  const counts = new Float32Array(target.length + fresh);
  let length = 0;
  let old = 0;
  const put = (index: number, count: number) => {
    if (length > 0 && indices[length - 1] === index) {
      counts[length - 1] = (counts[length - 1] as number) + count;
      return;
    }
    indices[length] = index;
    counts[length] = count;
    length++;
  };
  for (let i = 0; i < histogram.buckets.length; i++) {
    const count = histogram.buckets[i] as number;
    if (!(count > 0)) continue;
    const index = clampIndex(histogram.offset + i);
    while (old < target.length && (target.indices[old] as number) <= index) {
      put(target.indices[old] as number, target.counts[old] as number);
      old++;
    }
    put(index, count);
  }
  for (; old < target.length; old++) put(target.indices[old] as number, target.counts[old] as number);
  target.indices = indices;
  target.counts = counts;
  target.length = length;
}

function clampIndex(index: number): number {
  return Math.max(-INT16_MAX, Math.min(INT16_MAX, index));
}
