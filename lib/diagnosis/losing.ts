/** Items that go missing: told as lost, taken out more than usual, or gone without a word. */
import { type Candidate, nodeEvidence, percent, rate } from './candidate';
import { usualRate } from './harm';
import { stayingAway } from './staying-away';
import { edgesOutOf, type NodeView, type PipelineView, WINDOW_SECONDS } from './view';

/** What a filter takes out is meant; a jump of it is not. */
const REDUCTION_JUMP = 0.3;
/** What comes out by what goes in: so many standard deviations, and so much of it, below what was usual. */
const SHORT_SIGMAS = 5.5;
const SHORT_SHARE = 0.05;
const SHORT_BATCHES = 4;
/** All but rounding. */
const TURNED_AWAY = 0.999;

export function losingNodes(view: PipelineView): Candidate[] {
  return [...view.nodes.values()].flatMap((node) => {
    const told = lost(view, node);
    // What the queue below turns away is counted there.
    const isTurnedAway = edgesOutOf(view, node.id).some(
      ({ to }) => (view.nodes.get(to)?.now.overflowPerSec ?? 0) > 0,
    );
    return [...told, ...reducedMore(node), ...(told.length > 0 || isTurnedAway ? [] : vanishing(view, node))];
  });
}

function lost(view: PipelineView, node: NodeView): Candidate[] {
  const perSec = node.now.lostPerSec ?? 0;
  if (perSec <= 0) return [];
  const overflow = node.now.overflowPerSec ?? 0;
  // What an exporter gives up after failing is told by the failure.
  const isFailure = node.kind === 'exporter' && (node.now.failing ?? 0) > 0 && overflow <= 0;
  if (isFailure) return [];
  const reasons = node.now.lostReasons.join(', ');
  const share = node.now.inPerSec ? Math.min(1, perSec / node.now.inPerSec) : null;
  // A processor that goes on as if nothing were amiss drops; where the way ends, data is lost.
  const kind = node.kind === 'processor' ? 'drop' : 'loss';
  return [
    {
      kind,
      place: { kind: 'node', node: node.id },
      weight: Math.max(perSec, (share ?? 0) * usualRate(node)),
      certain: true,
      turnedAway: overflow > TURNED_AWAY * perSec,
      title: kind === 'drop' ? `${node.id} drops items` : `Items are lost at ${node.id}`,
      evidence: [
        nodeEvidence(
          node.id,
          `${rate(perSec)} items lost${reasons ? ` (${reasons})` : ''}${share === null ? '' : `, ${percent(share)} of what it takes`}`,
          perSec,
          'item/s',
        ),
        ...queueEvidence(view, node, overflow),
      ],
      ...(overflow > 0 && {
        advice: `The queue of ${node.id} turned them away. A larger one buys time; what ends it is a faster destination or more requests at once.`,
      }),
    },
  ];
}

function queueEvidence(view: PipelineView, node: NodeView, overflow: number) {
  if (overflow <= 0) return [];
  return view.edges
    .filter(({ to, depth, capacity }) => to === node.id && depth !== null && capacity !== null)
    .slice(0, 1)
    .map((edge) => ({
      text: `its queue holds ${edge.depth} of ${edge.capacity}: these wait and are not lost`,
      value: edge.depth,
      unit: '',
      link: `edge:${edge.id}`,
    }));
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

/** In and out are counted, and out falls behind without a failure, a loss or a reduction that says why. */
function vanishing(view: PipelineView, node: NodeView): Candidate[] {
  const { now, past } = node;
  const away = Math.max(vanishedNow(view, node), stayingAway(view, node));
  if (away > 0) return [gone(node, away)];
  const uncounted = uncountedBatches(node);
  if (uncounted !== null) return uncounted > 0 ? [gone(node, uncounted)] : [];
  const usual = past?.yield ?? null;
  if (node.kind === 'exporter' || node.kind === 'receiver' || node.stateful || usual === null || !past)
    return [];
  if (!now.inPerSec || now.outPerSec === null || usual.mean <= 0 || now.itemsPerBatch === null) return [];
  // What fails is missing as often as it would have come out: a fan-out's in each copy.
  const explained = (now.reducedPerSec ?? 0) + (now.failing ?? 0) * now.inPerSec * Math.max(1, usual.mean);
  const yields = (now.outPerSec + explained) / now.inPerSec;
  const expected = usual.mean + (past.reducedShare ?? 0);
  const missing = (expected - yields) * now.inPerSec;
  const band = Math.max(SHORT_SHARE * expected, SHORT_SIGMAS * usual.spread);
  if (expected - yields < band || missing * 5 < SHORT_BATCHES * now.itemsPerBatch) return [];
  // Who tells how it spends its time counts its losses too: nothing is left to be guessed.
  if (now.busy !== null) return [];
  // What it still has in its hands is not gone.
  if ((now.blocked ?? 0) > 0.3 || now.quietSeconds > 0) return [];
  return [
    {
      kind: 'drop',
      place: { kind: 'node', node: node.id },
      weight: missing,
      title: `Items vanish in ${node.id}`,
      evidence: [
        nodeEvidence(
          node.id,
          `${rate(now.outPerSec)} items out of ${rate(now.inPerSec)} in; ${percent(yields)} come through, ${percent(expected)} before`,
          yields,
          '1',
        ),
      ],
      advice: `Nothing counts them as lost, failed or filtered: look at what ${node.id} does with its input.`,
    },
  ];
}

/** What a node holds of batches hovers between none and its workers; two more than ever are not in its hands. */
const MORE_THAN_EVER = 2;
const HOVERS = 2;

/** Null where batches are not counted, or in and out never were alike (a fan-out, a filter that takes whole batches). */
function uncountedBatches({ now, past }: NodeView): number | null {
  const usual = past?.unaccounted ?? null;
  if (now.busy !== null || now.unaccounted === null || usual === null) return null;
  if (usual.spread > HOVERS || Math.abs(usual.mean) > 50) return null;
  const more = now.unaccounted - usual.most;
  return more >= MORE_THAN_EVER - 0.01 ? now.unaccounted - usual.mean : 0;
}

/** Most of a batch. */
const MOST_OF_ONE = 0.5;
/** So rarely may its hands hold as many at one look; they would have to at each of five. */
const RARELY = 0.05;
const LEAST_SLICES = 8;
const FILLS = 0.3;

function vanishedNow(view: PipelineView, { id, now, past }: NodeView): number {
  const usual = past?.vanished ?? null;
  const { vanished, typicalMs } = now;
  if (vanished === null || usual === null || typicalMs === null || !past || past.slices < LEAST_SLICES)
    return 0;
  if (usual.spread > HOVERS || Math.abs(usual.mean) > HOVERS || now.quietSeconds > 0) return 0;
  // What it cannot hand on is in its hands, too.
  if (edgesOutOf(view, id).some((edge) => (edge.utilization ?? 0) >= FILLS)) return 0;
  const inHand = (now.handled / WINDOW_SECONDS) * (typicalMs / 1_000);
  const needed = handful(inHand) - MOST_OF_ONE;
  return vanished >= Math.max(0, usual.most) + needed ? vanished : 0;
}

/** The fewest batches that a node's hands, with so many in them on the mean, rarely hold at once (Poisson). */
function handful(mean: number): number {
  let chance = Math.exp(-mean);
  let below = chance;
  let count = 1;
  while (1 - below > RARELY) {
    chance *= mean / count;
    below += chance;
    count++;
  }
  return count;
}

/** One that is seen to go says less than one a window: had none gone in it, nothing would be said. */
const BY_CHANCE = 0.5;
const SCATTERS = 2;

function gone(node: NodeView, batches: number): Candidate {
  const { inPerSec, outPerSec, itemsPerBatch } = node.now;
  const perBatch = itemsPerBatch ?? 1;
  const missing = (inPerSec ?? 0) * (node.past?.yield?.mean ?? 1) - (outPerSec ?? inPerSec ?? 0);
  const scatter = SCATTERS * (node.past?.yield?.spread ?? 0) * (inPerSec ?? 0);
  return {
    kind: 'drop',
    place: { kind: 'node', node: node.id },
    weight: Math.max(((batches - BY_CHANCE) * perBatch) / WINDOW_SECONDS, missing - scatter),
    certain: true,
    title: `Batches vanish in ${node.id}`,
    evidence: [
      nodeEvidence(
        node.id,
        `${Math.round(batches)} batches went in and neither came out nor failed`,
        Math.round(batches),
        '',
      ),
    ],
    advice: `Nothing counts them as lost, failed or filtered: look at what ${node.id} does with its input.`,
  };
}
