/**
 * Exporters of engines that do not block: a Collector refuses or loses, an OTAP engine does not tell that it waits.
 * There it shows as requests under way at their limit and a queue that holds something from one report to the next:
 *
 *   traces  ▇▇▇▇▇▇▇▇░░ 31/40   4 of 4 under way   an attempt takes 3.0 s, 10 ms before
 *   logs    ▇▇▇▇░░░░░░ 16/40   4 of 4 under way
 *
 * How bad it is, is the time to drain: what waits over what leaves.
 */
import { type Candidate, edgeEvidence, milliseconds, nodeEvidence, rate } from './candidate';
import { delayed } from './harm';
import { whileYoung } from './hysteresis';
import type { PipelineView, QueueView } from './view';

/** What leaves within this is not waiting, it is passing. */
const LEAST_DRAIN_SECONDS = 1;
/** Beyond the deepest that it was. */
const BREATHES = 1.6;
const LEAST_MORE = 4;
const SLOWER_FACTOR = 1.5;
const QUICK_REPORT_SECONDS = 1.5;
const BREATH_SECONDS = 0.5;
/** Share of attempts that fail from which on that, and not slowness, is what is wrong. */
const MOSTLY_FAILING = 0.5;

export function heldBackExporters(view: PipelineView): Candidate[] {
  const byNode = new Map<string, QueueView[]>();
  for (const queue of view.queues) {
    if (isHeldBack(queue) && isMoreThanEver(view, queue))
      byNode.set(queue.node, [...(byNode.get(queue.node) ?? []), queue]);
  }
  return [...byNode].flatMap(([node, queues]) =>
    (view.nodes.get(node)?.now.failing ?? 0) >= MOSTLY_FAILING ? [] : [heldBack(view, node, queues)],
  );
}

function isHeldBack(queue: QueueView): boolean {
  if (queue.depth < 1 || queue.depthBefore < 1) return false;
  if (drainSeconds(queue) < LEAST_DRAIN_SECONDS) return false;
  // Where it is not known how many there can be, some have to be under way all the same.
  return queue.inFlight === null || queue.inFlight >= (queue.limit ?? 1);
}

/** A queue breathes: what it held before, it may hold again. */
function isMoreThanEver(view: PipelineView, queue: QueueView): boolean {
  const past = pastDepth(view, queue.edge);
  return past === null || queue.depth > Math.max(past.most * BREATHES, past.most + LEAST_MORE);
}

function drainSeconds({ depth, leavingPerSec }: QueueView): number {
  if (leavingPerSec === null) return Number.POSITIVE_INFINITY;
  return depth / leavingPerSec;
}

function heldBack(view: PipelineView, node: string, queues: readonly QueueView[]): Candidate {
  const slowest = queues.find(isSlower);
  const worst = queues.reduce((a, b) => (b.depth > a.depth ? b : a));
  const where = whereOf(view, node, queues);
  return {
    kind: slowest ? 'slow_destination' : 'bottleneck',
    place: { kind: 'node', node },
    weight:
      Math.max(worst.depth / Math.max(1, worst.capacity ?? worst.depth), shortfall(view, node)) +
      delayed(view, node),
    title: slowest ? `Destination of ${node} is slow${where}` : `Bottleneck: ${node}${where}`,
    evidence: [
      ...(slowest ? [serviceEvidence(slowest)] : []),
      ...queues.map(queueEvidence),
      ...queues.flatMap(limitEvidence),
    ],
    advice:
      `What waits is delayed, and lost once a queue is full and nothing upstream can wait. ` +
      `A larger queue buys time; only a faster destination, or more requests at once if it can take them, cures it.`,
    // Two reports in a row have shown it already; where they are a second apart, it has to be seen once more.
    opensAfter: waitsFor(view, queues),
  };
}

function waitsFor(view: PipelineView, queues: readonly QueueView[]): number {
  if (view.reportSeconds >= QUICK_REPORT_SECONDS) return 0;
  // Of a queue that no edge of the map is known to run into, no past is kept.
  const windows = queues.map(({ edge: id }) =>
    id === null ? Number.POSITIVE_INFINITY : (view.edges.find((edge) => edge.id === id)?.past?.slices ?? 0),
  );
  return whileYoung(Math.max(...windows)).opensAfter ?? BREATH_SECONDS;
}

function pastDepth(view: PipelineView, edge: string | null) {
  return view.edges.find(({ id }) => id === edge)?.past?.depth ?? null;
}

/** What comes through less than before. */
function shortfall(view: PipelineView, node: string): number {
  const { past, now } = view.nodes.get(node) ?? {};
  return (past?.inPerSec ?? 0) - (now?.outPerSec ?? now?.inPerSec ?? 0);
}

function isSlower({ serviceMs, serviceBeforeMs }: QueueView): boolean {
  return serviceMs !== null && serviceBeforeMs !== null && serviceMs > serviceBeforeMs * SLOWER_FACTOR;
}

/** Cores are named where they differ: the others have nothing to do. */
function whereOf(view: PipelineView, node: string, queues: readonly QueueView[]): string {
  const all = view.queues.filter((queue) => queue.node === node);
  const parts = queues.map((queue) => queue.part).filter((part) => part.includes('core'));
  return parts.length > 0 && queues.length < all.length ? ` (${parts.join(', ')})` : '';
}

function serviceEvidence({ node, serviceMs, serviceBeforeMs }: QueueView) {
  const before = serviceBeforeMs === null ? '' : `, ${milliseconds(serviceBeforeMs)} before`;
  return nodeEvidence(node, `an attempt takes ${milliseconds(serviceMs ?? 0)}${before}`, serviceMs, 'ms');
}

function queueEvidence(queue: QueueView) {
  const { node, edge, part, depth, capacity, leavingPerSec, unit } = queue;
  const counted = unit === 'messages' ? '' : ` ${unit}`;
  const places = capacity === null ? `${depth}${counted}` : `${depth}/${capacity}${counted}`;
  const drain = drainSeconds(queue);
  const leaves =
    leavingPerSec === null
      ? ''
      : leavingPerSec === 0
        ? ', and nothing leaves'
        : `, ${rate(leavingPerSec)} leave: ${milliseconds(drain * 1_000)} to drain`;
  const name = part === '' ? 'the queue' : `the queue of ${part}`;
  const text = `${name} holds ${places}${leaves}`;
  const seconds = Number.isFinite(drain) ? drain : null;
  return edge === null ? nodeEvidence(node, text, seconds, 's') : edgeEvidence(edge, text, seconds, 's');
}

function limitEvidence({ node, part, inFlight, limit }: QueueView) {
  if (inFlight === null) return [];
  const of = limit === null ? '' : ` of ${limit}`;
  const what = part === '' ? 'requests' : `requests of ${part}`;
  return [nodeEvidence(node, `${inFlight}${of} ${what} are under way`, inFlight, '1')];
}

const TELLS_WAITING: ReadonlySet<Candidate['kind']> = new Set([
  'loss',
  'failing_destination',
  'slow_destination',
  'bottleneck',
]);

/** At an exporter whose queues are known: what is lost, and what merely waits. */
export function withQueues(view: PipelineView, candidate: Candidate): Candidate {
  if (candidate.place.kind !== 'node' || !TELLS_WAITING.has(candidate.kind)) return candidate;
  const { node } = candidate.place;
  const queues = view.queues.filter((queue) => queue.node === node);
  if (queues.length === 0) return candidate;
  return { ...candidate, evidence: [...candidate.evidence, ...account(view, node, queues, candidate.kind)] };
}

/** All queues of an exporter are sized alike; one that never grew does not show it. */
function whatWaits(queues: readonly QueueView[]): string {
  return queues.find(({ unit }) => unit !== 'messages')?.unit ?? 'batches';
}

function account(view: PipelineView, node: string, queues: readonly QueueView[], kind: Candidate['kind']) {
  const lost = view.nodes.get(node)?.now.lostPerSec ?? null;
  const waiting = queues.reduce((sum, { depth }) => sum + depth, 0);
  const told = queues.flatMap(({ inFlight }) => inFlight ?? []);
  const underWay = told.length === 0 ? null : told.reduce((sum, count) => sum + count, 0);
  const lines = [];
  if (kind !== 'loss') {
    const text =
      lost === null ? 'no loss is told' : lost > 0 ? `${rate(lost)} items lost` : 'nothing is lost so far';
    lines.push(nodeEvidence(node, `Lost: ${text}`, lost, 'item/s'));
  }
  const also = underWay === null ? '' : `, ${underWay} under way`;
  const text =
    waiting + (underWay ?? 0) === 0
      ? 'nothing'
      : `${waiting} ${whatWaits(queues)} in its queues${also}, not lost`;
  lines.push(nodeEvidence(node, `Waits: ${text}`, waiting, '1'));
  return lines;
}
