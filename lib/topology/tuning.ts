/** What every channel and batch of a map had to bear over a window, from its series. */
import type { BatchTuning, ChannelTuning, TuningAnswer } from '@/lib/api/tuning';
import type { Entity } from '@/lib/model/facts';
import { type StatsWindow, WINDOW_SECONDS } from '@/lib/model/stats-window';
import { channelParts, utilizationBySecond, utilizationOf } from '@/lib/store/series/channel-utilization';
import { inMs, shareOf } from '@/lib/store/series/node-figures';
import { amountOf, gaugeAt, histogramOf, rateOf, windowEnding } from '@/lib/store/series/query';
import { type Span, secondsOf } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import { WindowHistogram } from '@/lib/store/series/window-histogram';
import type { MapNode } from './compose';
import { isPartial } from './node-stats';
import type { TopologyVersion } from './topology-model';
import { batchSuggestions, channelSuggestions } from './tuning-advice';

/** Over a second from which a channel counts as full, and below which as empty. */
const FULL = 0.95;
const EMPTY_SHARE = 0.01;
const EMPTY_MESSAGES = 0.1;
/** Steps that a window is looked at in. */
const MAX_STEPS = 120;

export function tuningOf(
  reader: SeriesReader,
  version: TopologyVersion,
  atNano: bigint,
  window: StatsWindow,
): Omit<TuningAnswer, 'engine' | 'atUnixNano'> {
  const span = windowEnding(reader, secondsOf(atNano), WINDOW_SECONDS[window]);
  const byChannel = new Map<
    string,
    { readonly to: string; readonly from: Set<string>; capacity: number | null }
  >();
  for (const { channel, from, to, capacity } of version.edges) {
    const known = byChannel.get(channel) ?? { to, from: new Set<string>(), capacity };
    known.from.add(from);
    byChannel.set(channel, known);
  }
  const nodes = new Map(version.nodes.map((node) => [node.id, node]));
  return {
    window,
    partial: isPartial(reader, span),
    channels: [...byChannel]
      .map(([channel, { to, from, capacity }]) =>
        channelTuning(reader, { channel, to, from: [...from].sort(), capacity }, nodes.get(to), span),
      )
      .sort((a, b) => (b.peakUtilization ?? -1) - (a.peakUtilization ?? -1)),
    batches: version.nodes.flatMap((node) => batchTuning(reader, node, span) ?? []),
  };
}

interface Channel {
  readonly channel: string;
  readonly to: string;
  readonly from: readonly string[];
  readonly capacity: number | null;
}

function channelTuning(
  reader: SeriesReader,
  { channel, to, from, capacity: declared }: Channel,
  node: MapNode | undefined,
  span: Span,
): ChannelTuning {
  const entity: Entity = { kind: 'channel', channel, node: to };
  const reads: Entity = { kind: 'node', node: to };
  const parts = channelParts(reader, entity);
  const capacity = gaugeAt(reader, entity, 'capacity', span.to) ?? declared;
  const bySecond = utilizationBySecond(reader, entity, span, declared, parts);
  const step = (span.to - span.from) / Math.max(1, bySecond.length);
  const known = bySecond.filter((value) => value !== null);
  const empty = capacity === null ? EMPTY_SHARE : Math.min(EMPTY_SHARE, EMPTY_MESSAGES / capacity);
  const shareOfTime = (is: (value: number) => boolean) =>
    known.length === 0 ? null : known.filter(is).length / known.length;
  const firstStep = Math.ceil(span.from / step) * step;
  const fullSpans = bySecond.flatMap((value, i) =>
    (value ?? 0) >= FULL ? [{ from: firstStep + i * step, to: firstStep + (i + 1) * step }] : [],
  );
  const concurrency = gaugeAt(reader, reads, 'concurrency', span.to) ?? node?.concurrency ?? null;
  const busyRatio = shareOf(reader, reads, 'busy', span, node?.concurrency ?? null);
  const busiest = busiestStep(reader, reads, span, node?.concurrency ?? null);
  const sent = from.map((sender) => sentBy(reader, sender, channel, span));
  const figures = {
    channel,
    node: to,
    from,
    capacity,
    peakDepth: peakDepth(reader, entity, span),
    peakUtilization: known.length === 0 ? null : Math.max(...known),
    utilization: utilizationOf(reader, entity, span, declared, parts).value,
    fullRatio: shareOfTime((value) => value >= FULL),
    emptyRatio: shareOfTime((value) => value < empty),
    waitP99Ms: inMs(histogramOf(reader, entity, 'wait', span)?.quantile(0.99)),
    waitWhenFullMs: waitDuring(reader, entity, fullSpans),
    blockedRatio: blockedShare(sent),
    concurrency,
    usedConcurrency: times(busyRatio, concurrency),
    peakConcurrency: times(busiest, concurrency),
    busyRatio,
  };
  const load = {
    meanMs: inMs(histogramOf(reader, reads, 'duration', span)?.mean),
    offeredPerSec: offeredPerSec(reader, entity, fullSpans, span),
    blockedRatio: shareOf(reader, reads, 'blocked', span, node?.concurrency ?? null),
    holdsNothing: node?.kind === 'exporter',
    seconds: reader.covered('direct', span),
  };
  return { ...figures, suggestions: channelSuggestions(figures, load) };
}

/** What is offered shows only while nothing had to wait: then arrivals are not held back by departures. */
function offeredPerSec(
  reader: SeriesReader,
  channel: Entity,
  full: readonly Span[],
  span: Span,
): number | null {
  const length = Math.min(10, span.to - span.from);
  let most: number | null = null;
  for (let from = span.from; from + length <= span.to + 1e-6; from += length) {
    const to = from + length;
    if (full.some((one) => one.from < to && one.to > from)) continue;
    const rate = rateOf(reader, channel, 'received', { from, to });
    if (rate !== null && (most === null || rate > most)) most = rate;
  }
  return most;
}

function peakDepth(reader: SeriesReader, channel: Entity, span: Span): number | null {
  let sum = 0;
  let found = false;
  for (const { data } of reader.series(channel, 'depth')) {
    const most = data.kind === 'gauge' ? data.max(span.from, span.to) : Number.NaN;
    if (Number.isNaN(most)) continue;
    found = true;
    sum += most;
  }
  return found ? sum : null;
}

function waitDuring(reader: SeriesReader, channel: Entity, spans: readonly Span[]): number | null {
  const window = new WindowHistogram();
  for (const { from, to } of spans) {
    for (const { data } of reader.series(channel, 'wait')) {
      if (data.kind === 'histogram') data.sumInto(from, to, window);
    }
  }
  return window.count === 0 ? null : inMs(window.quantile(0.5));
}

function busiestStep(reader: SeriesReader, node: Entity, span: Span, workers: number | null): number | null {
  const step = Math.max(1, Math.ceil((span.to - span.from) / MAX_STEPS));
  let most: number | null = null;
  for (let from = Math.ceil(span.from); from + step <= span.to + 1e-6; from += step) {
    const share = shareOf(reader, node, 'busy', { from, to: from + step }, workers);
    if (share !== null && (most === null || share > most)) most = share;
  }
  return most;
}

function sentBy(reader: SeriesReader, from: string, channel: string, span: Span) {
  const edges = reader
    .entities('edge')
    .filter((entity) => entity.kind === 'edge' && entity.from === from && entity.channel === channel);
  const sum = (measure: 'sent' | 'blocked_sends') =>
    edges.reduce((total, entity) => total + (amountOf(reader, entity, measure, span) ?? 0), 0);
  return edges.length === 0 ? null : { sent: sum('sent'), blocked: sum('blocked_sends') };
}

function blockedShare(
  sends: readonly ({ readonly sent: number; readonly blocked: number } | null)[],
): number | null {
  const known = sends.filter((one) => one !== null);
  const sent = known.reduce((sum, one) => sum + one.sent, 0);
  const blocked = known.reduce((sum, one) => sum + one.blocked, 0);
  return sent > 0 ? Math.min(1, blocked / sent) : null;
}

function batchTuning(reader: SeriesReader, node: MapNode, span: Span): BatchTuning | null {
  const entity: Entity = { kind: 'node', node: node.id };
  const size = sizeOf(node.config);
  const flushes = (reason: string) =>
    reader.series(entity, 'flushes').length === 0
      ? null
      : amountOf(reader, entity, 'flushes', span, (attributes) => attributes.reason === reason);
  const isBatch = /(^|:)batch$/.test(node.type) || reader.series(entity, 'flushes').length > 0;
  if (!isBatch) return null;
  const out = amountOf(reader, entity, 'batches_out', span);
  const items = amountOf(reader, entity, 'items_out', span);
  const figures = {
    node: node.id,
    type: node.type,
    sizeFlushes: flushes('size'),
    timerFlushes: flushes('timer'),
    meanItems: out && items !== null ? items / out : null,
    heldP99Ms: inMs(histogramOf(reader, entity, 'held', span)?.quantile(0.99)),
  };
  return { ...figures, suggestions: batchSuggestions(figures, size) };
}

/** The size that a batch waits for, under the names that engines have for it. */
function sizeOf(config: unknown): { readonly key: string; readonly value: number } | null {
  if (config === null || typeof config !== 'object') return null;
  for (const [key, value] of Object.entries(config)) {
    if (['send_batch_size', 'min_size'].includes(key) && typeof value === 'number') return { key, value };
  }
  return null;
}

function times(share: number | null, workers: number | null): number | null {
  return share === null || workers === null ? null : share * workers;
}
