/** A map as two things: its shape, which seldom changes, and its figures, which always do. */
import type { StatsUpdate } from '@/lib/api/stream';
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

export function statsOf(answer: TopologyAnswer): StatsUpdate {
  return {
    engine: answer.engine,
    pipeline: answer.pipeline,
    revision: answer.revision,
    atUnixNano: answer.atUnixNano,
    nodes: Object.fromEntries(answer.nodes.map((node) => [node.id, node.stats])),
    edges: Object.fromEntries(answer.edges.map((edge) => [edge.id, edge.stats])),
    verdict: answer.verdict,
    findings: answer.findings,
  };
}
