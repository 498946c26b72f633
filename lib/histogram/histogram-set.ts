/**
 * Many histograms of one range and unit in common memory, made to be written from a hot path. A value and its series are
 * two stores into a short list; one loop then puts what waits into its buckets, with all tables at hand. Every bucket
 * that can occur is there once a series has its first value, so that no value allocates after it.
 *
 *   values  [ 812 104 97 …        series  [ 3 7 3 …        ─ settle ─▶  buckets [ …series 3… | …series 7… | …
 */
import { bucketIndexOfInput, bucketIndexOfWords, input, TABLES } from './buckets';
import { BUCKETS_PER_OCTAVE, MAX, MIN, NO_BUCKETS, SLACK, STATS, SUM, ZEROS } from './columns';
import type { ExponentialHistogram } from './types';

export interface HistogramRange {
  /** Values of 2^minExponent or less count as zero; values above 2^maxExponent fall into the last bucket. */
  readonly minExponent: number;
  readonly maxExponent: number;
}

/** Seconds, from a nanosecond (2^−30) to 1.5 days (2^17): 24 KiB a series. */
export const SECONDS_RANGE: HistogramRange = { minExponent: -30, maxExponent: 17 };
/** Counts from 1 to 2^31. The bucket that ends at 1 has index −1. */
export const COUNT_RANGE: HistogramRange = { minExponent: -1, maxExponent: 31 };

/**
 * What a histogram held, ready for the wire: its buckets as the varints of a packed field, in one buffer that is used
 * again and again. Counts are below 2^32, so that five bytes a bucket suffice.
 */
export class PackedHistogram {
  count = 0;
  zeroCount = 0;
  offset = 0;
  length = 0;
  /** Sum, minimum and maximum: doubles live in an array, where they are not boxed. */
  readonly stats = new Float64Array(3);
  readonly bytes = new Uint8Array(
    (SECONDS_RANGE.maxExponent - SECONDS_RANGE.minExponent) * BUCKETS_PER_OCTAVE * 5,
  );
}

export class HistogramSet {
  /** What waits to be counted: whoever has to be quick writes here, then looks whether `waiting` has come to `limit`. */
  readonly values: Float64Array;
  readonly series: Int32Array;
  waiting = 0;
  /** From here on `settle` is due; the lists hold SLACK more. */
  readonly limit: number;
  private readonly words: Uint32Array;
  /** First bucket of each series; NO_BUCKETS before its first value. */
  private readonly bases: Int32Array;
  private readonly stats: Float64Array;
  private buckets: Uint32Array;
  private used = 0;
  private readonly size: number;
  private readonly smallest: number;
  private readonly firstIndex: number;

  /** Values are recorded in the caller's unit and counted as `unit` times as much. */
  constructor(
    range: HistogramRange,
    private readonly unit: number,
    count: number,
    limit = 256,
  ) {
    this.limit = limit;
    this.values = new Float64Array(limit + SLACK);
    this.words = new Uint32Array(this.values.buffer);
    this.series = new Int32Array(limit + SLACK);
    this.bases = new Int32Array(count).fill(NO_BUCKETS);
    this.stats = new Float64Array(count * STATS);
    this.size = (range.maxExponent - range.minExponent) * BUCKETS_PER_OCTAVE;
    this.smallest = 2 ** range.minExponent;
    this.firstIndex = range.minExponent * BUCKETS_PER_OCTAVE;
    this.buckets = new Uint32Array(this.size);
    for (let series = 0; series < count; series++) this.clear(series);
  }

  record(series: number, value: number): void {
    const at = this.waiting;
    this.values[at] = value;
    this.series[at] = series;
    this.waiting = at + 1;
    if (at + 1 >= this.limit) this.settle();
  }

  /** The same value `times` times: one look for its bucket. */
  recordMany(series: number, value: number, times: number): void {
    const base = this.baseOf(series);
    const s = series * STATS;
    const { stats } = this;
    input[0] = value * this.unit;
    const counted = input[0];
    stats[s + SUM] = (stats[s + SUM] as number) + counted * times;
    if (counted < (stats[s + MIN] as number)) stats[s + MIN] = counted;
    if (counted > (stats[s + MAX] as number)) stats[s + MAX] = counted;
    if (!(counted > this.smallest)) {
      stats[s + ZEROS] = (stats[s + ZEROS] as number) + times;
      return;
    }
    const at = this.bucketOfInput();
    this.buckets[base + at] = (this.buckets[base + at] as number) + times;
  }

  /**
   * Puts what waits into its buckets. No call in the loop: the compiler would look at every array anew after it, for
   * every value. A series that has no buckets yet is therefore marked, and sees to its values behind the loop.
   */
  settle(): void {
    const { values, words, series, stats, bases, buckets, unit, smallest, firstIndex, waiting } = this;
    const { next, boundHigh, boundLow, upper } = TABLES;
    const last = this.size - 1;
    let missed = false;
    for (let i = 0; i < waiting; i++) {
      const of = series[i] as number;
      const base = bases[of] as number;
      const value = (values[i] as number) * unit;
      if (base === NO_BUCKETS) {
        missed = true;
        series[i] = ~of;
        continue;
      }
      values[i] = value;
      const s = of * STATS;
      stats[s] = (stats[s] as number) + value;
      if (value < (stats[s + MIN] as number)) stats[s + MIN] = value;
      if (value > (stats[s + MAX] as number)) stats[s + MAX] = value;
      if (value > smallest) {
        let at = bucketIndexOfWords(words, i, next, boundHigh, boundLow, upper) - firstIndex;
        if (at > last) at = last;
        buckets[base + at] = (buckets[base + at] as number) + 1;
      } else stats[s + ZEROS] = (stats[s + ZEROS] as number) + 1;
    }
    this.waiting = 0;
    if (missed) this.countMissed(waiting);
  }

  private countMissed(waiting: number): void {
    for (let i = 0; i < waiting; i++) {
      const of = this.series[i] as number;
      if (of < 0) this.recordMany(~of, this.values[i] as number, 1);
    }
  }

  /** Nothing was recorded since the last time. */
  empty(series: number): boolean {
    if (this.waiting > 0) this.settle();
    return (this.stats[series * STATS + MAX] as number) === Number.NEGATIVE_INFINITY;
  }

  private bucketOfInput(): number {
    return Math.min(bucketIndexOfInput() - this.firstIndex, this.size - 1);
  }

  /** Bucket of the smallest or largest value; `none` where that counts as zero, or there is none. */
  private edge(value: number, none: number): number {
    input[0] = value;
    return value > this.smallest && Number.isFinite(value) ? this.bucketOfInput() : none;
  }

  /** What gathered since the last time, as it goes on the wire; the series is empty afterwards. */
  take(series: number): ExponentialHistogram {
    if (this.waiting > 0) this.settle();
    const base = this.baseOf(series);
    const s = series * STATS;
    const high = this.edge(this.stats[s + MAX] as number, -1);
    const low = high < 0 ? 0 : this.lowest(base, s);
    const zeroCount = this.stats[s + ZEROS] as number;
    let count = zeroCount;
    for (let i = low; i <= high; i++) count += this.buckets[base + i] as number;
    const taken: ExponentialHistogram = {
      scale: 7,
      count,
      sum: this.stats[s + SUM] as number,
      min: count > 0 ? (this.stats[s + MIN] as number) : Number.NaN,
      max: count > 0 ? (this.stats[s + MAX] as number) : Number.NaN,
      zeroCount,
      offset: high < 0 ? 0 : low + this.firstIndex,
      buckets: high < 0 ? [] : this.buckets.slice(base + low, base + high + 1),
    };
    if (high >= 0) this.buckets.fill(0, base + low, base + high + 1);
    this.clear(series);
    return taken;
  }

  /** The same without an object, straight into the wire's form. */
  packInto(series: number, into: PackedHistogram): void {
    if (this.waiting > 0) this.settle();
    const base = this.baseOf(series);
    const { buckets, stats } = this;
    const s = series * STATS;
    const high = this.edge(stats[s + MAX] as number, -1);
    const low = high < 0 ? 0 : this.lowest(base, s);
    const { bytes } = into;
    let count = stats[s + ZEROS] as number;
    let at = 0;
    for (let i = low; i <= high; i++) {
      let rest = buckets[base + i] as number;
      if (rest === 0) {
        bytes[at++] = 0;
        continue;
      }
      count += rest;
      buckets[base + i] = 0;
      while (rest >= 0x80) {
        bytes[at++] = (rest & 0x7f) | 0x80;
        rest >>>= 7;
      }
      bytes[at++] = rest;
    }
    into.count = count;
    into.zeroCount = stats[s + ZEROS] as number;
    into.offset = high < 0 ? 0 : low + this.firstIndex;
    into.length = at;
    for (let i = 0; i < into.stats.length; i++) into.stats[i] = stats[s + i] as number;
    this.clear(series);
  }

  /** The caller has seen that there is one. The smallest value says which, unless it counts as zero. */
  private lowest(base: number, s: number): number {
    let low = this.edge(this.stats[s + MIN] as number, 0);
    while (this.buckets[base + low] === 0) low++;
    return low;
  }

  private clear(series: number): void {
    const s = series * STATS;
    this.stats[s + SUM] = 0;
    this.stats[s + MIN] = Number.POSITIVE_INFINITY;
    this.stats[s + MAX] = Number.NEGATIVE_INFINITY;
    this.stats[s + ZEROS] = 0;
  }

  /** Where the buckets of a series begin; the first value of one makes room for them. */
  private baseOf(series: number): number {
    const known = this.bases[series] as number;
    if (known !== NO_BUCKETS) return known;
    const base = this.used;
    this.used += this.size;
    if (this.used > this.buckets.length) {
      const buckets = new Uint32Array(Math.max(this.used, this.buckets.length * 2));
      buckets.set(this.buckets);
      this.buckets = buckets;
    }
    this.bases[series] = base;
    return base;
  }
}
