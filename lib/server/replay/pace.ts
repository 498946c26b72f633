/**
 * When each moment of a capture is sent, and by how much its times are moved. The last moment is the present when it
 * is sent, so that nothing is ever sent from the future:
 *
 *   capture      first ─────────────────────── last          D = last − first
 *   sent         begin ──── D / speed ──── end
 *   moved to            end − D ───────────── end
 */
export interface Pace {
  readonly shiftNano: bigint;
  /** Milliseconds after the beginning at which it is due. */
  dueMs(at: bigint): number;
  readonly lengthMs: number;
}

/** Series of seconds and decades fall into the same places again where they move by whole decades. */
const DECADE_NANO = 10_000_000_000n;

/** The same, a little earlier. */
export function byWholeDecades(pace: Pace): Pace {
  const { shiftNano } = pace;
  return { ...pace, shiftNano: shiftNano - (((shiftNano % DECADE_NANO) + DECADE_NANO) % DECADE_NANO) };
}

export function paceOf(
  capture: { readonly first: bigint; readonly last: bigint },
  speed: number | null,
  beginUnixNano: bigint,
): Pace {
  const span = capture.last - capture.first;
  const lengthMs = speed === null ? 0 : Number(span) / 1e6 / speed;
  const end = beginUnixNano + BigInt(Math.round(lengthMs * 1e6));
  return {
    // Slower than it was, it would begin in the future: then its first moment is the present as that is sent.
    shiftNano: speed !== null && speed < 1 ? beginUnixNano - capture.first : end - capture.last,
    dueMs: (at) => (speed === null ? 0 : Number(at - capture.first) / 1e6 / speed),
    lengthMs,
  };
}
