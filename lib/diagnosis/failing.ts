/** Failures where they begin. A node that only passes a failure on is not named. */
import { type Candidate, nodeEvidence, percent, rate } from './candidate';
import { delayed, shortfall as lessThanBefore, usualRate } from './harm';
import { edgesInto, type NodeView, type PipelineView } from './view';

/** A share of failures that a pipeline lives with is its own past; only well above that is an incident. */
const PAST_FACTOR = 2;
/** Without a past to compare with, only plain trouble is said. */
const FAILING_WITHOUT_PAST = 0.2;
/** Standard deviations by which the failed handlings exceed what the past lets expect: fewer are chance. */
const BEYOND_CHANCE = 4.5;
/**
 * After so many handlings without a single failure the first one is news; before, it takes two. A destination is
 * elsewhere and fails now and then; what only computes does not.
 */
const SPOTLESS = 500;
const SPOTLESS_INSIDE = 100;
const FIRST_EVER = 0.1;
const UNLIKELY = 3e-3;
const UNLIKELY_WHILE_YOUNG = 5e-4;
const GROWN_UP = 9;
/** Attempts that fail now and then, in so few windows, are no reason to keep silent of more. */
const RARELY = 0.15;
/** In so many of the last seconds, or once after so many windows without it. */
const AGAIN_AND_AGAIN = 3;
const LONG_SILENT = 15;
const LEAST_SHORTFALL = 0.1;
const BY_CHANCE = 0.5;

export function failingNodes(view: PipelineView): Candidate[] {
  return [...view.nodes.values()].flatMap((node) => {
    const certainty = howSure(node);
    if (certainty === 'no') return [];
    const share = node.now.failing ?? 0;
    return [describe(view, node, share, certainty === 'certain')];
  });
}

/**
 * Failed handlings are counted events: of `n`, a share `p` fails by chance `np ± √(np)` times (Poisson), never less
 * than ± 1.
 */
function howSure({ kind, now, past }: NodeView): 'no' | 'likely' | 'certain' {
  const { failing, failed, handled } = now;
  if (past !== null && past.failingSaid <= RARELY) {
    if (now.failingSaid >= AGAIN_AND_AGAIN) return 'certain';
    if (now.failingSaid > 0 && past.failingSaid === 0 && past.slices >= LONG_SILENT) return 'likely';
  }
  if (failing === null || failed === null || failing <= 0) return 'no';
  // What an exporter gave up is lost: that is said with the first of it.
  const gaveUp = kind === 'exporter' && (now.lostPerSec ?? 0) > 0 && (now.overflowPerSec ?? 0) <= 0;
  if (gaveUp && (past === null || past.failed < 0.5)) return 'certain';
  if (handled > 0 && failed < 0.999) return 'no';
  if (past === null || past.handled === 0) {
    return failing >= FAILING_WITHOUT_PAST && (handled === 0 || failed >= 2) ? 'likely' : 'no';
  }
  if (past.failed < 0.5) {
    // As likely as this, had they failed as often all along without one of them showing before.
    const chance = (handled / (handled + past.handled)) ** failed;
    const spotless = kind === 'processor' ? SPOTLESS_INSIDE : SPOTLESS;
    if (failed < 1.999)
      return past.slices >= GROWN_UP && past.handled >= spotless && chance <= FIRST_EVER ? 'likely' : 'no';
    // A young past may have been lucky.
    const unlikely = past.slices >= GROWN_UP ? UNLIKELY : UNLIKELY_WHILE_YOUNG;
    return chance > unlikely ? 'no' : chance > unlikely / 20 ? 'likely' : 'certain';
  }
  const usual = (handled * past.failed) / past.handled;
  if (failing < (PAST_FACTOR * past.failed) / past.handled) return 'no';
  const variance = (usual + usual ** 2 / past.failed) * past.failedInBursts;
  const beyond = (failed - usual - 1) / Math.sqrt(Math.max(1, variance));
  return beyond < BEYOND_CHANCE ? 'no' : beyond < 2 * BEYOND_CHANCE ? 'likely' : 'certain';
}

function describe(view: PipelineView, node: NodeView, share: number, certain: boolean): Candidate {
  const isExporter = node.kind === 'exporter';
  const limiter = /memory_?limit/.test(node.type);
  return {
    kind: limiter ? 'memory_limited' : isExporter ? 'failing_destination' : 'error_burst',
    place: { kind: 'node', node: node.id },
    weight: Math.max(
      firstAside(node) * givenUp(view, node, share) * (usualRate(node) || 1),
      heldUpBefore(view, node),
      node.now.failingSaid > 0 ? shortfall(view, node) : 0,
    ),
    certain,
    title: limiter
      ? `${node.id} refuses: memory is at its limit`
      : isExporter
        ? `Destination of ${node.id} fails`
        : `Errors begin in ${node.id}`,
    evidence: [...failureEvidence(node, share), ...fate(node), ...passedOn(view, node)],
    ...(limiter
      ? {
          advice: `What ${node.id} refuses is told to the sender, who may try again. More memory, or less in queues and batches, ends it.`,
        }
      : isExporter
        ? {
            advice: `Look at its answers in the failed batches; a retry before ${node.id} bridges a short outage.`,
          }
        : {}),
  };
}

function failureEvidence({ id, past }: NodeView, share: number) {
  if (share === 0) {
    return [
      nodeEvidence(id, `${id} says that its attempts fail, and tries again: what it holds waits`, null, ''),
    ];
  }
  const was = past?.failing == null ? '' : `, ${percent(past.failing)} before`;
  return [nodeEvidence(id, `${percent(share)} of what ${id} takes fails there${was}`, share, '1')];
}

/** One that is seen to fail says less than one a window: had none failed in it, nothing would be said. */
function firstAside({ now: { failed } }: NodeView): number {
  return failed === null || failed < 1 ? 1 : (failed - BY_CHANCE) / failed;
}

/** Before a destination that fails, nodes that try again hold what comes to them. */
function heldUpBefore(view: PipelineView, node: NodeView): number {
  return edgesInto(view, node.id).reduce((sum, { from }) => {
    const before = view.nodes.get(from);
    if (!before || !/retry/.test(before.type)) return sum;
    return sum + lessThanBefore(before) + delayed(view, before.id);
  }, 0);
}

/** Behind a node that tries again, what that node gives up in the end. */
function givenUp(view: PipelineView, node: NodeView, share: number): number {
  const retries = edgesInto(view, node.id).map(({ from }) => view.nodes.get(from));
  const [first] = retries;
  if (!first || retries.some((one) => !one || !/retry/.test(one.type))) return share;
  return Math.min(share, Math.max(first.now.errorRatio ?? share, 0.02 * share));
}

/** What comes through less than before, while attempts fail and are repeated: only where it waits for them. */
function shortfall(view: PipelineView, { id, now, past }: NodeView): number {
  const isWaiting = edgesInto(view, id).some((edge) => (edge.depth ?? 0) > (edge.past?.depth?.most ?? 0));
  if (!isWaiting) return LEAST_SHORTFALL;
  return Math.max(LEAST_SHORTFALL, (past?.inPerSec ?? 0) - (now.outPerSec ?? 0)) + delayed(view, id);
}

/** What is lost with it, and what merely waits. */
function fate({ id, now }: NodeView) {
  const lost = now.lostPerSec ?? 0;
  if (lost <= 0) return [];
  const reasons = now.lostReasons.length === 0 ? '' : ` (${now.lostReasons.join(', ')})`;
  return [nodeEvidence(id, `${rate(lost)} items lost at ${id}${reasons}`, lost, 'item/s')];
}

/** Nodes whose handlings fail while nothing begins there: they hear of it. */
function passedOn(view: PipelineView, cause: NodeView) {
  return [...view.nodes.values()]
    .filter(
      (node) => node.id !== cause.id && (node.now.errorRatio ?? 0) > 0.01 && (node.now.failing ?? 0) < 0.005,
    )
    .slice(0, 3)
    .map((node) =>
      nodeEvidence(
        node.id,
        `${node.id} sees ${percent(node.now.errorRatio ?? 0)} fail, none of it its own`,
        node.now.errorRatio,
        '1',
      ),
    );
}
