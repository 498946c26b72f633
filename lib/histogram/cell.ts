/**
 * The mutable histogram of a recorder: every bucket that can occur is there beforehand, so that a value costs one
 * increment and no allocation. Taking what gathered empties it again, touching only the range that was used.
 */
import { BUCKETS_PER_OCTAVE, bucketIndexOfWords, input } from './buckets';
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
/** Values that wait to be put into their buckets: one loop over many costs less than as many calls. */
const PENDING = 64;

export class HistogramCell {
  private zeroCount = 0;
  private low = 0x7fffffff;
  private high = -1;
  private waiting = 0;
  private readonly pending = new Float64Array(PENDING);
  /** The same as words: what the bucket arithmetic looks at. */
  private readonly words = new Uint32Array(this.pending.buffer);
  private readonly buckets: Uint32Array;
  private readonly stats = new Float64Array([0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  private readonly smallest: number;
  private readonly firstIndex: number;

  /** Values are recorded in the caller's unit and counted as `unit` times as much. */
  constructor(
    range: CellRange,
    private readonly unit = 1,
  ) {
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
    const at = this.waiting;
    this.pending[at] = looked[0] as number;
    this.waiting = at + 1;
    if (at === PENDING - 1) this.settle();
  }

  /** Nothing was recorded since the last time. */
  get empty(): boolean {
    return this.high < 0 && this.zeroCount === 0 && this.waiting === 0;
  }

  /** Puts what waits into its buckets. */
  private settle(): void {
    const { pending, words, buckets, stats, unit, smallest, firstIndex, waiting } = this;
    const last = buckets.length - 1;
    let sum = stats[SUM] as number;
    let min = stats[MIN] as number;
    let max = stats[MAX] as number;
    for (let i = 0; i < waiting; i++) {
      const value = (pending[i] as number) * unit;
      pending[i] = value;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
      if (!(value > smallest)) {
        this.zeroCount++;
        continue;
      }
      const at = Math.min(bucketIndexOfWords(words, i) - firstIndex, last);
      buckets[at] = (buckets[at] as number) + 1;
      if (at < this.low) this.low = at;
      if (at > this.high) this.high = at;
    }
    stats[SUM] = sum;
    stats[MIN] = min;
    stats[MAX] = max;
    this.waiting = 0;
  }

  /** What gathered since the last time, as it goes on the wire; the cell is empty afterwards. */
  take(): ExponentialHistogram {
    this.settle();
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
    this.settle();
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
    this.zeroCount = 0;
    this.low = 0x7fffffff;
    this.high = -1;
    this.stats[SUM] = 0;
    this.stats[MIN] = Number.POSITIVE_INFINITY;
    this.stats[MAX] = Number.NEGATIVE_INFINITY;
  }
}
