/**
 * The times of a hop, drawn one after another. A source tells how long each lasted, not when; within a span the order
 * is: working, held, blocked on send, waiting for the outcome. What a source does not tell is working time.
 *
 *     ▨▨▨▨▨▨▨▨│███████··········▞▞▞▞▞────────
 *     waiting  start  working   held  blocked  outcome   end
 */
export type HopTimeKind = 'waiting' | 'working' | 'held' | 'blocked' | 'outcome';

export interface HopTimes {
  readonly startMs: number;
  readonly durationMs: number;
  readonly waitMs: number | null;
  readonly workMs: number | null;
  readonly blockedMs: number | null;
  readonly outcomeWaitMs: number | null;
  readonly heldMs: number | null;
}

export interface HopSegment {
  readonly kind: HopTimeKind;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Segments in order of time, none of them empty, that never overlap and never leave [start − wait, end + held]. */
export function hopSegments(hop: HopTimes): HopSegment[] {
  const end = hop.startMs + hop.durationMs;
  const wait = positive(hop.waitMs);
  const outcome = Math.min(positive(hop.outcomeWaitMs), hop.durationMs);
  const blocked = Math.min(positive(hop.blockedMs), hop.durationMs - outcome);
  const open = hop.durationMs - outcome - blocked;
  const heldInside = heldWithin(hop, open);
  const work = open - heldInside;
  const heldAfter = heldInside > 0 ? 0 : positive(hop.heldMs);
  let at = hop.startMs - wait;
  const segments: HopSegment[] = [];
  const add = (kind: HopTimeKind, lasts: number, until?: number) => {
    const to = until ?? at + lasts;
    if (lasts > 0) segments.push({ kind, fromMs: at, toMs: to });
    at = to;
  };
  add('waiting', wait, hop.startMs);
  add('working', work);
  add('held', heldInside);
  add('blocked', blocked);
  add('outcome', outcome, end);
  add('held', heldAfter);
  return segments;
}

/** A span that tells its working time and is longer than its parts held its batch inside; else it was held after. */
function heldWithin(hop: HopTimes, open: number): number {
  const held = positive(hop.heldMs);
  if (held === 0 || hop.workMs === null) return 0;
  const rest = open - positive(hop.workMs);
  return rest >= held * 0.5 ? Math.min(held, rest) : 0;
}

export interface TimeShares {
  readonly waitMs: number;
  readonly workMs: number;
  readonly blockedMs: number;
  readonly heldMs: number;
}

/** What part of the hops' time went where; zeros where nothing is told. */
export function timeShares(times: TimeShares): TimeShares {
  const total = times.waitMs + times.workMs + times.blockedMs + times.heldMs;
  const share = (ms: number) => (total > 0 ? ms / total : 0);
  return {
    waitMs: share(times.waitMs),
    workMs: share(times.workMs),
    blockedMs: share(times.blockedMs),
    heldMs: share(times.heldMs),
  };
}

function positive(ms: number | null): number {
  return ms !== null && ms > 0 ? ms : 0;
}
