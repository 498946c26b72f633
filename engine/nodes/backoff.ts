/** Exponential backoff with full jitter between half and all of the interval; a destination's own wish is a floor. */
export interface Backoff {
  readonly initial_interval_ms: number;
  readonly max_interval_ms: number;
  readonly multiplier: number;
}

/** Wait before attempt `attempt` (1 is the first repetition). */
export function backoffMs(backoff: Backoff, attempt: number, random: { next(): number }): number {
  const interval = Math.min(
    backoff.max_interval_ms,
    backoff.initial_interval_ms * backoff.multiplier ** (attempt - 1),
  );
  return interval * (0.5 + 0.5 * random.next());
}
