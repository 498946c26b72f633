/** One of three things becomes of every request: accepted, refused under pressure, or rejected as malformed. */
export interface RequestLedger {
  accepted: number;
  refused: number;
  rejected: number;
  /** Bytes of accepted bodies, as they came. */
  bytes: number;
  /** When one was last refused, in the clock's milliseconds. */
  lastRefusedMs: number;
}

export function createRequestLedger(): RequestLedger {
  return { accepted: 0, refused: 0, rejected: 0, bytes: 0, lastRefusedMs: Number.NEGATIVE_INFINITY };
}
