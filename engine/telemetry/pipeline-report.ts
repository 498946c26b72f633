/**
 * Points of the pipeline: the direct counters in every mode, and what hops were measured to take while recording. The
 * series are laid out once a topology; a report walks through them and tells those that moved.
 */
import { type Counters, type FlowCounters, parseControlRow, SIGNAL_COUNT } from '@/engine/core/counters';
import type { LayoutChannel, LayoutEdge, LayoutNode, PipelineLayout } from '@/engine/core/telemetry';
import type { HistogramSet } from '@/lib/histogram/histogram-set';
import { ATTR } from '@/lib/semconv/attributes';
import { MAX_PATHS, METRIC } from '@/lib/semconv/metrics';
import { SIGNALS } from '@/lib/semconv/signals';
import type { HopMetrics } from './hop-metrics';
import type { Labels, MetricPoints } from './metric-points';
import { GaugeSeries, HistogramSeries, type Series, SumSeries } from './metric-series';
import { OUTCOMES } from './span-ring';

const MESSAGES = '{message}';
const NS = 1e-9;

export class PipelineReport {
  private readonly direct: Series[] = [];
  private readonly hops: Series[] = [];
  /** Rows that come into being as something is first dropped, or an act first made. */
  private readonly dropped = new Map<string, Series[]>();
  private readonly flushes = new Map<string, Series[]>();
  private readonly control = new Map<string, Series[]>();
  /** Finished paths by number and outcome, made as they are first seen. */
  private readonly paths: (Series | undefined)[] = [];

  constructor(
    private readonly points: MetricPoints,
    private readonly layout: PipelineLayout,
    private readonly counters: Counters,
    private readonly metrics: HopMetrics,
  ) {
    for (const channel of layout.channels) this.addChannel(channel);
    for (const edge of layout.edges) this.addEdge(edge);
    for (const node of layout.nodes) this.addNode(node);
  }

  /** What remains in None. */
  reportCounters(): void {
    reportAll(this.direct);
    const { counters, layout } = this;
    for (const [reason, flow] of counters.dropped) {
      let series = this.dropped.get(reason);
      if (series === undefined) {
        series = [];
        this.dropped.set(reason, series);
        for (const node of layout.nodes) {
          const labels = { [ATTR.nodeId]: node.id, reason };
          this.perSignal(series, METRIC.pdataDropped, '{item}', labels, flow.items, node.index);
        }
      }
      reportAll(series);
    }
    for (const [reason, counts] of counters.flushes) {
      let series = this.flushes.get(reason);
      if (series === undefined) {
        series = [];
        this.flushes.set(reason, series);
        for (const { id, index } of layout.nodes) {
          this.sum(series, METRIC.nodeFlushes, '{flush}', { [ATTR.nodeId]: id, reason }, counts, index);
        }
      }
      reportAll(series);
    }
    for (const [row, counts] of counters.control) {
      let series = this.control.get(row);
      if (series === undefined) {
        series = this.controlSeries(row, counts);
        this.control.set(row, series);
      }
      reportAll(series);
    }
  }

  /** What hops were measured to take, integrals up to the recorder's latest reading of the clock. */
  reportHops(): void {
    const { metrics } = this;
    metrics.settle();
    reportAll(this.hops);
    const { times } = metrics;
    for (let at = 0; at < (MAX_PATHS + 1) * OUTCOMES.length; at++) {
      if (times.empty(metrics.pathSeries(0, at))) continue;
      let series = this.paths[at];
      if (series === undefined) {
        const path = metrics.paths.nameOfFinished(Math.floor(at / OUTCOMES.length));
        const outcome = OUTCOMES[at % OUTCOMES.length] ?? 'success';
        const buffer = this.points.buffer(METRIC.pathDuration, 's', 'histogram');
        const labels = () => ({ 'path.id': path, outcome });
        series = new HistogramSeries(buffer, labels, times, metrics.pathSeries(0, at));
        this.paths[at] = series;
      }
      series.report();
    }
  }

  private addChannel(channel: LayoutChannel): void {
    const { layout, counters, metrics } = this;
    const node = layout.nodes[channel.node]?.id ?? '';
    const own = { [ATTR.channelId]: channel.id, [ATTR.nodeId]: node };
    const kinded = { ...own, [ATTR.channelKind]: channel.kind };
    this.gauge(METRIC.channelDepth, MESSAGES, kinded, counters.depth, channel.index);
    this.gauge(METRIC.channelCapacity, MESSAGES, kinded, counters.capacity, channel.index);
    if (channel.kind === 'control') {
      this.sum(this.direct, METRIC.channelSent, MESSAGES, own, counters.controlSent, channel.index);
      this.sum(this.direct, METRIC.channelReceived, MESSAGES, own, counters.controlReceived, channel.index);
      return;
    }
    this.perSignal(this.direct, METRIC.channelReceived, MESSAGES, own, counters.received, channel.index);
    const occupied = metrics.integrals.total;
    this.sum(this.hops, METRIC.channelOccupancy, '{message}.s', own, occupied, channel.index, NS);
    this.histograms(METRIC.channelWait, 's', own, metrics.times, metrics.waitSeries(channel.index, 0));
  }

  private addEdge(edge: LayoutEdge): void {
    const { layout, counters, metrics } = this;
    const channel = layout.channels[edge.channel];
    const from = layout.nodes[edge.from]?.id ?? '';
    const labels = {
      [ATTR.channelId]: channel?.id ?? '',
      [ATTR.nodeId]: layout.nodes[channel?.node ?? -1]?.id ?? '',
      from,
      [ATTR.outPort]: edge.port,
    };
    this.perSignal(this.direct, METRIC.channelSent, MESSAGES, labels, counters.out.batches, edge.index);
    this.sum(this.direct, METRIC.channelBlocked, MESSAGES, labels, counters.blocked, edge.index);
    this.flow({ [ATTR.nodeId]: from, direction: 'out', [ATTR.outPort]: edge.port }, counters.out, edge.index);
    const first = metrics.sendBlockedSeries(edge.index, 0);
    this.histograms(METRIC.channelSendBlocked, 's', labels, metrics.times, first);
  }

  private addNode({ index, id }: LayoutNode): void {
    const { counters, metrics } = this;
    const labels = { [ATTR.nodeId]: id };
    this.gauge(METRIC.nodeConcurrency, '1', labels, counters.concurrency, index);
    const first = index * SIGNAL_COUNT;
    this.gauge(METRIC.nodeInFlight, '{item}', labels, counters.inFlight, first, SIGNAL_COUNT);
    // What came in is told as it comes, when it has no outcome yet: that keeps the conservation law at every report.
    this.flow({ ...labels, direction: 'in' }, counters.in, index);
    this.flow({ ...labels, direction: 'created' }, counters.created, index);
    this.flow({ ...labels, direction: 'delivered', outcome: 'success' }, counters.delivered, index);
    this.flow({ ...labels, direction: 'returned', outcome: 'failure' }, counters.returned, index);
    const { hops } = this;
    const totals = metrics.integrals.total;
    this.sum(hops, METRIC.nodeBusy, 's', labels, totals, metrics.busyFrom + index, NS);
    this.sum(hops, METRIC.nodeBlocked, 's', labels, totals, metrics.blockedFrom + index, NS);
    const held = { ...labels, reason: 'held' };
    const queued = { ...labels, reason: 'queued' };
    this.sum(hops, METRIC.pdataDelayed, '{item}', held, metrics.delayedHeld, index);
    this.sum(hops, METRIC.pdataDelayed, '{item}', queued, metrics.delayedQueued, index);
    this.histograms(METRIC.pdataBatchSize, '{item}', labels, metrics.sizes, first);
    const duration = this.points.buffer(METRIC.nodeDuration, 's', 'histogram');
    for (const [o, outcome] of OUTCOMES.entries()) {
      for (const [s, signal] of SIGNALS.entries()) {
        const at = metrics.durationSeries(first + s, o);
        const all = () => ({ ...labels, [ATTR.signalType]: signal, outcome });
        hops.push(new HistogramSeries(duration, all, metrics.times, at));
      }
    }
  }

  /** Counts by node; the last is the pipeline. */
  private controlSeries(row: string, counts: Float64Array): Series[] {
    const { action, outcome, origin } = parseControlRow(row);
    const series: Series[] = [];
    for (let node = 0; node < counts.length; node++) {
      const labels = {
        [ATTR.nodeId]: this.layout.nodes[node]?.id ?? 'pipeline',
        [ATTR.controlAction]: action,
        [ATTR.controlOutcome]: outcome,
        [ATTR.controlOrigin]: origin,
      };
      this.sum(series, METRIC.controlActions, '{action}', labels, counts, node);
    }
    return series;
  }

  private gauge(
    name: string,
    unit: string,
    labels: Labels,
    values: Float64Array,
    from: number,
    rows = 1,
  ): void {
    this.direct.push(
      new GaugeSeries(this.points.buffer(name, unit, 'gauge'), () => labels, values, from, rows),
    );
  }

  private sum(
    into: Series[],
    name: string,
    unit: string,
    labels: Labels,
    totals: Float64Array,
    at: number,
    factor = 1,
  ): void {
    into.push(new SumSeries(this.points.buffer(name, unit, 'sum'), () => labels, totals, at, factor));
  }

  private flow(labels: Labels, flow: FlowCounters, index: number): void {
    this.perSignal(this.direct, METRIC.nodeBatches, '{batch}', labels, flow.batches, index);
    this.perSignal(this.direct, METRIC.nodeItems, '{item}', labels, flow.items, index);
  }

  private perSignal(
    into: Series[],
    name: string,
    unit: string,
    labels: Labels,
    totals: Float64Array,
    index: number,
  ): void {
    const buffer = this.points.buffer(name, unit, 'sum');
    for (const [s, signal] of SIGNALS.entries()) {
      const all = () => ({ ...labels, [ATTR.signalType]: signal });
      into.push(new SumSeries(buffer, all, totals, index * SIGNAL_COUNT + s));
    }
  }

  private histograms(name: string, unit: string, labels: Labels, set: HistogramSet, first: number): void {
    const buffer = this.points.buffer(name, unit, 'histogram');
    for (const [s, signal] of SIGNALS.entries()) {
      const all = () => ({ ...labels, [ATTR.signalType]: signal });
      this.hops.push(new HistogramSeries(buffer, all, set, first + s));
    }
  }
}

function reportAll(series: readonly Series[]): void {
  for (let i = 0; i < series.length; i++) (series[i] as Series).report();
}
