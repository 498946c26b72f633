/** Slower than its own past, by working times; where none are told, by the requests under way. */
import { type Candidate, lateness, milliseconds, nodeEvidence } from './candidate';
import { delayed, load, shortfall } from './harm';
import { GROWN_UP_SLICES } from './past';
import { type NodeFigures, type NodePast, type NodeView, type PipelineView, WINDOW_SECONDS } from './view';

const SLOWER_FACTOR = 1.25;
const SHORT_BY_ITSELF = 0.5;
const WITHOUT_REST = 0.9;
const SLOWER_SIGMAS = 3.9;
/** A young past has not seen all of how times scatter. */
const YOUNG_WIDER = 0.3;
/** Below this a change of working time is of no use to anyone. */
const LEAST_MS = 0.2;
const LEAST_HANDLED = 4;
/** A shorter window spreads wider than those that the past was read from. */
const LATEST_WIDER = 1.6;
/** Where so large a share of all nodes is slower at once, the machine is. */
const MOST_OF_THEM = 0.6;

export function slowerNodes(view: PipelineView): Candidate[] {
  const seconds = windowOf(view);
  const known = [...view.nodes.values()].filter(
    (node) => usualMs(node, seconds) !== null && node.now.handled > 0,
  );
  const slow = known.flatMap((node) => {
    const ms = slowTime(node) ?? slowFlight(node, seconds);
    return ms === null ? [] : [{ node, ms }];
  });
  if (slow.length >= 4 && slow.length > MOST_OF_THEM * known.length) return [];
  return slow.map(({ node, ms }) => slower(view, node, ms));
}

/** Typical working time of the last seconds, where it is beyond what was usual; else null. */
function slowTime(node: NodeView): number | null {
  if (node.kind === 'receiver' || !node.past) return null;
  if (isSlower(node.now, node.past, 1)) return node.now.typicalMs;
  return isSlower(node.latest, node.past, LATEST_WIDER) ? node.latest.typicalMs : null;
}

/** Where no working times are told: more requests under way than ever, though no more come. */
const FLIGHT_FACTOR = 1.7;
const FLIGHT_SIGMAS = 4.5;
const FLIGHT_OVER_MOST = 1.25;
const NO_MORE = 1.2;

function slowFlight({ now, past }: NodeView, seconds: number): number | null {
  const usual = past?.inFlight ?? null;
  const before = past === null ? null : flightMs(past, seconds);
  if (now.typicalMs !== null || now.inFlight === null || usual === null || before === null || !past)
    return null;
  if (past.slices < GROWN_UP_SLICES || now.handled > (NO_MORE * past.handled) / past.slices) return null;
  if (now.inFlight < usual.mean * FLIGHT_FACTOR || now.inFlight < usual.most * FLIGHT_OVER_MOST) return null;
  if (now.inFlight < usual.mean + FLIGHT_SIGMAS * usual.spread || now.handled < LEAST_HANDLED) return null;
  return (now.inFlight / now.handled) * seconds * 1_000;
}

/** Seconds of a window: whole reports. */
function windowOf({ reportSeconds }: PipelineView): number {
  return Math.max(WINDOW_SECONDS, reportSeconds);
}

/** By Little's law: under way over requests a second. */
function flightMs({ inFlight, handled, slices, meanMs }: NodePast, seconds: number): number | null {
  if (meanMs !== null || inFlight === null || handled <= 0) return null;
  return (inFlight.mean / (handled / slices)) * seconds * 1_000;
}

function usualMs({ past }: NodeView, seconds: number): number | null {
  return past === null ? null : (past.meanMs ?? flightMs(past, seconds));
}

function isSlower(figures: NodeFigures, past: NodePast, wider: number): boolean {
  const { typicalMs, handled } = figures;
  if (typicalMs === null || past.meanMs === null || handled < LEAST_HANDLED) return false;
  // Larger batches take longer: that is no fault of who works on them.
  const larger =
    figures.itemsPerBatch !== null && past.itemsPerBatch ? figures.itemsPerBatch / past.itemsPerBatch : 1;
  const expected = past.meanMs * Math.max(1, larger);
  // Working times scatter upwards by factors, not by sums.
  const young = past.slices < GROWN_UP_SLICES ? YOUNG_WIDER : 0;
  const sigmas = SLOWER_SIGMAS * wider * (1 + 3 / past.slices + young);
  const scatter = Math.exp((sigmas * (past.meanMsSpread ?? 0)) / Math.max(past.meanMs, 1e-6));
  return typicalMs > Math.max(expected * Math.max(SLOWER_FACTOR, scatter), expected + LEAST_MS);
}

function slower(view: PipelineView, node: NodeView, ms: number): Candidate {
  const pastMs = usualMs(node, windowOf(view)) ?? ms;
  const isExporter = node.kind === 'exporter';
  return {
    kind: isExporter ? 'slow_destination' : 'slower',
    place: { kind: 'node', node: node.id },
    weight:
      lateness((ms - pastMs) / 1_000) * (node.now.inPerSec ?? 1) +
      delayed(view, node.id) +
      // What it takes less than before waits for it, or, unless it works without rest, comes less by itself.
      (load(node, node.latest) >= WITHOUT_REST ? 1 : SHORT_BY_ITSELF) * shortfall(node),
    certain: ms > 2 * pastMs && node.latest.handled >= LEAST_HANDLED,
    title: isExporter ? `Destination of ${node.id} is slow` : `${node.id} is slower than before`,
    evidence: [
      nodeEvidence(
        node.id,
        `${milliseconds(ms)} working time a batch, ${milliseconds(pastMs)} before`,
        ms,
        'ms',
      ),
    ],
  };
}
