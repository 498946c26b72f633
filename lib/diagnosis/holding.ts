/** Stateful delay: items that are neither waiting nor worked on, but kept by a node that gathers. */
import { type Candidate, lateness, milliseconds, nodeEvidence } from './candidate';
import type { NodeView, PipelineView, Usual } from './view';

const FACTOR = 2.2;
const SIGMAS = 5;
const LEAST_MS = 80;
/** Time between flushes is rougher: where nothing else is told. */
const FLUSH_FACTOR = 1.75;

export function holdingNodes(view: PipelineView): Candidate[] {
  return [...view.nodes.values()].flatMap((node) => {
    if (!node.stateful || !node.past) return [];
    const { held, flush } = node.past;
    const longest = [node.now.heldMs, node.latest.heldMs].reduce<number | null>(
      (most, ms) => (ms !== null && (most === null || ms > most) ? ms : most),
      null,
    );
    if (longest !== null && held && isLonger(longest, held, FACTOR))
      return [describe(node, longest, held.mean, 'held')];
    const { flushMs } = node.now;
    const isFed = (node.now.inPerSec ?? 0) > 0.5 * (node.past.inPerSec ?? 0);
    if (held === null && flushMs !== null && flush && isFed && isLonger(flushMs, flush, FLUSH_FACTOR)) {
      return [describe(node, flushMs, flush.mean, 'between two flushes')];
    }
    return [];
  });
}

function isLonger(ms: number, usual: Usual, factor: number): boolean {
  return (
    ms >= usual.mean * factor &&
    ms >= usual.mean + SIGMAS * usual.spread &&
    ms >= usual.most * 1.2 &&
    ms >= usual.mean + LEAST_MS
  );
}

function describe(node: NodeView, ms: number, before: number, what: string): Candidate {
  return {
    kind: 'stateful_delay',
    place: { kind: 'node', node: node.id },
    weight: lateness((ms - before) / 1_000) * (node.now.inPerSec ?? 1),
    title: `${node.id} holds items back`,
    evidence: [
      nodeEvidence(node.id, `${milliseconds(ms)} ${what}, ${milliseconds(before)} before`, ms, 'ms'),
      ...(node.now.inPerSec === null
        ? []
        : [nodeEvidence(node.id, `neither waiting nor working: ${node.id} gathers them`, null, '')]),
    ],
    advice: `Look at the size and the timeout of ${node.id}: what it waits for comes too seldom.`,
  };
}
