/** Reads the view that detectors judge from the series of one engine. */

import type { Entity, FactAttributes } from '@/lib/model/facts';
import { channelParts, utilizationOf } from '@/lib/store/series/channel-utilization';
import { errorRatio, inMs, shareOf } from '@/lib/store/series/node-figures';
import { amountOf, gaugeAt, histogramOf, rateOf, splitsOf, windowEnding } from '@/lib/store/series/query';
import { type Span, secondsOf } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import type { MapEdge, MapNode } from '@/lib/topology/compose';
import type { TopologyVersion } from '@/lib/topology/topology-model';
import { exporterQueues } from './exporter-queues';
import {
  type EdgeView,
  type NodeFigures,
  type NodePast,
  type NodeView,
  type PipelineView,
  WINDOW_SECONDS,
} from './view';

/** A node's own past: these many seconds, ending this long before now or before the onset of what is open. */
const PAST_SECONDS = 300;
const PAST_GAP = 15;
const ONSET_GAP = 5;
const SLICE_SECONDS = 10;
/** Less past than this is no past. */
const LEAST_PAST_SLICES = 6;
const TREND_SECONDS = 18;

export function observe(
  reader: SeriesReader,
  version: TopologyVersion,
  atNano: bigint,
  onsets: ReadonlyMap<string, number>,
  pasts: PastMemory,
): PipelineView {
  const at = secondsOf(atNano);
  const span = windowEnding(reader, at, WINDOW_SECONDS);
  const nodes = version.nodes.map((node): [string, NodeView] => {
    const onset = onsets.get(node.id) ?? Number.POSITIVE_INFINITY;
    const until = Math.min(at - PAST_GAP, onset - ONSET_GAP);
    return [node.id, nodeView(reader, node, span, until, pasts)];
  });
  return {
    at,
    nodes: new Map(nodes),
    edges: version.edges.map((edge) => edgeView(reader, edge, span)),
    queues: reader.tells('blocked') ? [] : exporterQueues(reader, version, span),
    reportSeconds: reader.interval,
  };
}

function nodeView(
  reader: SeriesReader,
  node: MapNode,
  span: Span,
  pastUntil: number,
  pasts: PastMemory,
): NodeView {
  const entity: Entity = { kind: 'node', node: node.id };
  return {
    id: node.id,
    kind: node.kind,
    stateful: node.stateful,
    concurrency: gaugeAt(reader, entity, 'concurrency', span.to) ?? node.concurrency ?? 1,
    now: figures(reader, node, entity, span),
    past: rememberedPast(reader, node, entity, pastUntil, pasts),
  };
}

function figures(reader: SeriesReader, node: MapNode, entity: Entity, span: Span): NodeFigures {
  const duration = histogramOf(reader, entity, 'duration', span);
  return {
    inPerSec: inRate(reader, node, entity, span),
    batchesPerSec: rateOf(reader, entity, 'batches_in', span),
    busy: shareOf(reader, entity, 'busy', span, node.concurrency),
    blocked: shareOf(reader, entity, 'blocked', span, node.concurrency),
    meanMs: inMs(duration?.mean),
    handled: duration?.count ?? amountOf(reader, entity, 'batches_in', span) ?? 0,
    failing: failingShare(reader, node, entity, span),
    errorRatio: errorRatio(reader, entity, span),
    lostPerSec: rateOf(reader, entity, 'dropped', span),
    lostReasons: splitsOf(reader, entity, 'dropped', 'reason').filter((reason) => {
      const isIt = (attributes: FactAttributes) => (attributes.reason ?? '') === reason;
      return reason !== '' && (amountOf(reader, entity, 'dropped', span, isIt) ?? 0) > 0;
    }),
    reducedPerSec: rateOf(reader, entity, 'reduced', span),
  };
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
    !reader.tells('items_returned')
  )
    return errorRatio(reader, entity, span);
  const returned = amountOf(reader, entity, 'items_returned', span);
  const ended =
    node.kind === 'exporter'
      ? amountOf(reader, entity, 'items_delivered', span)
      : amountOf(reader, entity, 'items_out', span);
  if (returned === null || ended === null) return null;
  return returned + ended > 0 ? returned / (returned + ended) : null;
}

/** A past changes slowly and costs thirty slices to read: it is read once for each step of its end. */
export type PastMemory = Map<string, { readonly until: number; readonly past: NodePast | null }>;

function rememberedPast(
  reader: SeriesReader,
  node: MapNode,
  entity: Entity,
  until: number,
  pasts: PastMemory,
): NodePast | null {
  const stepped = Math.floor(until / SLICE_SECONDS) * SLICE_SECONDS;
  const held = pasts.get(node.id);
  if (held?.until === stepped) return held.past;
  const past = pastOf(reader, node, entity, stepped);
  pasts.set(node.id, { until: stepped, past });
  return past;
}

/** By slices, newest last; slices without data do not count. */
function pastOf(reader: SeriesReader, node: MapNode, entity: Entity, until: number): NodePast | null {
  const slices: Span[] = [];
  for (let from = until - PAST_SECONDS; from + SLICE_SECONDS <= until; from += SLICE_SECONDS) {
    const slice = { from, to: from + SLICE_SECONDS };
    if (reader.covered('direct', slice) > SLICE_SECONDS / 2) slices.push(slice);
  }
  if (slices.length < LEAST_PAST_SLICES) return null;
  const whole: Span = { from: slices[0]?.from ?? until, to: until };
  const rates = known(slices.map((slice) => inRate(reader, node, entity, slice)));
  const means = known(slices.map((slice) => inMs(histogramOf(reader, entity, 'duration', slice)?.mean)));
  const reduced = amountOf(reader, entity, 'reduced', whole);
  const taken = amountOf(reader, entity, 'items_in', whole);
  return {
    inPerSec: mean(rates),
    batchesPerSec: rateOf(reader, entity, 'batches_in', whole),
    peakInPerSec: rates.length === 0 ? null : Math.max(...rates),
    meanMs: mean(means),
    meanMsSpread: spread(means),
    failing: failingShare(reader, node, entity, whole) ?? 0,
    reducedShare: reduced !== null && taken !== null && taken > 0 ? reduced / taken : null,
  };
}

function edgeView(reader: SeriesReader, edge: MapEdge, span: Span): EdgeView {
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
  };
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function spread(values: readonly number[]): number | null {
  const middle = mean(values);
  if (middle === null || values.length < 2) return null;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
