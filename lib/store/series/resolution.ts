/**
 * The two resolutions of a series and its clock: Unix seconds as a float (0.2 µs exact). Bin n of width w covers
 * [n·w, (n+1)·w).
 *
 *   now ◀──── fine: 1 s bins, 300 of them ────▶◀──── coarse: 10 s bins, up to an hour (written at once) ────▶
 *
 * Fine bins hold while they are younger than 300 s before the newest one of the same series; older moments are read
 * from the coarse ones. Rings carry the bin's number beside each place, so that nothing stale is ever read.
 */
export const FINE_BINS = 300;
export const COARSE_SECONDS = 10;
export const COARSE_BINS = 361;
export const RETENTION_SECONDS = 3_600;

export function secondsOf(nano: bigint): number {
  return Number(nano / 1_000n) / 1e6;
}

export function nanosOf(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e6)) * 1_000n;
}

/** A stretch of time in Unix seconds, `from` excluded where it matters. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Overlap of bin `bin` of width `width` with [from, to], as a share of the bin. */
export function overlap(bin: number, width: number, from: number, to: number): number {
  const low = Math.max(from, bin * width);
  const high = Math.min(to, (bin + 1) * width);
  return high <= low ? 0 : (high - low) / width;
}
