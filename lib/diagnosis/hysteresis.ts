/**
 * From moments to findings: a candidate has to stay for a few seconds to open a finding, and to be gone for a few more
 * to close it, so that verdicts do not flap. `since` is the moment of the first sight and does not move.
 *
 *   seen     ▂ ▂▂▂▂▂▂ ▂▂▂▂▂▂▂▂▂▂▂            ▂
 *   finding    ├────── open ─────────────────┤ until = last sight
 */
import { type Candidate, placeOf } from './candidate';
import { WINDOW_SECONDS } from './view';

export interface Tracked {
  readonly key: string;
  readonly since: number;
  readonly candidate: Candidate;
  /** Last moment at which it was seen. */
  readonly seen: number;
  readonly open: boolean;
  /** What was made up for has been taken off its weight. */
  readonly over?: boolean;
}

/** Seconds of being there before it is said. What is certain is said at once. */
export function opensAfter(candidate: Candidate): number {
  if (candidate.certain) return 0;
  if (candidate.opensAfter !== undefined) return candidate.opensAfter;
  switch (candidate.kind) {
    case 'stall':
    case 'failing_destination':
    case 'error_burst':
      return 0;
    case 'slower':
    case 'slow_destination':
      return 1;
    case 'queue_filling':
    case 'changed_after_control':
    case 'config_smell':
      return 4;
    default:
      return 2;
  }
}

/** Windows after which a past has seen how the load breathes: a minute and a half. */
const YOUNG = 18;
const YOUNG_AFTER = 9;
const MORE_A_WINDOW = 1.4;

/** Of what a passing crest does too: the less of the past is known, the longer it has to last to be said. */
export function whileYoung(windows: number): { readonly opensAfter?: number } {
  return windows >= YOUNG ? {} : { opensAfter: YOUNG_AFTER + MORE_A_WINDOW * (YOUNG - windows) };
}

export const CLEARS_AFTER = 8;

/**
 * Seconds of absence that close a finding. A source that reports each `r` seconds shows its figures over a window of
 * whole reports, so what is absent has been so for at least one: three reports after its figures are back it is said.
 *
 *   bad report ─ r ─ good report ──────────── 3 r ───────────▶ said
 *        └───── window, max(5, r) ─────┘└─ absent ─┘
 */
export function clearsAfter(reportSeconds: number): number {
  // Three reports of a quick source are too short a time for anyone to read a verdict.
  if (reportSeconds < 1.5) return CLEARS_AFTER;
  const report = Math.round(reportSeconds);
  const left = 4 * report - Math.max(WINDOW_SECONDS, report) - 1;
  return Math.max(2, Math.min(Math.max(CLEARS_AFTER, report), left));
}

/** A candidate that is not open yet may be absent for this long without starting anew. */
const GRACE = 2;

/** Of its weight, each second: what is over gives way to what is not. */
const FADES = 0.9;

/** What is counted over a window is worth what the window says: its first seconds were few events. */
const COUNTED: ReadonlySet<Candidate['kind']> = new Set([
  'failing_destination',
  'error_burst',
  'drop',
  'misrouted',
]);
const COUNTED_FADES = 0.7;

/** What has been absent for so long is over. */
const OVER_AFTER = 2;
/** What only made wait is made up for once it is over: what is left of its harm is that it came late. */
const MADE_UP: ReadonlySet<Candidate['kind']> = new Set([
  'stall',
  'bottleneck',
  'slower',
  'slow_destination',
  'queue_filling',
  'stateful_delay',
]);
const LEFT_OF_IT = 0.15;

export function keyOf(candidate: Candidate): string {
  return `${candidate.kind} ${placeOf(candidate.place)}`;
}

/** One trouble of a node under several names: it is slower until it limits, and slow again when the load falls. */
const SLOWNESS: readonly Candidate['kind'][] = ['slower', 'slow_destination', 'bottleneck'];

/**
 * What is open and goes on under another name keeps its moment and stays open; what turns out to stand still comes
 * after that.
 */
function renamed(
  before: ReadonlyMap<string, Tracked>,
  candidates: ReadonlyMap<string, Candidate>,
): ReadonlyMap<string, Tracked> {
  const next = new Map(before);
  for (const [key, held] of before) {
    const { kind, place } = held.candidate;
    if (!SLOWNESS.includes(kind) || candidates.has(key)) continue;
    const at = placeOf(place);
    if (candidates.has(`stall ${at}`)) {
      next.set(key, { ...held, candidate: { ...held.candidate, follows: true } });
      continue;
    }
    const name = SLOWNESS.map((other) => `${other} ${at}`).find((other) => candidates.has(other));
    if (!held.open || name === undefined || before.get(name)?.open) continue;
    next.delete(key);
    next.set(name, { ...held, key: name });
  }
  return next;
}

export interface Advance {
  readonly tracked: ReadonlyMap<string, Tracked>;
  readonly closed: readonly Tracked[];
}

export function advance(
  held: ReadonlyMap<string, Tracked>,
  candidates: ReadonlyMap<string, Candidate>,
  at: number,
  reportSeconds: number,
): Advance {
  const before = renamed(held, candidates);
  const tracked = new Map<string, Tracked>();
  const closed: Tracked[] = [];
  for (const [key, candidate] of candidates) {
    const known = before.get(key);
    const since = known?.since ?? at;
    const open = known?.open === true || at - since >= opensAfter(candidate);
    // Harm is that of its worst moment: what comes and goes does not change its rank.
    const fades = COUNTED.has(candidate.kind) ? COUNTED_FADES : FADES;
    const weight = Math.max(candidate.weight, known?.open ? known.candidate.weight * fades : 0);
    tracked.set(key, { key, since, candidate: { ...candidate, weight }, seen: at, open });
  }
  for (const [key, one] of before) {
    if (tracked.has(key)) continue;
    const absent = at - one.seen;
    if (absent < (one.open ? clearsAfter(reportSeconds) : GRACE)) tracked.set(key, faded(one, absent));
    else if (one.open) closed.push(one);
  }
  return { tracked, closed };
}

function faded({ candidate, ...held }: Tracked, absent: number): Tracked {
  const isOver = absent >= OVER_AFTER && MADE_UP.has(candidate.kind);
  const left = isOver && !held.over ? LEFT_OF_IT : FADES;
  return {
    ...held,
    candidate: { ...candidate, weight: candidate.weight * left },
    ...(isOver && { over: true }),
  };
}
