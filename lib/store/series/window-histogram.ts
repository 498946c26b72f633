/**
 * Adds up histograms of scale 7 over a window and across series, then answers quantiles. Beside exact buckets it
 * takes the few quantiles that are left of an old stretch: their mass is put at those values, so that a quantile
 * asked for is one of those kept.
 */
import { bucketIndex, bucketMidpoint } from '@/lib/histogram/buckets';
import type { ExponentialHistogram } from '@/lib/histogram/types';

/** What is kept of an old histogram: these quantiles, in this order. */
export const KEPT_QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1] as const;

const FIRST_LENGTH = 512;

export class WindowHistogram {
  count = 0;
  sum = 0;
  min = Number.NaN;
  max = Number.NaN;
  #zero = 0;
  /** Values in buckets; a source that tells only count and sum has none. */
  #bucketed = 0;
  /** Index of `#counts[0]`; the range grows to hold what comes, at most 64 Ki of Int16 indices. */
  #offset = 0;
  #counts = new Float64Array(0);

  get mean(): number {
    return this.count === 0 ? Number.NaN : this.sum / this.count;
  }

  addTotals(count: number, sum: number, min: number, max: number, zero: number): void {
    this.count += count;
    this.sum += sum;
    if (!(this.min <= min) && !Number.isNaN(min)) this.min = min;
    if (!(this.max >= max) && !Number.isNaN(max)) this.max = max;
    this.#zero += zero;
    this.#bucketed += zero;
  }

  addBucket(index: number, count: number): void {
    let at = index - this.#offset;
    if (at < 0 || at >= this.#counts.length) {
      this.#grow(index);
      at = index - this.#offset;
    }
    this.#counts[at] = (this.#counts[at] as number) + count;
    this.#bucketed += count;
  }

  addHistogram(histogram: ExponentialHistogram): void {
    this.addTotals(histogram.count, histogram.sum, histogram.min, histogram.max, histogram.zeroCount);
    for (let i = 0; i < histogram.buckets.length; i++) {
      const count = histogram.buckets[i] as number;
      if (count > 0) this.addBucket(histogram.offset + i, count);
    }
  }

  /** `values` as `KEPT_QUANTILES`; those that are NaN (no buckets in the source) add nothing. */
  addQuantiles(count: number, values: Float32Array, offset: number): void {
    let before = 0;
    for (const [i, quantile] of KEPT_QUANTILES.entries()) {
      const value = values[offset + i] as number;
      if (Number.isNaN(value)) continue;
      const mass = (quantile - before) * count;
      before = quantile;
      if (value > 0) this.addBucket(bucketIndex(value), mass);
      else {
        this.#zero += mass;
        this.#bucketed += mass;
      }
    }
  }

  /** The value at rank ⌈q·count⌉, within 0.27 %; NaN where it is not known. */
  quantile(q: number): number {
    const total = this.#bucketed;
    if (total <= 0) return Number.NaN;
    // The tolerance takes up the rounding of masses that were added as shares.
    const slack = 1e-9 * total;
    const rank = Math.min(total, Math.max(1, Math.ceil(q * total - slack))) - slack;
    let seen = this.#zero;
    if (seen >= rank) return 0;
    let last = 0;
    for (let at = 0; at < this.#counts.length; at++) {
      const count = this.#counts[at] as number;
      if (count === 0) continue;
      seen += count;
      last = at;
      if (seen >= rank) break;
    }
    return this.#clamp(bucketMidpoint(this.#offset + last));
  }

  /** Buckets with something in them, lowest first. */
  *buckets(): Generator<{ readonly index: number; readonly count: number }> {
    for (let at = 0; at < this.#counts.length; at++) {
      const count = this.#counts[at] as number;
      if (count > 0) yield { index: at + this.#offset, count };
    }
  }

  #grow(index: number): void {
    const held = this.#counts;
    const low = held.length === 0 ? index - FIRST_LENGTH / 2 : Math.min(this.#offset, index - FIRST_LENGTH);
    const high = Math.max(held.length === 0 ? low : this.#offset + held.length, index + FIRST_LENGTH / 2);
    const grown = new Float64Array(high - low);
    if (held.length > 0) grown.set(held, this.#offset - low);
    this.#offset = low;
    this.#counts = grown;
  }

  #clamp(value: number): number {
    if (value > this.max) return this.max;
    return value < this.min ? this.min : value;
  }
}
