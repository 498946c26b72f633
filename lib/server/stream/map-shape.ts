/** Of a map as two things: its shape, which seldom changes, beside its figures, which always do. */
import type { TopologyAnswer } from '@/lib/api/topology';

/** Everything of the map but its figures, as text to compare. */
export function shapeOf(answer: TopologyAnswer): string {
  return JSON.stringify([
    answer.engine,
    answer.pipeline,
    answer.revision,
    answer.window,
    answer.nodes.map(({ stats: _stats, ...rest }) => rest),
    answer.edges.map(({ stats: _stats, ...rest }) => rest),
    answer.control.map(({ node, channel }) => [node, channel]),
    answer.missing,
  ]);
}
