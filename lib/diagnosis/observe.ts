/** Reads the view that detectors judge from the series of one engine. */
import type { Entity, FactAttributes } from '@/lib/model/facts';
import { channelParts, utilizationOf } from '@/lib/store/series/channel-utilization';
import { errorRatio, inMs, shareOf } from '@/lib/store/series/node-figures';
import {
  amountOf,
  gaugeAt,
  gaugeMean,
  histogramOf,
  rateOf,
  splitsOf,
  totalOf,
  windowEnding,
} from '@/lib/store/series/query';
import { type Span, secondsOf } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import type { WindowHistogram } from '@/lib/store/series/window-histogram';
import type { MapEdge, MapNode } from '@/lib/topology/compose';
import type { TopologyVersion } from '@/lib/topology/topology-model';
import { exporterQueues } from './exporter-queues';
import type { PastMemory } from './past';
import { OVERFLOW, openLooks, vanishedBatches } from './vanished';
import { type EdgeView, type NodeFigures, type NodeView, type PipelineView, WINDOW_SECONDS } from './view';

const LATEST_SECONDS = 2;
const TREND_SECONDS = 18;

export function observe(
  reader: SeriesReader,
  version: TopologyVersion,
  atNano: bigint,
  onset: number | null,
  past: PastMemory,
): PipelineView {
  const at = secondsOf(atNano);
  const span = windowEnding(reader, at, WINDOW_SECONDS);
  const latest = windowEnding(reader, at, LATEST_SECONDS);
  const channels = channelsInto(version);
  const targets = targetsOf(version);
  const read = (node: MapNode, of: Span) =>
    figuresOf(reader, node, of, channels.get(node.id) ?? [], targets.get(node.id) ?? []);
  const figures = new Map(version.nodes.map((node) => [node.id, read(node, span)]));
  const edges = version.edges.map((edge) => edgeFigures(reader, edge, span));
  past.learn({ at, nodes: figures, edges: new Map(edges.map((edge) => [edge.id, edge])) }, onset);
  const nodes = version.nodes.map((node): [string, NodeView] => {
    const entity: Entity = { kind: 'node', node: node.id };
    return [
      node.id,
      {
        id: node.id,
        kind: node.kind,
        type: node.type,
        stateful: node.stateful,
        state: node.state,
        concurrency: gaugeAt(reader, entity, 'concurrency', span.to) ?? node.concurrency ?? 1,
        now: figures.get(node.id) ?? read(node, span),
        latest: read(node, latest),
        past: past.node(node.id),
      },
    ];
  });
  return {
    at,
    nodes: new Map(nodes),
    edges: edges.map((edge) => ({ ...edge, past: past.edge(edge.id) })),
    queues: reader.tells('blocked') ? [] : exporterQueues(reader, version, span),
    reportSeconds: reader.interval,
  };
}

function targetsOf(version: TopologyVersion): ReadonlyMap<string, readonly Entity[]> {
  const found = new Map<string, Entity[]>();
  for (const { from, to } of version.edges) {
    found.set(from, [...(found.get(from) ?? []), { kind: 'node', node: to }]);
  }
  return found;
}

function channelsInto(version: TopologyVersion): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { to, channel } of version.edges) found.set(to, (found.get(to) ?? new Set()).add(channel));
  return new Map([...found].map(([node, channels]) => [node, [...channels]]));
}

function figuresOf(
  reader: SeriesReader,
  node: MapNode,
  span: Span,
  channels: readonly string[],
  targets: readonly Entity[],
): NodeFigures {
  const entity: Entity = { kind: 'node', node: node.id };
  const seconds = Math.max(1e-3, span.to - span.from);
  const rate = (measure: Parameters<typeof rateOf>[2]) => rateOf(reader, entity, measure, span);
  const duration = histogramOf(reader, entity, 'duration', span);
  const batches = rate('batches_in');
  const inPerSec = inRate(reader, node, entity, span);
  const lost = lossesOf(reader, entity, span);
  const failing = failingShare(reader, node, entity, span);
  const ended = endedBatches(reader, node, entity, span);
  const handled =
    ended?.all ??
    duration?.count ??
    amountOf(reader, entity, 'batches_in', span) ??
    requests(reader, node, channels, span);
  const flushes = reader.series(entity, 'flushes').length > 0 ? rate('flushes') : null;
  return {
    inPerSec,
    outPerSec: node.kind === 'exporter' ? rate('items_delivered') : rate('items_out'),
    batchesPerSec: batches,
    busy: shareOf(reader, entity, 'busy', span, node.concurrency),
    blocked: shareOf(reader, entity, 'blocked', span, node.concurrency),
    meanMs: inMs(duration?.mean),
    typicalMs: inMs(typical(duration)),
    maxMs: inMs(duration?.max),
    handled,
    failing,
    failed: ended?.failed ?? (failing === null ? null : failing * handled),
    errorRatio: errorRatio(reader, entity, span),
    lostPerSec: lost.perSec,
    overflowPerSec: lost.overflow,
    lostReasons: lost.reasons,
    reducedPerSec: rate('reduced'),
    itemsPerBatch: itemsPerBatch(inPerSec, batches, duration, seconds),
    unaccounted: node.kind === 'processor' && !node.stateful ? unaccounted(reader, entity) : null,
    ...(node.kind === 'processor' && !node.stateful && seconds >= WINDOW_SECONDS
      ? opening(reader, entity, span, itemsPerBatch(inPerSec, batches, duration, seconds), targets)
      : { vanished: null, open: [] }),
    heldMs: node.stateful ? heldMs(reader, entity, span) : null,
    flushMs: flushes === null ? null : 1_000 / Math.max(flushes, 1 / (2 * seconds)),
    inFlight: gaugeMean(reader, entity, 'in_flight', span),
    failingSaid: secondsOfFailing(reader, entity, span),
    routed: routedOf(reader, entity, span, itemsPerBatch(inPerSec, batches, duration, seconds)),
    quietSeconds: quietSeconds(reader, node, entity, span),
  };
}

function opening(
  reader: SeriesReader,
  entity: Entity,
  span: Span,
  perBatch: number | null,
  targets: readonly Entity[],
): Pick<NodeFigures, 'vanished' | 'open'> {
  return {
    vanished: vanishedBatches(reader, entity, span, perBatch, targets),
    open: openLooks(reader, entity, span, perBatch, targets),
  };
}

/** Where batches are not counted, each working time is of one. */
function itemsPerBatch(
  inPerSec: number | null,
  batches: number | null,
  duration: WindowHistogram | null,
  seconds: number,
): number | null {
  const perSec = batches ?? (duration === null ? null : duration.count / seconds);
  return inPerSec === null || perSec === null || perSec <= 0 ? null : inPerSec / perSec;
}

function secondsOfFailing(reader: SeriesReader, entity: Entity, span: Span): number {
  if (reader.series(entity, 'export_failing').length === 0) return 0;
  let seconds = 0;
  for (let to = span.to; to - 1 >= span.from - 1e-6; to -= 1) {
    if (gaugeMean(reader, entity, 'export_failing', { from: to - 1, to }) !== null) seconds++;
  }
  return seconds;
}

/** What left the queues into it, where nothing else is counted by the batch. */
function requests(reader: SeriesReader, node: MapNode, channels: readonly string[], span: Span): number {
  return channels.reduce(
    (sum, channel) =>
      sum + (amountOf(reader, { kind: 'channel', channel, node: node.id }, 'received', span) ?? 0),
    0,
  );
}

function unaccounted(reader: SeriesReader, entity: Entity): number | null {
  if (reader.series(entity, 'batches_out').length === 0) return null;
  const total = (measure: 'batches_in' | 'batches_out' | 'batches_returned') =>
    totalOf(reader, entity, measure) ?? 0;
  return total('batches_in') - total('batches_out') - total('batches_returned');
}

function typical(duration: WindowHistogram | null): number | null {
  if (!duration) return null;
  const middle = duration.quantile(0.5);
  if (!Number.isNaN(middle)) return middle;
  if (duration.count < 3 || Number.isNaN(duration.max)) return duration.mean;
  return (duration.sum - duration.max) / (duration.count - 1);
}

function inRate(reader: SeriesReader, node: MapNode, entity: Entity, span: Span): number | null {
  const taken = rateOf(reader, entity, 'items_in', span);
  if (node.kind !== 'receiver') return taken;
  const made = rateOf(reader, entity, 'items_created', span);
  return taken === null ? made : taken + (made ?? 0);
}

/** Of the items that came to an end here, those that were given back; of a processor, of all that it took. */
function failingShare(reader: SeriesReader, node: MapNode, entity: Entity, span: Span): number | null {
  // Nothing is below an exporter: where a source counts attempts and not what comes back, their failures begin here.
  if (
    node.kind === 'exporter' &&
    reader.series(entity, 'items_returned').length === 0 &&
    !reader.tells('items_returned') &&
    sendFailures(reader, entity, span) === 0
  )
    return errorRatio(reader, entity, span);
  const returned = amountOf(reader, entity, 'items_returned', span);
  const ended =
    node.kind === 'exporter'
      ? amountOf(reader, entity, 'items_delivered', span)
      : amountOf(reader, entity, 'items_out', span);
  // What an exporter gave up after its own retries is lost, and failed first.
  const sendFailed = node.kind === 'exporter' ? sendFailures(reader, entity, span) : 0;
  if ((returned === null && sendFailed === 0) || ended === null) return null;
  const bad = (returned ?? 0) + sendFailed;
  return bad + ended > 0 ? bad / (bad + ended) : null;
}

function sendFailures(reader: SeriesReader, entity: Entity, span: Span): number {
  const isIt = ({ reason }: FactAttributes) => reason === 'send_failed';
  return amountOf(reader, entity, 'dropped', span, isIt) ?? 0;
}

function endedBatches(reader: SeriesReader, node: MapNode, entity: Entity, span: Span) {
  if (!reader.tells('batches_returned')) return null;
  const failed = amountOf(reader, entity, 'batches_returned', span);
  const good = amountOf(reader, entity, node.kind === 'exporter' ? 'batches_delivered' : 'batches_out', span);
  return failed === null || good === null ? null : { failed, all: failed + good };
}

function lossesOf(reader: SeriesReader, entity: Entity, span: Span) {
  const perSec = rateOf(reader, entity, 'dropped', span);
  if (!perSec) return { perSec, overflow: perSec, reasons: [] };
  const reasons = splitsOf(reader, entity, 'dropped', 'reason').filter((reason) => {
    const isIt = (attributes: FactAttributes) => (attributes.reason ?? '') === reason;
    return reason !== '' && (amountOf(reader, entity, 'dropped', span, isIt) ?? 0) > 0;
  });
  const isOverflow = ({ reason }: FactAttributes) => OVERFLOW.test(reason ?? '');
  return { perSec, overflow: rateOf(reader, entity, 'dropped', span, isOverflow), reasons };
}

/** Told as such, else items inside over items a second out. */
function heldMs(reader: SeriesReader, entity: Entity, span: Span): number | null {
  const told = histogramOf(reader, entity, 'held', span);
  if (told) return inMs(told.mean);
  const inside = gaugeMean(reader, entity, 'in_flight_items', span);
  const through = rateOf(reader, entity, 'items_in', span);
  return inside === null || !through ? null : (inside / through) * 1_000;
}

/** Items that are counted one by one go together by the batch: of these many one decides. */
const ITEMS_TOGETHER = 50;

function routedOf(
  reader: SeriesReader,
  entity: Entity,
  span: Span,
  perBatch: number | null,
): ReadonlyMap<string, number> {
  const routed = new Map<string, number>();
  const measure = reader.series(entity, 'batches_out').length > 0 ? 'batches_out' : 'items_out';
  for (const { attributes, data } of reader.series(entity, measure)) {
    if (attributes.port === undefined || data.kind !== 'counter') continue;
    const amount = data.sum(span.from, span.to);
    const key = `${attributes.signal ?? ''} ${attributes.port}`;
    const batches = measure === 'batches_out' ? amount : amount / (2 * (perBatch ?? ITEMS_TOGETHER));
    if (amount > 0) routed.set(key, (routed.get(key) ?? 0) + batches);
  }
  return routed;
}

function quietSeconds(reader: SeriesReader, node: MapNode, entity: Entity, span: Span): number {
  const ends = ['items_out', 'items_delivered', 'items_returned', 'dropped', 'reduced'] as const;
  // Where no working times tell, an exporter with several hands still takes what they have room for at a standstill.
  const isTimed = node.kind !== 'exporter' || reader.series(entity, 'duration').length > 0;
  const measures = isTimed ? (['items_in', ...ends] as const) : ends;
  // What a full queue turns away is no work of the node behind it.
  const isWork = ({ reason }: FactAttributes) => !OVERFLOW.test(reason ?? '');
  let quiet = 0;
  for (let to = span.to; to - 1 >= span.from - 1e-6; to -= 1) {
    const second = { from: to - 1, to };
    const ended = measures.some((measure) => (amountOf(reader, entity, measure, second, isWork) ?? 0) > 1e-9);
    if (ended || node.kind === 'receiver') break;
    quiet++;
  }
  return quiet;
}

function edgeFigures(
  reader: SeriesReader,
  edge: MapEdge,
  span: Span,
): Omit<EdgeView, 'past'> & { past: null } {
  const channel: Entity = { kind: 'channel', channel: edge.channel, node: edge.to };
  const sender: Entity = { kind: 'edge', from: edge.from, port: edge.port, channel: edge.channel };
  const sent = rateOf(reader, sender, 'sent', span);
  const blocked = rateOf(reader, sender, 'blocked_sends', span);
  return {
    id: edge.id,
    from: edge.from,
    to: edge.to,
    port: edge.port,
    channel: edge.channel,
    depth: gaugeAt(reader, channel, 'depth', span.to),
    capacity: gaugeAt(reader, channel, 'capacity', span.to) ?? edge.capacity,
    utilization: utilizationOf(reader, channel, span, edge.capacity, channelParts(reader, channel)).value,
    sentPerSec: sent,
    receivedPerSec: rateOf(reader, channel, 'received', span),
    blockedRatio: sent !== null && blocked !== null && sent > 0 ? Math.min(1, blocked / sent) : null,
    depths: Array.from({ length: TREND_SECONDS }, (_, i) => {
      const second = span.to - TREND_SECONDS + i + 1;
      return gaugeAt(reader, channel, 'depth', second);
    }),
    past: null,
  };
}
