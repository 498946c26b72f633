/** Which nodes an action on one of them leaves alone: those that lie on no path through it. Pure. */
import type { TopologyVersion } from '@/lib/topology/topology-model';

type Graph = Pick<TopologyVersion, 'nodes' | 'edges'>;

/** The node that a target means: itself, or the one that its channel leads into; null for the pipeline. */
export function nodeOfTarget(target: string, graph: Graph): string | null {
  const id = target.replace(/^(pdata|control):/, '');
  return graph.nodes.some((node) => node.id === id) ? id : null;
}

/** Nodes of the same kind, neither upstream nor downstream of it. */
export function siblingsOf(id: string, graph: Graph): readonly string[] {
  const kind = graph.nodes.find((node) => node.id === id)?.kind;
  const down = reach(id, graph, ({ from, to }) => [from, to]);
  const up = reach(id, graph, ({ from, to }) => [to, from]);
  return graph.nodes
    .filter((node) => node.kind === kind && !down.has(node.id) && !up.has(node.id))
    .map((node) => node.id);
}

function reach(
  start: string,
  graph: Graph,
  direction: (edge: Graph['edges'][number]) => readonly [string, string],
): ReadonlySet<string> {
  const seen = new Set([start]);
  const queue = [start];
  for (const at of queue) {
    for (const edge of graph.edges) {
      const [from, to] = direction(edge);
      if (from !== at || seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  return seen;
}
