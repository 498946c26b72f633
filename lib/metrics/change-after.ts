/**
 * What changed after a control action: throughput, p99 and utilisation of its target, 30 s before against 30 s after.
 * Said as followed, never as caused, and not at all when something else lies in either window.
 *
 *        ── before, 5 s slices ──│action│── after ──
 *   target   ▂▃▂▃▂▃                      ▆▇▆▇▆▇      changed: the difference of means leaves the noise band,
 *   siblings ▃▃▂▃▂▃                      ▃▂▃▂▃▃      and untouched nodes of the same kind did not move along
 *
 * The noise is what the figure itself did before: twice the standard deviation of its slices, at least 5 % of the mean.
 */
import type { ChangeAfter } from '@/lib/api/control';

export const AFTER_SECONDS = 30;
const SLICES = 6;
const LEAST_NOISE = 0.05;
/** A load that moves by more than this between the windows may explain anything. */
const LOAD_SHIFT = 0.2;

export interface AroundAction {
  readonly measures: readonly MeasuredAround[];
  /** Other actions, onsets of findings and restarts within either window, as short texts. */
  readonly disturbances: readonly string[];
  /** Items a second into the receivers, before and after. */
  readonly load: { readonly before: readonly (number | null)[]; readonly after: readonly (number | null)[] };
}

export interface MeasuredAround {
  readonly measure: ChangeAfter['measures'][number]['measure'];
  readonly before: readonly (number | null)[];
  readonly after: readonly (number | null)[];
  /** The same figure of untouched nodes of the same kind, each before and after; empty where there are none. */
  readonly siblings: readonly {
    readonly before: readonly (number | null)[];
    readonly after: readonly (number | null)[];
  }[];
}

export function changeAfter(around: AroundAction): ChangeAfter {
  const measures = around.measures.map(judge);
  const why = reasonNotToTell(around, measures);
  if (why !== null) return { verdict: 'cannot_tell', why, measures };
  const changed = measures.some((measure) => measure.changed === true);
  return { verdict: changed ? 'changed' : 'unchanged', why: null, measures };
}

function reasonNotToTell(around: AroundAction, measures: ChangeAfter['measures']): string | null {
  const [first] = around.disturbances;
  if (first !== undefined) return `${first} lies within ${AFTER_SECONDS} s of it`;
  if (measures.every((measure) => measure.changed === null)) {
    return 'the target told no figures before or after';
  }
  const before = meanOf(around.load.before);
  const after = meanOf(around.load.after);
  if (before !== null && after !== null && before > 0) {
    const shift = after / before - 1;
    const band = Math.max(LOAD_SHIFT, noiseOf(around.load.before) / before);
    if (Math.abs(shift) > band) {
      return `the load changed by ${shift > 0 ? '+' : '−'}${Math.round(Math.abs(shift) * 100)} % meanwhile`;
    }
  }
  return null;
}

function judge({ measure, before, after, siblings }: MeasuredAround): ChangeAfter['measures'][number] {
  const was = meanOf(before);
  const is = meanOf(after);
  if (was === null || is === null) return { measure, before: was, after: is, noise: null, changed: null };
  const noise = Math.max(noiseOf(before), LEAST_NOISE * Math.abs(was), measure === 'utilization' ? 0.02 : 0);
  const moved = is - was;
  // What untouched nodes did at the same time is not the action's.
  const drifts = siblings.flatMap((one) => {
    const a = meanOf(one.before);
    const b = meanOf(one.after);
    return a !== null && b !== null && a > 0 ? [(b - a) / a] : [];
  });
  const drift = drifts.length === 0 ? 0 : median(drifts) * was;
  return { measure, before: was, after: is, noise, changed: Math.abs(moved - drift) > noise };
}

/** Start and length of the slices of both windows, in seconds relative to the action. */
export function slices(): {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly seconds: number;
} {
  const seconds = AFTER_SECONDS / SLICES;
  const at = Array.from({ length: SLICES }, (_, i) => i * seconds);
  return { before: at.map((offset) => offset - AFTER_SECONDS), after: at, seconds };
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function noiseOf(values: readonly (number | null)[]): number {
  const known = values.filter((value): value is number => value !== null);
  const mean = meanOf(known);
  if (mean === null || known.length < 2) return 0;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return 2 * Math.sqrt(squares / (known.length - 1));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? high)) / 2;
}
