import type { EpochNanos } from './time';

/**
 * The injected clock. `readInto` writes nanoseconds since the clock's own epoch into a Float64Array, because a
 * returned double is boxed as soon as its call site is megamorphic, and the hot path may not allocate.
 */
export interface Clock {
  /** Unix time of the zero of this clock; `epoch + nanos` is a moment. */
  readonly epoch: EpochNanos;
  /** Monotonic nanoseconds since `epoch`. Convenient, may allocate: not for the hot path. */
  nowNs(): number;
  /** The same, written to `out[index]` without allocating. */
  readInto(out: Float64Array, index: number): void;
  /** Calls back once, no earlier than `delayMs` from now. */
  setTimer(callback: () => void, delayMs: number): Timer;
}

export interface Timer {
  cancel(): void;
}
