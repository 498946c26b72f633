/** Ways along the edges: what lies before and behind a node, and where an arrow key leads. Pure. */
import type { TopologyAnswer, TopologyEdge, TopologyNode } from '@/lib/api/topology';

type Graph = Pick<TopologyAnswer, 'nodes' | 'edges'>;
export type FocusDirection = 'up' | 'down' | 'both';

/** Ids of the nodes and edges on the way from or to `start`, itself included. Cycles end. */
export function reach(graph: Graph, start: string, direction: FocusDirection): ReadonlySet<string> {
  const lit = new Set([start]);
  if (direction !== 'down') walk(graph.edges, start, lit, 'up');
  if (direction !== 'up') walk(graph.edges, start, lit, 'down');
  return lit;
}

function walk(
  edges: readonly TopologyEdge[],
  start: string,
  lit: Set<string>,
  direction: 'up' | 'down',
): void {
  const seen = new Set([start]);
  const open = [start];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const edge of edges) {
      const [near, far] = direction === 'down' ? [edge.from, edge.to] : [edge.to, edge.from];
      if (near !== at) continue;
      lit.add(edge.id).add(far);
      if (seen.has(far)) continue;
      seen.add(far);
      open.push(far);
    }
  }
}

/** What an edge joins: both ends and itself. */
export function endsOf(graph: Graph, edgeId: string): ReadonlySet<string> {
  const edge = graph.edges.find((candidate) => candidate.id === edgeId);
  return new Set(edge ? [edge.id, edge.from, edge.to] : []);
}

export type ArrowKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/**
 * Right follows an edge down, left follows one up (of several the one nearest in height); up and down go to the next
 * card of the same column. `null` where nothing lies there.
 */
export function nodeTowards(graph: Graph, from: string, key: ArrowKey): string | null {
  const here = graph.nodes.find((node) => node.id === from);
  if (!here) return null;
  if (key === 'ArrowUp' || key === 'ArrowDown')
    return inColumn(graph.nodes, here, key === 'ArrowDown' ? 1 : -1);
  const ids = graph.edges.flatMap((edge) => {
    if (key === 'ArrowRight') return edge.from === from ? [edge.to] : [];
    return edge.to === from ? [edge.from] : [];
  });
  const ends = graph.nodes.filter((node) => ids.includes(node.id));
  return nearest(ends, (node) => Math.abs(node.position.y - here.position.y));
}

/** Cards whose left edges differ by less stand in one column. */
const COLUMN_TOLERANCE = 90;

function inColumn(nodes: readonly TopologyNode[], here: TopologyNode, sign: 1 | -1): string | null {
  const column = nodes.filter(
    (node) =>
      Math.abs(node.position.x - here.position.x) < COLUMN_TOLERANCE &&
      sign * (node.position.y - here.position.y) > 0,
  );
  return nearest(column, (node) => Math.abs(node.position.y - here.position.y));
}

function nearest(nodes: readonly TopologyNode[], distance: (node: TopologyNode) => number): string | null {
  let best: TopologyNode | null = null;
  for (const node of nodes) if (!best || distance(node) < distance(best)) best = node;
  return best?.id ?? null;
}
