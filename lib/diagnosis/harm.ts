/**
 * How much a node that is slow, full or at a standstill harms, in items a second: what comes through less than before,
 * and what waits for it longer than it used to, of which ten seconds count as much as not to come at all.
 */
import { lateness } from './candidate';
import { edgesInto, isFull, type NodeView, type PipelineView, WINDOW_SECONDS } from './view';

/** A shorter window scatters more. */
const LATEST_SCATTERS = 3;

/** Items a second that it takes less than before, beyond chance; the last seconds know of what has just begun. */
export function shortfall({ past, now, latest }: NodeView): number {
  const before = past?.inPerSec ?? 0;
  const spread = past?.inSpread ?? 0;
  const missing = (taken: number | null, scatter: number) => before - (taken ?? before) - scatter;
  return Math.max(0, missing(now.inPerSec, spread), missing(latest.inPerSec, LATEST_SCATTERS * spread));
}

/**
 * What a node would take were nothing else amiss: what is lost or fails at it is that share of this. Others above may
 * hold back or lose what comes to it now.
 */
export function usualRate({ past, now }: NodeView): number {
  return Math.max(now.inPerSec ?? 0, past?.inPerSec ?? 0);
}

/** Share of its time at work: as told, else batches times working time. */
export function load(
  { concurrency }: NodeView,
  { busy, batchesPerSec, typicalMs }: Pick<NodeView['now'], 'busy' | 'batchesPerSec' | 'typicalMs'>,
): number {
  return busy ?? ((batchesPerSec ?? 0) * (typicalMs ?? 0)) / 1_000 / concurrency;
}

/** Each second every item that waits more than usual is a second later. */
export function delayed(view: PipelineView, node: string): number {
  return lateness(waitingItems(view, node));
}

/** Items in the channel into it beyond the usual, and in those that back up behind it. */
function waitingItems(view: PipelineView, node: string): number {
  const seen = new Set<string>();
  const open = [node];
  let items = 0;
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const edge of edgesInto(view, id)) {
      if (seen.has(edge.channel)) continue;
      seen.add(edge.channel);
      const more = (edge.depth ?? 0) - (edge.past?.depth?.mean ?? 0);
      const perBatch = view.nodes.get(id)?.past?.itemsPerBatch ?? 1;
      items += Math.max(0, more) * perBatch;
      if (isFull(edge)) open.push(...edgesInto(view, id).map(({ from }) => from));
    }
  }
  return items;
}

/** Items a second that come into its channel and do not leave it, with what waits there already. */
export function pilingUp(view: PipelineView, node: string): number {
  const inputs = edgesInto(view, node);
  const perBatch = view.nodes.get(node)?.past?.itemsPerBatch ?? 1;
  const channels = new Map(inputs.map((edge) => [edge.channel, edge]));
  let items = 0;
  for (const { depths, depth, past } of channels.values()) {
    const known = depths.slice(-WINDOW_SECONDS - 1).filter((one): one is number => one !== null);
    const [first, last] = [known[0], known.at(-1)];
    if (first === undefined || last === undefined || (depth ?? 0) <= (past?.depth?.most ?? 0)) continue;
    const perSec = Math.max(0, last - first) / Math.max(1, known.length - 1);
    items += (perSec + lateness(last - (past?.depth?.mean ?? 0))) * perBatch;
  }
  return items;
}
