/** Which of several findings comes first, and which says no more than another does. */
import type { FindingKind } from '@/lib/api/topology';
import { type Candidate, placeOf } from './candidate';
import { edgesInto, edgesOutOf, type PipelineView } from './view';

const ORDER: readonly FindingKind[] = [
  'loss',
  'stall',
  'failing_destination',
  'bottleneck',
  'error_burst',
  'drop',
  'source_surge',
  'slow_destination',
  'queue_filling',
  'misrouted',
  'stateful_delay',
  'slower',
  'core_saturated',
  'memory_limited',
  'restart_loop',
  'config_smell',
  'changed_after_control',
];

export function severity(kind: FindingKind): number {
  return ORDER.indexOf(kind);
}

/** Most severe first; within a kind what harms more; ties by place, so that equal moments read the same. */
export function byRank(
  a: { readonly kind: FindingKind; readonly weight: number; readonly place: Candidate['place'] },
  b: { readonly kind: FindingKind; readonly weight: number; readonly place: Candidate['place'] },
): number {
  return (
    severity(a.kind) - severity(b.kind) ||
    b.weight - a.weight ||
    (placeOf(a.place) < placeOf(b.place) ? -1 : 1)
  );
}

/**
 * Leaves out what another candidate explains: a node that limits is slower, its queue fills, and so do the queues of
 * all that wait for it; where a destination fails, what piles up before it follows from that.
 */
export function withoutConsequences(view: PipelineView, candidates: readonly Candidate[]): Candidate[] {
  const limiting = nodesOf(candidates, ['bottleneck', 'stall']);
  const failing = nodesOf(candidates, ['failing_destination', 'stall']);
  const surging = nodesOf(candidates, ['source_surge']);
  const pressed = upstreamOf(view, new Set([...limiting, ...failing]));
  return candidates.filter((candidate) => {
    const place = placeOf(candidate.place);
    switch (candidate.kind) {
      case 'slower':
      case 'slow_destination':
        return !limiting.has(place) && !failing.has(place);
      case 'queue_filling': {
        const target = view.edges.find((edge) => edge.id === place)?.to;
        return target === undefined || !pressed.has(target);
      }
      case 'bottleneck':
        // What waits before a failing destination is held back by it, unless that node works without rest itself.
        return !failing.has(place) && !(hasBelow(view, place, failing) && !worksWithoutRest(view, place));
      case 'source_surge':
        return true;
      case 'error_burst':
        return !surging.has(place);
      default:
        return true;
    }
  });
}

function worksWithoutRest(view: PipelineView, node: string): boolean {
  return (view.nodes.get(node)?.now.busy ?? 0) >= 0.85;
}

function nodesOf(candidates: readonly Candidate[], kinds: readonly FindingKind[]): ReadonlySet<string> {
  return new Set(
    candidates.flatMap(({ kind, place }) =>
      kinds.includes(kind) && place.kind === 'node' ? [place.node] : [],
    ),
  );
}

function hasBelow(view: PipelineView, node: string, wanted: ReadonlySet<string>): boolean {
  const seen = new Set([node]);
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const edge of edgesOutOf(view, next)) {
      if (wanted.has(edge.to)) return true;
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      open.push(edge.to);
    }
  }
  return false;
}

/** The nodes themselves and everything that leads to them. */
function upstreamOf(view: PipelineView, nodes: ReadonlySet<string>): ReadonlySet<string> {
  const seen = new Set(nodes);
  const open = [...nodes];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const edge of edgesInto(view, next)) {
      if (seen.has(edge.from)) continue;
      seen.add(edge.from);
      open.push(edge.from);
    }
  }
  return seen;
}
