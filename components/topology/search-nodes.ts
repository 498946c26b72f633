import type { TopologyNode } from '@/lib/api/topology';

/** Ids of the nodes whose id, kind or type has the text within; null where nothing is searched. */
export function matchingNodes(nodes: readonly TopologyNode[], text: string): readonly string[] | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return null;
  return nodes
    .filter((node) => `${node.id} ${node.component} ${node.kind} ${node.type}`.toLowerCase().includes(wanted))
    .map((node) => node.id);
}
