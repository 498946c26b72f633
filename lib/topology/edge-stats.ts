/** The figures of an edge: its own share of sends, beside those of the channel that it runs into. */
import type { EdgeStats } from '@/lib/api/topology';
import type { Entity, FactAttributes } from '@/lib/model/facts';
import { rateOf } from '@/lib/store/series/query';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import type { ChannelStats } from './channel-stats';
import type { MapEdge, MapNode } from './compose';
import { perSecond } from './sparkline';

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
  { shown, departuresPerSec }: ChannelStats,
): EdgeStats {
  const sender: Entity = { kind: 'edge', from: edge.from, port: edge.port, channel: edge.channel };
  const sent = rateOf(reader, sender, 'sent', span);
  return {
    ...shown,
    ratePerSec: sent ?? itemRate(reader, edge, context, span),
    rateUnit: sent === null ? 'items' : 'messages',
    blockedRatio: blockedRatio(reader, sender, span, sent, shown.depth, shown.capacity),
    drainMs: drainMs(shown.depth, departuresPerSec ?? sent),
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

function drainMs(depth: number | null, leavingPerSec: number | null): number | null {
  if (depth === null) return null;
  if (depth === 0) return 0;
  return leavingPerSec === null || leavingPerSec <= 0 ? null : (depth / leavingPerSec) * 1_000;
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
