/**
 * The mutable histogram of a recorder: every bucket that can occur is there beforehand, so that a value costs one
 * increment and no allocation. Taking what gathered empties it again, touching only the range that was used.
 */
import { BUCKETS_PER_OCTAVE, bucketIndexOfInput, input } from './buckets';
import type { ExponentialHistogram } from './types';

export interface CellRange {
  /** Values of 2^minExponent or less count as zero; values above 2^maxExponent fall into the last bucket. */
  readonly minExponent: number;
  readonly maxExponent: number;
}

/** Seconds, from a nanosecond (2^−30) to 1.5 days (2^17): 24 KiB a series. */
export const SECONDS_RANGE: CellRange = { minExponent: -30, maxExponent: 17 };
/** Counts from 1 to 2^31. The bucket that ends at 1 has index −1. */
export const COUNT_RANGE: CellRange = { minExponent: -1, maxExponent: 31 };

/**
 * What a cell held, ready for the wire: its buckets as the varints of a packed field, in one buffer that is used again
 * and again. Counts are below 2^32, so that five bytes a bucket suffice.
 */
export class PackedCell {
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

/** A constant of this module: an imported one is read from its cell and checked at each use. */
const looked = input;
const SUM = 0;
const MIN = 1;
const MAX = 2;

export class HistogramCell {
  private zeroCount = 0;
  private low = 0x7fffffff;
  private high = -1;
  private readonly buckets: Uint32Array;
  private readonly stats = new Float64Array([0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  /** NaN where nothing was recorded since the cell was emptied. */
  private readonly latest = new Float64Array([Number.NaN]);
  private latestBucket = 0;
  private readonly smallest: number;
  private readonly firstIndex: number;

  constructor(range: CellRange) {
    this.smallest = 2 ** range.minExponent;
    this.firstIndex = range.minExponent * BUCKETS_PER_OCTAVE;
    this.buckets = new Uint32Array((range.maxExponent - range.minExponent) * BUCKETS_PER_OCTAVE);
  }

  record(value: number): void {
    input[0] = value;
    this.recordInput();
  }

  /** Records what the caller wrote into `input`: the form that allocates nothing. */
  recordInput(): void {
    const stats = this.stats;
    const value = looked[0] as number;
    stats[SUM] = (stats[SUM] as number) + value;
    if (value < (stats[MIN] as number)) stats[MIN] = value;
    if (value > (stats[MAX] as number)) stats[MAX] = value;
    if (!(value > this.smallest)) {
      this.zeroCount++;
      return;
    }
    const buckets = this.buckets;
    let at = bucketIndexOfInput() - this.firstIndex;
    if (at >= buckets.length) at = buckets.length - 1;
    buckets[at] = (buckets[at] as number) + 1;
    if (at < this.low) this.low = at;
    if (at > this.high) this.high = at;
  }

  /** Nothing was recorded since the last time. */
  get empty(): boolean {
    return this.high < 0 && this.zeroCount === 0;
  }

  /** The same for values that often repeat, as sizes do: the bucket of the latest is remembered. */
  recordRepeatedInput(): void {
    const value = looked[0] as number;
    if (value === this.latest[0]) {
      this.stats[SUM] = (this.stats[SUM] as number) + value;
      const at = this.latestBucket;
      this.buckets[at] = (this.buckets[at] as number) + 1;
      return;
    }
    this.recordInput();
    if (!(value > this.smallest)) return;
    this.latest[0] = value;
    this.latestBucket = Math.min(bucketIndexOfInput() - this.firstIndex, this.buckets.length - 1);
  }

  /** What gathered since the last time, as it goes on the wire; the cell is empty afterwards. */
  take(): ExponentialHistogram {
    let count = this.zeroCount;
    for (let i = this.low; i <= this.high; i++) count += this.buckets[i] as number;
    const taken: ExponentialHistogram = {
      scale: 7,
      count,
      sum: this.stats[SUM] as number,
      min: count > 0 ? (this.stats[MIN] as number) : Number.NaN,
      max: count > 0 ? (this.stats[MAX] as number) : Number.NaN,
      zeroCount: this.zeroCount,
      offset: this.high < 0 ? 0 : this.low + this.firstIndex,
      buckets: this.high < 0 ? [] : this.buckets.slice(this.low, this.high + 1),
    };
    if (this.high >= 0) this.buckets.fill(0, this.low, this.high + 1);
    this.clear();
    return taken;
  }

  /** The same without an object, straight into the wire's form. The cell is empty afterwards. */
  packInto(into: PackedCell): void {
    const { buckets, low, high } = this;
    const { bytes } = into;
    let count = this.zeroCount;
    let at = 0;
    for (let i = low; i <= high; i++) {
      let rest = buckets[i] as number;
      if (rest === 0) {
        bytes[at++] = 0;
        continue;
      }
      count += rest;
      buckets[i] = 0;
      while (rest >= 0x80) {
        bytes[at++] = (rest & 0x7f) | 0x80;
        rest >>>= 7;
      }
      bytes[at++] = rest;
    }
    into.count = count;
    into.zeroCount = this.zeroCount;
    into.offset = high < 0 ? 0 : low + this.firstIndex;
    into.length = at;
    into.stats.set(this.stats);
    this.clear();
  }

  private clear(): void {
    this.latest[0] = Number.NaN;
    this.zeroCount = 0;
    this.low = 0x7fffffff;
    this.high = -1;
    this.stats[SUM] = 0;
    this.stats[MIN] = Number.POSITIVE_INFINITY;
    this.stats[MAX] = Number.NEGATIVE_INFINITY;
  }
}
