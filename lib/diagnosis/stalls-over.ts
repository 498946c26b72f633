/**
 * What is said after a stall: while the work that piled up is done, queues are deep and every worker is busy, but that
 * is the stall's aftermath and no bottleneck. Unless what came out since is slow itself: then nothing ever stood still.
 *
 *   out     ▇▇▇▇▇▇▁▁▁▁▁▁█████▇▇▇▇     more than usual: it stood still
 *   out     ▇▇▇▇▇▇▁▁▁▁▁▁▂▁▂▁▁▂▁▁▂     less than usual: it is slow
 */
import { type Candidate, placeOf } from './candidate';
import { keyOf, type Tracked } from './hysteresis';
import { edgesInto, type NodeView, type PipelineView, upstreamOf } from './view';

const SLOW_FACTOR = 2;
const SLOW_THROUGHPUT = 0.6;
/** Figures of the last seconds have to lie behind it. */
const LATEST_SECONDS = 2;

const PILED_UP: ReadonlySet<Candidate['kind']> = new Set([
  'bottleneck',
  'slower',
  'slow_destination',
  'queue_filling',
  'source_surge',
]);

/** The candidates without those that a stall which has just ended left behind: at its node, and at what waited for it. */
export function afterStalls(
  view: PipelineView,
  tracked: ReadonlyMap<string, Tracked>,
  found: readonly Candidate[],
): readonly Candidate[] {
  const going = new Set(found.map(keyOf));
  const over = [...tracked.values()].flatMap((stall) => {
    const place = placeOf(stall.candidate.place);
    const isOver = stall.open && stall.candidate.kind === 'stall' && !going.has(stall.key);
    return isOver && !isSlowNow(view, place, stall.seen) ? [place] : [];
  });
  if (over.length === 0) return found;
  const waited = upstreamOf(view, new Set(over));
  return found.filter((candidate) => !PILED_UP.has(candidate.kind) || !waited.has(nodeOf(view, candidate)));
}

/** What seemed to stand still and turns out to be at work, only slowly, never stood still. */
export function withoutWrongStalls(
  view: PipelineView,
  tracked: ReadonlyMap<string, Tracked>,
  candidates: ReadonlyMap<string, Candidate>,
): ReadonlyMap<string, Tracked> {
  return new Map(
    [...tracked].filter(([key, { candidate, seen }]) => {
      if (candidate.kind !== 'stall' || candidates.has(key)) return true;
      return !isSlowNow(view, placeOf(candidate.place), seen);
    }),
  );
}

function nodeOf(view: PipelineView, { place }: Candidate): string {
  const id = placeOf(place);
  return place.kind === 'node' ? id : (view.edges.find((edge) => edge.id === id)?.to ?? id);
}

function waitsBefore(view: PipelineView, id: string): boolean {
  return edgesInto(view, id).some(({ depth }) => (depth ?? 0) > 0);
}

/** By the working times of what ended since; where they are not told, by how much came out. */
function isSlowNow(view: PipelineView, id: string, stalledUntil: number): boolean {
  const node: NodeView | undefined = view.nodes.get(id);
  if (!node?.past || node.now.quietSeconds > 0) return false;
  const { latest, past } = node;
  if (past.meanMs !== null && latest.typicalMs !== null) return latest.typicalMs > SLOW_FACTOR * past.meanMs;
  if (view.at - stalledUntil <= LATEST_SECONDS || !waitsBefore(view, id)) return false;
  return (latest.outPerSec ?? 0) < SLOW_THROUGHPUT * (past.inPerSec ?? 0);
}
