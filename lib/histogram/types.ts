/**
 * An exponential histogram as it goes on the wire at scale 7: bucket i holds (base^i, base^(i+1)], base = 2^(1/128).
 * Immutable form; the recorder and the store keep mutable ones of their own.
 */
export interface ExponentialHistogram {
  readonly scale: number;
  readonly count: number;
  readonly sum: number;
  /** NaN where the source does not tell. */
  readonly min: number;
  readonly max: number;
  readonly zeroCount: number;
  /** Index of the first bucket. */
  readonly offset: number;
  readonly buckets: readonly number[] | Float64Array | Uint32Array;
}
