/**
 * Time, in two shapes. A moment is `EpochNanos`: a bigint of nanoseconds since 1970, which on the wire and in
 * JSON is a decimal string. A distance within one trace or window is a plain number whose name says its unit
 * (`waitMs`, `startNs`); a float64 holds 104 days of nanoseconds exactly, but not a Unix time.
 */
import type { Brand } from './brand';

export type EpochNanos = Brand<bigint, 'EpochNanos'>;

export const NANOS_PER_MS = 1_000_000;
export const NANOS_PER_SECOND = 1_000_000_000;

export function epochNanos(value: bigint): EpochNanos {
  return value as EpochNanos;
}

export function epochNanosFromMs(unixMs: number): EpochNanos {
  const wholeMs = Math.floor(unixMs);
  const restNs = Math.round((unixMs - wholeMs) * NANOS_PER_MS);
  return (BigInt(wholeMs) * 1_000_000n + BigInt(restNs)) as EpochNanos;
}

export function msFromEpochNanos(nanos: EpochNanos): number {
  return Number(nanos / 1_000n) / 1_000;
}

/** Reads a decimal string of Unix nanoseconds; `null` where it is none (empty, signed, longer than 20 digits). */
export function parseEpochNanos(text: string): EpochNanos | null {
  return /^\d{1,20}$/.test(text) ? (BigInt(text) as EpochNanos) : null;
}

export function nanosToMs(nanos: bigint | number): number {
  return Number(nanos) / NANOS_PER_MS;
}
