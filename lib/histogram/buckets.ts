/**
 * The bucket arithmetic of OTLP's exponential histograms, scale 7 first of all: bucket i holds (2^(i/128), 2^((i+1)/128)].
 * The hot form uses no logarithm: the exponent comes from the float's bits, the place within the octave from a table
 * of 256 cells. A boundary is at least 2^(1/128) − 1 = 0.0054 from the next and a cell is 0.0039 wide, so that one
 * comparison settles it.
 */
import { HISTOGRAM_SCALE } from '@/lib/semconv/metrics';

export const BUCKETS_PER_OCTAVE = 2 ** HISTOGRAM_SCALE;

const CELLS = 256;
/** BOUNDS[k] = 2^(k/128), one octave and its end. */
const BOUNDS = Float64Array.from({ length: BUCKETS_PER_OCTAVE + 1 }, (_, k) => 2 ** (k / BUCKETS_PER_OCTAVE));
/** The largest k with BOUNDS[k] below the start of the cell; −1 for the first. */
const BELOW_CELL = Int16Array.from({ length: CELLS }, (_, cell) => {
  const start = 1 + cell / CELLS;
  let k = -1;
  while ((BOUNDS[k + 1] as number) < start) k++;
  return k;
});

/**
 * The value that is being looked at. A recorder writes it here and calls `bucketIndexOfInput`, because a double that
 * is handed to a function which is not inlined becomes an object on the heap.
 */
export const input = new Float64Array(1);
const words = new Uint32Array(input.buffer);
const PER_OCTAVE = BUCKETS_PER_OCTAVE;
/** Which half of a double holds the exponent: 1 on the little-endian machines that we know of. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
const LOW = 1 - HIGH;
/** Mantissas of BOUNDS as the bits of a double: compared as integers, the value is stored once and never rewritten. */
const BOUND_HIGH = new Uint32Array(BUCKETS_PER_OCTAVE + 1);
const BOUND_LOW = new Uint32Array(BUCKETS_PER_OCTAVE + 1);
for (let k = 0; k < BUCKETS_PER_OCTAVE; k++) {
  input[0] = BOUNDS[k] as number;
  BOUND_HIGH[k] = (words[HIGH] as number) & 0xfffff;
  BOUND_LOW[k] = words[LOW] as number;
}
// The end of the octave lies above every mantissa.
BOUND_HIGH[BUCKETS_PER_OCTAVE] = 0x100000;

/** Index of the bucket at scale 7. `value` has to be positive, finite and normal (above 2^−1022). */
export function bucketIndex(value: number): number {
  input[0] = value;
  return bucketIndexOfInput();
}

export function bucketIndexOfInput(): number {
  return bucketIndexOfWords(words, 0);
}

/** Of the double at `index` of the array that `of` shows as words. */
export function bucketIndexOfWords(of: Uint32Array, index: number): number {
  const high = of[index * 2 + HIGH] as number;
  const mantissa = high & 0xfffff;
  const next = (BELOW_CELL[mantissa >>> 12] as number) + 1;
  const bound = BOUND_HIGH[next] as number;
  const above =
    mantissa > bound || (mantissa === bound && (of[index * 2 + LOW] as number) > (BOUND_LOW[next] as number));
  return ((high >>> 20) - 1023) * PER_OCTAVE + (above ? next : next - 1);
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
