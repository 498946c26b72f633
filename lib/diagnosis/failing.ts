/** Failures where they begin, and items that go missing. A node that only passes a failure on is not named. */
import { type Candidate, nodeEvidence, percent, rate } from './candidate';
import type { NodeView, PipelineView } from './view';

/** A share of failures that a pipeline lives with is its own past; only well above that is an incident. */
const LEAST_FAILING = { exporter: 0.05, other: 0.02 } as const;
const PAST_FACTOR = 3;
/** Without a past to compare with, only plain trouble is said. */
const FAILING_WITHOUT_PAST = 0.2;
/** Standard deviations by which the failed handlings exceed what the past lets expect: fewer are chance. */
const BEYOND_CHANCE = 4;

export function failingNodes(view: PipelineView): Candidate[] {
  return [...view.nodes.values()].flatMap((node) => {
    const share = node.now.failing;
    if (share === null || share < threshold(node)) return [];
    if (!isBeyondChance(node, share)) return [];
    return [node.kind === 'exporter' ? failingDestination(view, node, share) : errorBurst(view, node, share)];
  });
}

function threshold(node: NodeView): number {
  const least = node.kind === 'exporter' ? LEAST_FAILING.exporter : LEAST_FAILING.other;
  const past = node.past?.failing ?? null;
  return past === null
    ? Math.max(least, FAILING_WITHOUT_PAST)
    : Math.max(least, past * PAST_FACTOR, past + least);
}

/**
 * Failed handlings are counted events: of `n`, a share `p` fails by chance `np ± √(np)` times (Poisson), never less
 * than ± 1. Where a source does not count handlings, the share alone has to do.
 */
function isBeyondChance(node: NodeView, share: number): boolean {
  const { handled } = node.now;
  if (handled === 0) return true;
  const expected = handled * (node.past?.failing ?? 0);
  return handled * share >= expected + BEYOND_CHANCE * Math.sqrt(Math.max(1, expected));
}

function failingDestination(view: PipelineView, node: NodeView, share: number): Candidate {
  return {
    kind: 'failing_destination',
    place: { kind: 'node', node: node.id },
    weight: share * (node.now.inPerSec ?? 1),
    title: `Destination of ${node.id} fails`,
    evidence: [...failureEvidence(node, share), ...passedOn(view, node)],
    advice: `Look at its answers in the failed batches; a retry before ${node.id} bridges a short outage.`,
  };
}

function errorBurst(view: PipelineView, node: NodeView, share: number): Candidate {
  return {
    kind: 'error_burst',
    place: { kind: 'node', node: node.id },
    weight: share * (node.now.inPerSec ?? 1),
    title: `Errors begin in ${node.id}`,
    evidence: [...failureEvidence(node, share), ...passedOn(view, node)],
  };
}

function failureEvidence(node: NodeView, share: number) {
  const past = node.past?.failing ?? null;
  const was = past === null ? '' : `, ${percent(past)} before`;
  return [nodeEvidence(node.id, `${percent(share)} of what ${node.id} takes fails there${was}`, share, '1')];
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

/** What a filter takes out is meant; a jump of it is not. */
const REDUCTION_JUMP = 0.3;

export function losingNodes(view: PipelineView): Candidate[] {
  return [...view.nodes.values()].flatMap((node) => [...lost(node), ...reducedMore(node)]);
}

function lost(node: NodeView): Candidate[] {
  const perSec = node.now.lostPerSec ?? 0;
  if (perSec <= 0) return [];
  const reasons = node.now.lostReasons.join(', ');
  const share = node.now.inPerSec ? Math.min(1, perSec / node.now.inPerSec) : null;
  // A processor that goes on as if nothing were amiss drops; where the way ends, data is lost.
  const kind = node.kind === 'processor' ? 'drop' : 'loss';
  return [
    {
      kind,
      place: { kind: 'node', node: node.id },
      weight: perSec,
      title: kind === 'drop' ? `${node.id} drops items` : `Items are lost at ${node.id}`,
      evidence: [
        nodeEvidence(
          node.id,
          `${rate(perSec)} items lost${reasons ? ` (${reasons})` : ''}${share === null ? '' : `, ${percent(share)} of what it takes`}`,
          perSec,
          'item/s',
        ),
      ],
    },
  ];
}

function reducedMore(node: NodeView): Candidate[] {
  const { inPerSec, reducedPerSec } = node.now;
  const before = node.past?.reducedShare ?? null;
  if (!inPerSec || reducedPerSec === null || before === null) return [];
  const share = Math.min(1, reducedPerSec / inPerSec);
  if (share < before + REDUCTION_JUMP) return [];
  return [
    {
      kind: 'drop',
      place: { kind: 'node', node: node.id },
      weight: (share - before) * inPerSec,
      title: `${node.id} takes out far more than before`,
      evidence: [
        nodeEvidence(
          node.id,
          `${percent(share)} of the items taken out, ${percent(before)} before`,
          share,
          '1',
        ),
      ],
      advice: `Look at the last change of ${node.id}'s configuration, and at what its input carries now.`,
    },
  ];
}
