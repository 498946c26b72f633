/**
 * Stalls: a node that takes nothing and finishes nothing while something waits for it, for far longer than any batch
 * used to take it. Nodes that merely wait for it are quiet too: the lowest of a quiet chain is named.
 */
import { type Candidate, edgeEvidence, milliseconds, nodeEvidence } from './candidate';
import { delayed } from './harm';
import {
  blockedShare,
  type EdgeView,
  edgeName,
  edgesInto,
  edgesOutOf,
  type NodeView,
  type PipelineView,
  WINDOW_SECONDS,
} from './view';

/** As many usual working times without an end are no chance; nor is this many times the longest ever seen. */
const USUAL_TIMES = 9;
const LONGEST_TIMES = 2.2;
const PASSES_ON = 0.3;
const LASTS_SECONDS = 4;
const AT_WORK = 0.98;
/** What waits behind it is not lost, as what fails is. */
const STILL_COMES = 0.75;

export function stalledNodes(view: PipelineView): Candidate[] {
  const quiet = [...view.nodes.values()].filter((node) => isStuck(view, node));
  const ids = new Set(quiet.map(({ id }) => id));
  return quiet
    .filter((node) => !edgesOutOf(view, node.id).some(({ to }) => ids.has(to)))
    .map((node) => describe(view, node));
}

function isStuck(view: PipelineView, node: NodeView): boolean {
  const { quietSeconds } = node.now;
  if (quietSeconds < 1 || node.kind === 'receiver') return false;
  // It says itself what it does with what it holds: it tries again.
  if (node.latest.failingSaid > 0) return false;
  if (
    node.latest.blocked !== null ? node.latest.blocked >= PASSES_ON : blockedShare(view, node) >= PASSES_ON
  ) {
    return false;
  }
  if (edgesOutOf(view, node.id).some(isBrimful)) return false;
  const waits = edgesInto(view, node.id).some(({ depth }) => (depth ?? 0) > 0);
  const inHand = node.latest.inFlight ?? node.now.inFlight ?? 0;
  const works = (node.latest.busy ?? 0) >= AT_WORK || inHand >= 0.98 * node.concurrency;
  if (!waits && !works) return false;
  if (isHalted(node)) return waits;
  const before = node.past?.meanMs ?? meanByFlight(node);
  // What takes longer now is slow: that it is quiet for as long is no standstill.
  const usual = before === null ? null : Math.max(before, node.latest.typicalMs ?? 0);
  // A source that tells no working times at all: only a silence that was never heard says it.
  if (usual === null) return node.past !== null && works && quietSeconds >= node.past.quietSeconds + 2;
  const services = (quietSeconds * 1_000 * Math.max(1, node.concurrency)) / Math.max(usual, 0.01);
  const longest = node.past?.maxMs ?? usual * 4;
  if (services < USUAL_TIMES || quietSeconds * 1_000 < longest * LONGEST_TIMES) return false;
  // Where nobody says that it works, what waits has to wait for it alone.
  return waits ? isAlone(view, node) : true;
}

/** Of a source that tells no working times: requests in hand over requests a second. */
function meanByFlight({ past }: NodeView): number | null {
  if (!past?.inFlight || past.slices === 0) return null;
  const perSec = past.batchesPerSec ?? past.handled / (past.slices * WINDOW_SECONDS);
  return perSec > 0 ? (past.inFlight.mean / perSec) * 1_000 : null;
}

function isHalted({ state }: NodeView): boolean {
  return state === 'drained' || state === 'stopped' || state === 'draining';
}

function isBrimful({ depth, capacity }: EdgeView): boolean {
  return depth !== null && capacity !== null && depth >= capacity;
}

/** It neither awaits an outcome: then whatever it sent to would be at work. */
function isAlone(view: PipelineView, node: NodeView): boolean {
  if (node.now.busy !== null) return (node.latest.busy ?? 0) >= 0.5 || isHalted(node);
  return !edgesOutOf(view, node.id).some(
    (edge) => (edge.depth ?? 0) > 0 && (view.nodes.get(edge.to)?.now.quietSeconds ?? 0) > 0,
  );
}

function describe(view: PipelineView, node: NodeView): Candidate {
  const input = edgesInto(view, node.id).find(({ depth }) => (depth ?? 0) > 0) ?? edgesInto(view, node.id)[0];
  const { quietSeconds } = node.now;
  const usual = node.past?.meanMs ?? null;
  const halted = isHalted(node);
  return {
    kind: 'stall',
    place: { kind: 'node', node: node.id },
    // Short ones are made up for: the longer it lasts, the more of what comes is missing.
    weight:
      STILL_COMES * Math.min(1, quietSeconds / LASTS_SECONDS) * (node.past?.inPerSec ?? 1) +
      delayed(view, node.id),
    certain: true,
    title: halted ? `${node.id} is ${node.state} while batches wait for it` : `Stalled: ${node.id}`,
    evidence: [
      nodeEvidence(
        node.id,
        `${node.id} has taken and finished nothing for ${quietSeconds} s${quietSeconds >= WINDOW_SECONDS ? ' or longer' : ''}${usual === null ? '' : `; a batch takes it ${milliseconds(usual)}`}`,
        quietSeconds,
        's',
      ),
      ...(input
        ? [
            edgeEvidence(
              input.id,
              `${edgeName(input)} holds ${input.depth ?? '?'} of ${input.capacity ?? '?'}`,
              input.depth,
              '',
            ),
          ]
        : []),
    ],
    advice: halted
      ? `Set ${node.id} running again: nothing is lost meanwhile, its senders wait.`
      : `Look at the batch in its hands; a restart of ${node.id} gives back what it holds.`,
  };
}
