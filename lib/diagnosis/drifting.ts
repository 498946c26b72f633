/** What is not broken yet: a queue that fills, a source that sends more than it ever did. */
import { timeLeft } from './advice';
import { type Candidate, edgeEvidence, nodeEvidence, percent, rate } from './candidate';
import { GROWN_UP_SLICES } from './past';
import { type EdgePast, type EdgeView, edgeName, type PipelineView } from './view';

/** A queue that is past a third and would be full within two minutes, steadily. */
const FILLING_FROM = 0.3;
const FILLING_WITHIN = 120;
const ALREADY_FULL = 0.95;

export function fillingQueues(view: PipelineView): Candidate[] {
  const seen = new Set<string>();
  return view.edges.flatMap((edge) => {
    if (seen.has(edge.channel)) return [];
    seen.add(edge.channel);
    const trend = steadyRise(edge.depths);
    const { depth, capacity } = edge;
    if (trend === null || depth === null || capacity === null || capacity < 8) return [];
    const share = depth / capacity;
    const left = timeLeft(capacity - depth, trend);
    if (share < FILLING_FROM || share >= ALREADY_FULL || left > FILLING_WITHIN) return [];
    // How a queue breathes is known from its past only.
    if (edge.past === null || depth <= deepest(edge.past)) return [];
    return [filling(edge, share, trend, left)];
  });
}

/** A young past has not seen how deep the queue goes by itself. */
function deepest({ depth, slices }: EdgePast): number {
  return (1.6 + 14 / slices) * (depth?.most ?? 0);
}

function filling(edge: EdgeView, share: number, trend: number, left: number): Candidate {
  return {
    kind: 'queue_filling',
    place: { kind: 'edge', edge: edge.id },
    weight: share * trend,
    title: `${edgeName(edge)} is filling`,
    evidence: [
      edgeEvidence(
        edge.id,
        `${edge.depth}/${edge.capacity} (${percent(share)}), ${rate(trend)} more`,
        share,
        '1',
      ),
      edgeEvidence(edge.id, `full in about ${Math.max(1, Math.round(left))} s`, left, 's'),
    ],
    advice: `${edge.to} takes ${edge.receivedPerSec === null ? 'less than comes' : `${rate(edge.receivedPerSec)}, less than comes`}: a larger channel only moves the moment.`,
  };
}

/**
 * Rise a second, where each third of the samples lies above the one before it and the ends agree; else null. A queue
 * that breathes has thirds that go up and down.
 */
export function steadyRise(depths: readonly (number | null)[]): number | null {
  const known = depths.filter((depth): depth is number => depth !== null);
  if (known.length < 9) return null;
  const third = Math.floor(known.length / 3);
  const mean = (from: number) =>
    known.slice(from, from + third).reduce((sum, depth) => sum + depth, 0) / third;
  const [low, middle, high] = [mean(0), mean(third), mean(2 * third)];
  if (!(middle > low * 1.05 + 0.5 && high > middle * 1.05 + 0.5)) return null;
  return (high - low) / (2 * third);
}

/** More load harms by what it presses upon; by itself it hardly does. */
const SURGE_HARM = 0.03;
const SURGE_FACTOR = 1.45;
const SURGE_SIGMAS = 4;
/** Above anything it did before, by this much. */
const SURGE_OVER_PEAK = 1.15;
/** A young past has not seen all of how the load breathes. */
const SURGE_OVER_YOUNG_PEAK = 1.5;
/** So far above the peak no crest of the load goes. */
const SURGE_FAR_OVER_PEAK = 1.3;
const SURGE_FAR_SIGMAS = 6;

export function surges(view: PipelineView): Candidate[] {
  return [...view.nodes.values()].flatMap((node) => {
    const { inPerSec } = node.now;
    const before = node.past?.inPerSec ?? null;
    const peak = node.past?.peakInPerSec ?? null;
    if (node.kind !== 'receiver' || inPerSec === null || before === null || peak === null) return [];
    const spread = node.past?.inSpread ?? 0;
    const slices = node.past?.slices ?? 0;
    if (
      before <= 0 ||
      inPerSec < before * SURGE_FACTOR ||
      inPerSec < peak * (slices >= GROWN_UP_SLICES ? SURGE_OVER_PEAK : SURGE_OVER_YOUNG_PEAK)
    )
      return [];
    if (inPerSec < before + SURGE_SIGMAS * spread) return [];
    return [
      {
        kind: 'source_surge' as const,
        place: { kind: 'node' as const, node: node.id },
        weight: SURGE_HARM * (inPerSec - before),
        ...(slices >= GROWN_UP_SLICES &&
          inPerSec > Math.max(peak * SURGE_FAR_OVER_PEAK, before + SURGE_FAR_SIGMAS * spread) && {
            opensAfter: 0,
          }),
        title: `${node.id} receives far more than before`,
        evidence: [
          nodeEvidence(
            node.id,
            `${rate(inPerSec)} items, ${rate(before)} before, never above ${rate(peak)}`,
            inPerSec,
            'item/s',
          ),
        ],
      },
    ];
  });
}
