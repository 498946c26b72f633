/** Where a set keeps what it knows of a series. Numbers alone, which the build puts in place: see `histogram-set.ts`. */
export const STATS = 4;
export const SUM = 0;
export const MIN = 1;
export const MAX = 2;
export const ZEROS = 3;
/** Of a series that has had no value yet. */
export const NO_BUCKETS = -1;
/** Values that may be written past `limit` before somebody looks. */
export const SLACK = 8;

/** 2^7 buckets an octave. Written out, since `2 ** n` is a double and whatever is reckoned with it would be one. */
export const BUCKETS_PER_OCTAVE = 128;
export const CELL_BITS = 12;
export const MANTISSA_HIGH = 0xfffff;
export const EXPONENT_SHIFT = 20;
export const EXPONENT_BIAS = 1023;
