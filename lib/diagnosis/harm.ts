/**
 * How much a node that is slow, full or at a standstill harms, in items a second: what comes through less than before,
 * and what waits for it longer than it used to, of which ten seconds count as much as not to come at all.
 */
import { lateness } from './candidate';
import { edgesInto, isFull, type NodeView, type PipelineView } from './view';

/** Items a second that it takes less than before; the last seconds know of what has just begun. */
export function shortfall({ past, now, latest }: NodeView): number {
  const before = past?.inPerSec ?? 0;
  const taken = Math.min(now.inPerSec ?? before, latest.inPerSec ?? before);
  return Math.max(0, before - taken);
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
