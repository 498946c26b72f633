/** From trials to figures: shares right, the time it took, and what was said instead. */
import type { FindingKind } from '@/lib/api/topology';
import type { Outcome } from './outcome';
import type { Sham, Silence, Trial } from './trials';

export interface Share {
  readonly of: number;
  readonly right: number;
}

export interface Row {
  readonly fault: string;
  readonly injected: number;
  readonly visible: number;
  readonly right: number;
  /** Seconds from visible to the first right verdict, of the middle one. */
  readonly middleAfter: number | null;
  /** What came first, by count: `right`, `nothing`, or a kind and where. */
  readonly instead: readonly (readonly [string, number])[];
}

export interface Score {
  readonly trials: number;
  /** Pipelines that lose items without any fault, left out. */
  readonly discarded: number;
  readonly one: Share & { readonly neverVisible: number };
  readonly two: Share & { readonly neverVisible: number };
  readonly healthy: Share;
  readonly restart: Share;
  readonly sham: Share;
  /** The action fell on the very node of the fault. */
  readonly shamOnSameNode: Share;
  readonly surge: Share;
  readonly rows: readonly Row[];
  /** Of each kind of verdict that came first, how often it was right: what a confidence would have to say. */
  readonly verdicts: readonly Verdicts[];
}

export interface Verdicts extends Share {
  readonly kind: FindingKind;
}

export function score(trials: readonly Trial[]): Score {
  const kept = trials.filter(({ discarded }) => !discarded);
  const ones = kept.flatMap(({ one }) => (one ? [one] : []));
  const twos = kept.flatMap(({ two }) => (two ? [two] : []));
  const silences = kept.flatMap((trial) => trial.silences);
  const shams = kept.flatMap(({ sham }) => (sham ? [sham] : []));
  const seen = ones.filter(({ visible }) => visible);
  const seenTwos = twos.filter(({ visible }) => visible);
  return {
    trials: kept.length,
    discarded: trials.length - kept.length,
    one: { ...rightOf(seen), neverVisible: ones.length - seen.length },
    two: { ...rightOf(seenTwos), neverVisible: twos.length - seenTwos.length },
    healthy: silentOf(silences, 'healthy'),
    restart: silentOf(silences, 'restart'),
    sham: unnamed(shams),
    shamOnSameNode: unnamed(shams.filter(({ sameNode }) => sameNode)),
    surge: rightOf(seen.filter(({ fault }) => fault.startsWith('neighbour'))),
    rows: rowsOf(ones),
    verdicts: verdictsOf(seen),
  };
}

function rightOf(outcomes: readonly Outcome[]): Share {
  return { of: outcomes.length, right: outcomes.filter(({ right }) => right).length };
}

function silentOf(silences: readonly Silence[], what: Silence['what']): Share {
  const own = silences.filter((silence) => silence.what === what);
  return { of: own.length, right: own.filter(({ said }) => said.length === 0).length };
}

function unnamed(shams: readonly Sham[]): Share {
  return { of: shams.length, right: shams.filter(({ named }) => !named).length };
}

function verdictsOf(seen: readonly Outcome[]): Verdicts[] {
  const kinds = [...new Set(seen.flatMap(({ first }) => first?.kind ?? []))].sort();
  return kinds.map((kind) => ({ kind, ...rightOf(seen.filter(({ first }) => first?.kind === kind)) }));
}

function rowsOf(outcomes: readonly Outcome[]): Row[] {
  const faults = [...new Set(outcomes.map(({ fault }) => fault))].sort();
  return faults.map((fault): Row => {
    const own = outcomes.filter((outcome) => outcome.fault === fault);
    const visible = own.filter((outcome) => outcome.visible);
    const after = visible.flatMap((outcome) => outcome.after ?? []).sort((a, b) => a - b);
    const instead = new Map<string, number>();
    for (const outcome of visible) {
      if (outcome.right) continue;
      const what = outcome.first
        ? `${outcome.first.kind}${isThere(outcome) ? ' there' : ' elsewhere'}`
        : 'nothing';
      instead.set(what, (instead.get(what) ?? 0) + 1);
    }
    return {
      fault,
      injected: own.length,
      visible: visible.length,
      right: visible.filter(({ right }) => right).length,
      middleAfter: after[after.length >> 1] ?? null,
      instead: [...instead].sort((a, b) => b[1] - a[1]),
    };
  });
}

function isThere({ first, place }: Outcome): boolean {
  return first !== null && (first.node === place || first.to === place || first.from === place);
}

export function shareOf({ of, right }: Share): number {
  return of === 0 ? 1 : right / of;
}
