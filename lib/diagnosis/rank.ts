/** Which of several findings comes first, and which says no more than another does. */
import type { FindingKind } from '@/lib/api/topology';
import { type Candidate, placeOf } from './candidate';
import { load, pilingUp } from './harm';
import { downstreamOf, edgesOutOf, type PipelineView, upstreamOf } from './view';

/** Between equals, and for what harms nothing by itself. */
const ORDER: readonly FindingKind[] = [
  'loss',
  'stall',
  'failing_destination',
  'misrouted',
  'drop',
  'error_burst',
  'source_surge',
  'bottleneck',
  'memory_limited',
  'stateful_delay',
  'slow_destination',
  'slower',
  'queue_filling',
  'core_saturated',
  'restart_loop',
  'config_smell',
  'changed_after_control',
];

/** Of a kind alone, where how much it harms is no longer known. */
export function severity(kind: FindingKind): number {
  return ORDER.indexOf(kind);
}

/** Notes that wait until nothing is wrong. */
const NOTES: ReadonlySet<FindingKind> = new Set(['config_smell', 'changed_after_control']);

export function isNote(kind: FindingKind): boolean {
  return NOTES.has(kind);
}

type Ranked = Pick<Candidate, 'kind' | 'weight' | 'place' | 'follows'>;

/** Causes before what follows from them, then what harms most; ties by kind and place, so that equal moments read the same. */
export function byRank(a: Ranked, b: Ranked): number {
  return (
    Number(isNote(a.kind)) - Number(isNote(b.kind)) ||
    Number(a.follows ?? false) - Number(b.follows ?? false) ||
    b.weight - a.weight ||
    ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
    (placeOf(a.place) < placeOf(b.place) ? -1 : 1)
  );
}

/**
 * Leaves out what another candidate explains: a node that limits is slower, its queue fills, and so do the queues of
 * all that wait for it; where a destination fails, what piles up before it follows from that. What has a cause of its
 * own elsewhere (a surge above, another route) is kept and comes after the cause.
 */
export function withoutConsequences(view: PipelineView, candidates: readonly Candidate[]): Candidate[] {
  const at = (...kinds: readonly FindingKind[]) => placesOf(view, candidates, kinds);
  const stalled = at('stall');
  const failing = at('failing_destination', 'error_burst');
  const limiting = at('bottleneck', 'stall');
  const slow = at('slower', 'slow_destination');
  const aboveStall = upstreamOf(view, stalled);
  const aboveLimit = upstreamOf(view, limiting);
  const belowStall = downstreamOf(view, stalled);
  const aboveFailing = upstreamOf(view, at('failing_destination'));
  const pressed = upstreamOf(view, new Set([...limiting, ...failing, ...slow]));
  const belowSurge = downstreamOf(view, at('source_surge'));
  const belowRoute = downstreamOf(view, at('misrouted'));
  const belowHold = downstreamOf(view, at('stateful_delay'));
  const kept = candidates.flatMap((candidate): Candidate[] => {
    const place = placeOf(candidate.place);
    const node =
      candidate.place.kind === 'node' ? place : (view.edges.find(({ id }) => id === place)?.to ?? place);
    const after = (cause: boolean) => [cause ? { ...candidate, follows: true } : candidate];
    switch (candidate.kind) {
      case 'slower':
      case 'slow_destination':
        if (stalled.has(node) || failing.has(node)) return [];
        if (at('bottleneck').has(node) || isHeldUp(view, node)) return [];
        return [candidate];
      case 'queue_filling':
        if (pressed.has(node) || belowStall.has(node)) return [];
        return after(belowSurge.has(node) || belowRoute.has(node) || belowHold.has(node));
      case 'bottleneck': {
        if (candidate.place.kind === 'edge') return after(stalled.has(node));
        if (stalled.has(node) || aboveStall.has(node) || belowStall.has(node)) return [];
        // What waits before a failing destination is held back by it, unless that node works without rest itself.
        if (failing.has(node)) return [];
        if (aboveFailing.has(node) && !slow.has(node) && !worksWithoutRest(view, node)) return [];
        return after(
          !slow.has(node) && (belowSurge.has(node) || belowRoute.has(node) || belowHold.has(node)),
        );
      }
      case 'stateful_delay':
        // Who works longer has more in hand: that is not holding back.
        return belowStall.has(node) || aboveLimit.has(node) || slow.has(node) ? [] : [candidate];
      case 'loss':
        // What overflows before a destination that fails, stalls or limits follows from that.
        return after(
          stalled.has(node) ||
            failing.has(node) ||
            limiting.has(node) ||
            slow.has(node) ||
            belowSurge.has(node),
        );
      case 'error_burst':
        return belowSurge.has(node) && view.nodes.get(node)?.kind === 'receiver' ? [] : [candidate];
      default:
        return [candidate];
    }
  });
  const copies = deliveries(view);
  const weighed = kept.map((candidate): Candidate => {
    const id = placeOf(candidate.place);
    const node = candidate.place.kind === 'node' ? id : (view.edges.find((edge) => edge.id === id)?.to ?? id);
    return { ...candidate, weight: candidate.weight * copies(node) };
  });
  return weighed.map((candidate) =>
    candidate.kind === 'source_surge' ? withPressure(view, candidate, weighed) : candidate,
  );
}

const BY_ITSELF: readonly FindingKind[] = [
  'stall',
  'failing_destination',
  'error_burst',
  'slower',
  'slow_destination',
];

/** More load harms by what it presses upon. */
function withPressure(view: PipelineView, surge: Candidate, kept: readonly Candidate[]): Candidate {
  const below = downstreamOf(view, new Set([placeOf(surge.place)]));
  // What fails, stalls or is slow by itself answers for what is lost or waits there.
  const causes = placesOf(
    view,
    kept.filter(({ follows }) => !follows),
    BY_ITSELF,
  );
  const pressing = kept.filter(({ follows, place }) => {
    const id = placeOf(place);
    const node = place.kind === 'node' ? id : (view.edges.find((edge) => edge.id === id)?.to ?? id);
    return follows && below.has(node) && !causes.has(node);
  });
  const pressure = pressing.reduce((sum, { weight }) => sum + weight, 0);
  const piling = [...below].reduce((sum, node) => sum + (causes.has(node) ? 0 : pilingUp(view, node)), 0);
  return { ...surge, weight: surge.weight + Math.max(pressure, piling) };
}

/** Blocked so often that how long it works says little. */
function isHeldUp(view: PipelineView, node: string): boolean {
  return (view.nodes.get(node)?.latest.blocked ?? 0) >= 0.3;
}

function worksWithoutRest(view: PipelineView, node: string): boolean {
  const known = view.nodes.get(node);
  return known !== undefined && load(known, known.now) >= 0.85;
}

/** Nodes that are named by such a candidate; of an edge, the one that it leads to. */
function placesOf(
  view: PipelineView,
  candidates: readonly Candidate[],
  kinds: readonly FindingKind[],
): ReadonlySet<string> {
  return new Set(
    candidates.flatMap(({ kind, place }) => {
      if (!kinds.includes(kind)) return [];
      if (place.kind === 'node') return [place.node];
      const edge = view.edges.find(({ id }) => id === place.edge);
      return edge ? [edge.to] : [];
    }),
  );
}

const MOST_COPIES = 50;

/** How many items come out at the ends for one that a node takes: what is lost before a fan-out is lost in each copy. */
function deliveries(view: PipelineView): (node: string) => number {
  const known = new Map<string, number>();
  const below = (id: string): number => {
    const held = known.get(id);
    if (held !== undefined) return held;
    // A circle counts once.
    known.set(id, 1);
    const edges = edgesOutOf(view, id);
    const past = view.nodes.get(id)?.past ?? null;
    let copies = 1;
    if (edges.length > 0) {
      const byPort = new Map<string, number>();
      for (const [key, count] of past?.routed ?? []) {
        const port = key.split(' ')[1] ?? '';
        byPort.set(port, (byPort.get(port) ?? 0) + count);
      }
      const all = [...byPort.values()].reduce((sum, count) => sum + count, 0);
      const shares = edges.map((edge) => (all > 0 ? (byPort.get(edge.port) ?? 0) / all : 1 / edges.length));
      const yields = past?.yield?.mean ?? 1;
      copies = yields * edges.reduce((sum, edge, i) => sum + (shares[i] ?? 0) * below(edge.to), 0);
    }
    const bounded = Math.min(MOST_COPIES, Math.max(0.01, copies));
    known.set(id, bounded);
    return bounded;
  };
  return below;
}
