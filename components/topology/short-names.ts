/** Texts about nodes as people call them: by the component alone, where no other node of the map has that name. Pure. */
import type { TopologyNode } from '@/lib/api/topology';

export function createShortNames(
  nodes: readonly Pick<TopologyNode, 'id' | 'component'>[],
): (text: string) => string {
  const counts = new Map<string, number>();
  for (const { component } of nodes) counts.set(component, (counts.get(component) ?? 0) + 1);
  const shorter = nodes
    .filter(({ id, component }) => id !== component && counts.get(component) === 1)
    // An id may be the beginning of another one.
    .sort((a, b) => b.id.length - a.id.length);
  return (text) => shorter.reduce((said, { id, component }) => said.replaceAll(id, component), text);
}
