/**
 * The figures of an edge: its own share of sends, and the channel that it runs into. A channel has several parts where
 * the source has one queue a signal or a core: depths and capacities add up, utilisation is that of the fullest, since
 * an average over cores hides a full queue beside an idle one.
 */
import type { EdgeStats } from '@/lib/api/topology';
import type { Entity, FactAttributes } from '@/lib/model/facts';
import { channelParts, utilizationBySecond, utilizationOf } from '@/lib/store/series/channel-utilization';
import { departuresPerSec } from '@/lib/store/series/departures';
import { errorRatio, inMs } from '@/lib/store/series/node-figures';
import { gaugeAt, histogramOf, rateOf } from '@/lib/store/series/query';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import { utilizationCheckOf } from '@/lib/store/series/utilization-check';
import type { MapEdge, MapNode } from './compose';
import { isPartial } from './node-stats';
import { type RollingSeconds, recentSeconds } from './rolling-seconds';
import { perSecond, SPARK_SECONDS } from './sparkline';

/** Neighbourhood of an edge that tells its rate where the source knows items of nodes only. */
export interface EdgeContext {
  readonly to: MapNode | undefined;
  readonly from: MapNode | undefined;
  /** Edges into `to`, and out of `from`. */
  readonly intoTarget: number;
  readonly outOfSource: number;
}

export function edgeStats(
  reader: SeriesReader,
  edge: MapEdge,
  context: EdgeContext,
  span: Span,
  rolling: RollingSeconds,
): EdgeStats {
  const channel = { kind: 'channel', channel: edge.channel, node: edge.to } as const;
  const sender: Entity = { kind: 'edge', from: edge.from, port: edge.port, channel: edge.channel };
  const parts = channelParts(reader, channel);
  const fullest = utilizationOf(reader, channel, span, edge.capacity, parts);
  const depth = gaugeAt(reader, channel, 'depth', span.to);
  const capacity = gaugeAt(reader, channel, 'capacity', span.to) ?? edge.capacity;
  const sent = rateOf(reader, sender, 'sent', span);
  const wait = histogramOf(reader, channel, 'wait', span);
  const end = Math.floor(span.to);
  const seconds = (from: number, to: number) =>
    utilizationBySecond(reader, channel, { from, to }, edge.capacity, parts);
  const spark = rolling.read(
    `edge ${edge.id}`,
    end,
    SPARK_SECONDS,
    recentSeconds(reader.interval),
    (second) => seconds(second, second + 1)[0] ?? null,
  );
  const length = Math.round(span.to - span.from);
  const bySecond =
    length <= SPARK_SECONDS
      ? spark.slice(SPARK_SECONDS - length)
      : rolling.once(`peak ${length} ${edge.id}`, end, () => seconds(span.from, span.to));

  return {
    partial: isPartial(reader, span),
    utilization: fullest.value,
    utilizationPeak: greatest(bySecond, fullest.value),
    utilizationSource: fullest.source,
    // A channel of several parts is as full as the fullest of them, which no sum can be held against.
    utilizationCheck:
      parts.length > 1
        ? null
        : rolling.once(`check ${length} ${edge.id}`, end, () =>
            utilizationCheckOf(reader, channel, span, fullest, capacity),
          ),
    depth,
    capacity,
    ratePerSec: sent ?? itemRate(reader, edge, context, span),
    rateUnit: sent === null ? 'items' : 'messages',
    blockedRatio: blockedRatio(reader, sender, span, sent, depth, capacity),
    waitP50Ms: inMs(wait?.quantile(0.5)),
    waitP99Ms: inMs(wait?.quantile(0.99)),
    drainMs: drainMs(reader, channel, sender, span, depth),
    errorRatio: errorRatio(reader, { kind: 'node', node: edge.to }, span),
    spark,
    ...(parts.length > 1 && {
      parts: parts.map((part) => ({
        name: part.name,
        utilization: utilizationOf(reader, channel, span, edge.capacity, [part]).value,
        depth: gaugeAt(reader, channel, 'depth', span.to, part.filter),
        capacity: gaugeAt(reader, channel, 'capacity', span.to, part.filter),
      })),
    }),
  };
}

/** Sends that found the channel full. While a stall keeps anything from being sent, a full channel says it. */
function blockedRatio(
  reader: SeriesReader,
  sender: Entity,
  span: Span,
  sent: number | null,
  depth: number | null,
  capacity: number | null,
): number | null {
  const blocked = rateOf(reader, sender, 'blocked_sends', span);
  if (blocked === null || sent === null) return null;
  if (sent > 0) return Math.min(1, blocked / sent);
  const full = depth !== null && capacity !== null && depth >= capacity;
  return blocked > 0 || full ? 1 : 0;
}

function drainMs(
  reader: SeriesReader,
  channel: Entity & { readonly kind: 'channel' },
  sender: Entity,
  span: Span,
  depth: number | null,
): number | null {
  if (depth === null) return null;
  if (depth === 0) return 0;
  const leaving = departuresPerSec(reader, channel, span) ?? rateOf(reader, sender, 'sent', span);
  return leaving === null || leaving <= 0 ? null : (depth / leaving) * 1_000;
}

/** Only where one edge alone explains the figure of a node. */
function itemRate(reader: SeriesReader, edge: MapEdge, context: EdgeContext, span: Span): number | null {
  const byPort = (attributes: FactAttributes) =>
    attributes.port === undefined || attributes.port === edge.port;
  if (context.intoTarget === 1) {
    const taken = perSecond(
      reader,
      [{ entity: { kind: 'node', node: edge.to }, measure: 'items_in' }],
      span.from,
      span.to,
    );
    if (taken !== null) return taken;
  }
  if (context.outOfSource !== 1) return null;
  return rateOf(reader, { kind: 'node', node: edge.from }, 'items_out', span, byPort);
}

function greatest(values: readonly (number | null)[], least: number | null): number | null {
  let most = least;
  for (const value of values) if (value !== null && (most === null || value > most)) most = value;
  return most;
}
