/**
 * The bucket arithmetic of OTLP's exponential histograms, scale 7 first of all: bucket i holds (2^(i/128), 2^((i+1)/128)].
 * The hot form uses no logarithm: the exponent comes from the float's bits, the place within the octave from a table
 * of 256 cells. A boundary is at least 2^(1/128) − 1 = 0.0054 from the next and a cell is 0.0039 wide, so that one
 * comparison settles it.
 */
import { HISTOGRAM_SCALE } from '@/lib/semconv/metrics';
import { BUCKETS_PER_OCTAVE, CELL_BITS, EXPONENT_BIAS, EXPONENT_SHIFT, MANTISSA_HIGH } from './columns';

const CELLS = 256;
/** BOUNDS[k] = 2^(k/128), one octave and its end. */
const BOUNDS = Float64Array.from({ length: BUCKETS_PER_OCTAVE + 1 }, (_, k) => 2 ** (k / BUCKETS_PER_OCTAVE));

/**
 * The value that is being looked at. A recorder writes it here and calls `bucketIndexOfInput`, because a double that
 * is handed to a function which is not inlined becomes an object on the heap.
 */
export const input = new Float64Array(1);
const words = new Uint32Array(input.buffer);
/** Which half of a double holds the exponent: 1 on the little-endian machines that we know of. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * By cell: the one bound that may lie in it (the bucket that begins there, and the bits of its mantissa, upper and lower
 * part). Compared as integers, a value is stored once and never rewritten.
 */
export interface BucketTables {
  readonly next: Int32Array;
  readonly boundHigh: Int32Array;
  readonly boundLow: Uint32Array;
  /** Which half of a double holds the exponent. */
  readonly upper: number;
}

export const TABLES: BucketTables = {
  next: new Int32Array(CELLS),
  boundHigh: new Int32Array(CELLS),
  boundLow: new Uint32Array(CELLS),
  upper: HIGH,
};
for (let cell = 0, k = 0; cell < CELLS; cell++) {
  while ((BOUNDS[k] as number) < 1 + cell / CELLS) k++;
  input[0] = BOUNDS[k] as number;
  TABLES.next[cell] = k;
  // The end of the octave lies above every mantissa.
  TABLES.boundHigh[cell] = k === BUCKETS_PER_OCTAVE ? 0x100000 : (words[HIGH] as number) & MANTISSA_HIGH;
  TABLES.boundLow[cell] = words[1 - HIGH] as number;
}

/** Index of the bucket at scale 7. `value` has to be positive, finite and normal (above 2^−1022). */
export function bucketIndex(value: number): number {
  input[0] = value;
  return bucketIndexOfInput();
}

export function bucketIndexOfInput(): number {
  return bucketIndexOfWords(words, 0, TABLES.next, TABLES.boundHigh, TABLES.boundLow, HIGH);
}

/** Of the double at `index` of the array that `of` shows as words. The tables are the caller's, to be at hand in a loop. */
export function bucketIndexOfWords(
  of: Uint32Array,
  index: number,
  nextOf: Int32Array,
  boundHigh: Int32Array,
  boundLow: Uint32Array,
  upper: number,
): number {
  const high = of[index * 2 + upper] as number;
  const mantissa = high & MANTISSA_HIGH;
  const cell = mantissa >>> CELL_BITS;
  const bound = boundHigh[cell] as number;
  // 0 above the bound, −1 otherwise, without a jump that would be guessed wrong half of the time.
  let below = ((mantissa - bound - 1) | 0) >> 31;
  if (mantissa === bound && (of[index * 2 + 1 - upper] as number) > (boundLow[cell] as number)) below = 0;
  return ((high >>> EXPONENT_SHIFT) - EXPONENT_BIAS) * BUCKETS_PER_OCTAVE + (nextOf[cell] as number) + below;
}

/** Lower bound (exclusive) of bucket `index` at `scale`; its upper bound is the next one's lower. */
export function bucketLowerBound(index: number, scale = HISTOGRAM_SCALE): number {
  if (scale === HISTOGRAM_SCALE) {
    const octave = Math.floor(index / BUCKETS_PER_OCTAVE);
    return (BOUNDS[index - octave * BUCKETS_PER_OCTAVE] as number) * 2 ** octave;
  }
  return 2 ** (index * 2 ** -scale);
}

/** What stands for a bucket: the point of equal relative distance to both bounds, at most 0.271 % off at scale 7. */
export function bucketMidpoint(index: number, scale = HISTOGRAM_SCALE): number {
  const low = bucketLowerBound(index, scale);
  const high = bucketLowerBound(index + 1, scale);
  return (2 * low * high) / (low + high);
}
