/** What is not broken yet: slower than its own past, a queue that fills, a source that sends more than it ever did. */
import { timeLeft } from './advice';
import { type Candidate, edgeEvidence, milliseconds, nodeEvidence, percent, rate } from './candidate';
import type { EdgeView, NodeView, PipelineView } from './view';

const SLOWER_FACTOR = 1.5;
const SLOWER_SIGMAS = 4;
/** Below this a change of working time is of no use to anyone: neither is that of a node that hardly works. */
const LEAST_MS = 2;
const LEAST_BUSY = 0.05;
const LEAST_HANDLED = 10;

export function slowerNodes(view: PipelineView): Candidate[] {
  return [...view.nodes.values()].flatMap((node) => {
    const { meanMs, handled } = node.now;
    const past = node.past;
    if (meanMs === null || past?.meanMs == null || handled < LEAST_HANDLED) return [];
    if ((node.now.busy ?? 1) < LEAST_BUSY) return [];
    const band = Math.max(
      past.meanMs * SLOWER_FACTOR,
      past.meanMs + SLOWER_SIGMAS * (past.meanMsSpread ?? 0),
      past.meanMs + LEAST_MS,
    );
    return meanMs > band ? [slower(node, meanMs, past.meanMs)] : [];
  });
}

function slower(node: NodeView, meanMs: number, pastMs: number): Candidate {
  const isExporter = node.kind === 'exporter';
  return {
    kind: isExporter ? 'slow_destination' : 'slower',
    place: { kind: 'node', node: node.id },
    weight: (meanMs / pastMs) * (node.now.batchesPerSec ?? 1),
    title: isExporter ? `Destination of ${node.id} is slow` : `${node.id} is slower than before`,
    evidence: [
      nodeEvidence(
        node.id,
        `${milliseconds(meanMs)} working time a batch, ${milliseconds(pastMs)} before`,
        meanMs,
        'ms',
      ),
    ],
  };
}

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
    return [filling(edge, share, trend, left)];
  });
}

function filling(edge: EdgeView, share: number, trend: number, left: number): Candidate {
  return {
    kind: 'queue_filling',
    place: { kind: 'edge', edge: edge.id },
    weight: share,
    title: `${edge.channel} is filling`,
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

const SURGE_FACTOR = 1.8;
/** Above anything it did before, by this much. */
const SURGE_OVER_PEAK = 1.3;

export function surges(view: PipelineView): Candidate[] {
  return [...view.nodes.values()].flatMap((node) => {
    const { inPerSec } = node.now;
    const before = node.past?.inPerSec ?? null;
    const peak = node.past?.peakInPerSec ?? null;
    if (node.kind !== 'receiver' || inPerSec === null || before === null || peak === null) return [];
    if (before <= 0 || inPerSec < before * SURGE_FACTOR || inPerSec < peak * SURGE_OVER_PEAK) return [];
    return [
      {
        kind: 'source_surge' as const,
        place: { kind: 'node' as const, node: node.id },
        weight: inPerSec - before,
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
