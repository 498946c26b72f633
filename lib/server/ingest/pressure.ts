/**
 * How much of what was sent, and has not yet been stored, may be in memory at once. A request is admitted by what
 * it says it is long, before its body is read; one that does not say is admitted piece by piece.
 */
export interface Pressure {
  readonly bytesInFlight: number;
  readonly limitBytes: number;
  /** False where the request has to come again later; nothing is reserved then. */
  reserve(bytes: number): boolean;
  release(bytes: number): void;
}

/** Requests on their way in are memory beside the budgets: a small share of them, so that the sum holds. */
const SHARE_OF_BUDGETS = 16;
const LEAST_BYTES = 8 * 1024 * 1024;
const MOST_BYTES = 128 * 1024 * 1024;

export function inFlightLimit(budgets: {
  readonly storeBudgetBytes: number;
  readonly seriesBudgetBytes: number;
}): number {
  const share = (budgets.storeBudgetBytes + budgets.seriesBudgetBytes) / SHARE_OF_BUDGETS;
  return Math.max(LEAST_BYTES, Math.min(MOST_BYTES, Math.floor(share)));
}

export function createPressure(limitBytes: number): Pressure {
  let inFlight = 0;
  return {
    limitBytes,
    get bytesInFlight() {
      return inFlight;
    },
    reserve(bytes) {
      // One request is always let in, so that a limit below the largest body cannot lock it out for ever.
      if (inFlight > 0 && inFlight + bytes > limitBytes) return false;
      inFlight += bytes;
      return true;
    },
    release(bytes) {
      inFlight -= bytes;
    },
  };
}
