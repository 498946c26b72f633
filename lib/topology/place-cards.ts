/** Runs ELK on a map. Takes its time (seconds for a thousand nodes), so the server calls it on a thread of its own. */
import ELK from 'elkjs/lib/elk.bundled.js';
import { elkGraphOf, type LayoutEdge, type LayoutNode, type Positions, positionsOf } from './elk-graph';

export async function placeCards(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
): Promise<Positions> {
  if (nodes.length === 0) return new Map();
  return positionsOf(await new ELK().layout(elkGraphOf(nodes, edges)));
}
