/** Points of the pipeline: the direct counters in every mode, and what hops were measured to take while recording. */
import { type Counters, parseControlRow, SIGNAL_COUNT } from '@/engine/core/counters';
import type { PipelineLayout } from '@/engine/core/telemetry';
import { ATTR } from '@/lib/semconv/attributes';
import { METRIC } from '@/lib/semconv/metrics';
import { SIGNALS } from '@/lib/semconv/signals';
import type { DeltaCounters } from './delta-counters';
import type { HopMetrics } from './hop-metrics';
import type { MetricPoints } from './metric-points';
import { OUTCOMES } from './span-ring';

const MESSAGES = '{message}';
const NS = 1e-9;

interface Report {
  readonly points: MetricPoints;
  readonly deltas: DeltaCounters;
  readonly layout: PipelineLayout;
}

type Labels = Record<string, string>;

/** What remains in None. */
export function reportCounters(report: Report, counters: Counters): void {
  const { layout, points } = report;
  for (const channel of layout.channels) {
    const node = layout.nodes[channel.node]?.id ?? '';
    const labels = { [ATTR.channelId]: channel.id, [ATTR.nodeId]: node, [ATTR.channelKind]: channel.kind };
    points.gauge(METRIC.channelDepth, MESSAGES, labels, counters.depth[channel.index] ?? 0);
    points.gauge(METRIC.channelCapacity, MESSAGES, labels, counters.capacity[channel.index] ?? 0);
    const own = { [ATTR.channelId]: channel.id, [ATTR.nodeId]: node };
    if (channel.kind === 'control') {
      sum(report, METRIC.channelSent, MESSAGES, own, counters.controlSent[channel.index]);
      sum(report, METRIC.channelReceived, MESSAGES, own, counters.controlReceived[channel.index]);
    } else perSignal(report, METRIC.channelReceived, MESSAGES, own, channel.index, counters.received);
  }
  for (const edge of layout.edges) {
    const channel = layout.channels[edge.channel];
    const from = layout.nodes[edge.from]?.id ?? '';
    const labels = {
      [ATTR.channelId]: channel?.id ?? '',
      [ATTR.nodeId]: layout.nodes[channel?.node ?? -1]?.id ?? '',
      from,
      [ATTR.outPort]: edge.port,
    };
    perSignal(report, METRIC.channelSent, MESSAGES, labels, edge.index, counters.out.batches);
    sum(report, METRIC.channelBlocked, MESSAGES, labels, counters.blocked[edge.index]);
    const out = { [ATTR.nodeId]: from, direction: 'out', [ATTR.outPort]: edge.port };
    perSignal(report, METRIC.nodeBatches, '{batch}', out, edge.index, counters.out.batches);
    perSignal(report, METRIC.nodeItems, '{item}', out, edge.index, counters.out.items);
  }
  for (const node of layout.nodes) reportNode(report, counters, node.index, node.id);
  for (const [reason, dropped] of counters.dropped) {
    for (const node of layout.nodes) {
      const labels = { [ATTR.nodeId]: node.id, reason };
      perSignal(report, METRIC.pdataDropped, '{item}', labels, node.index, dropped.items);
    }
  }
  for (const [row, counts] of counters.control) {
    const { action, outcome, origin } = parseControlRow(row);
    for (let node = 0; node < counts.length; node++) {
      const labels = {
        [ATTR.nodeId]: layout.nodes[node]?.id ?? 'pipeline',
        [ATTR.controlAction]: action,
        [ATTR.controlOutcome]: outcome,
        [ATTR.controlOrigin]: origin,
      };
      sum(report, METRIC.controlActions, '{action}', labels, counts[node]);
    }
  }
}

function reportNode(report: Report, counters: Counters, index: number, id: string): void {
  const { points } = report;
  points.gauge(METRIC.nodeConcurrency, '1', { [ATTR.nodeId]: id }, counters.concurrency[index] ?? 0);
  let inFlight = 0;
  for (let signal = 0; signal < SIGNAL_COUNT; signal++) {
    inFlight += counters.inFlight[index * SIGNAL_COUNT + signal] ?? 0;
  }
  points.gauge(METRIC.nodeInFlight, '{item}', { [ATTR.nodeId]: id }, inFlight);
  const directions = [
    ['in', counters.in, ''],
    ['created', counters.created, ''],
    ['delivered', counters.delivered, 'success'],
    ['returned', counters.returned, 'failure'],
  ] as const;
  for (const [direction, flow, outcome] of directions) {
    if (direction === 'in') {
      reportIn(report, counters, index, id);
      continue;
    }
    const labels: Labels = { [ATTR.nodeId]: id, direction };
    if (outcome !== '') labels.outcome = outcome;
    perSignal(report, METRIC.nodeBatches, '{batch}', labels, index, flow.batches);
    perSignal(report, METRIC.nodeItems, '{item}', labels, index, flow.items);
  }
}

/** What came in, told without an outcome: at the moment of a report it may have none. Failures are told beside it. */
function reportIn(report: Report, counters: Counters, index: number, id: string): void {
  const all = { [ATTR.nodeId]: id, direction: 'in' };
  perSignal(report, METRIC.nodeBatches, '{batch}', all, index, counters.in.batches);
  perSignal(report, METRIC.nodeItems, '{item}', all, index, counters.in.items);
}

/** What hops were measured to take, integrals up to the recorder's latest reading of the clock. */
export function reportHops(report: Report, metrics: HopMetrics): void {
  const { layout, points } = report;
  for (const channel of layout.channels) {
    if (channel.kind === 'control') continue;
    const labels = { [ATTR.channelId]: channel.id, [ATTR.nodeId]: layout.nodes[channel.node]?.id ?? '' };
    metrics.occupancy.advance(channel.index);
    sum(
      report,
      METRIC.channelOccupancy,
      '{message}.s',
      labels,
      (metrics.occupancy.total[channel.index] ?? 0) * NS,
    );
    histograms(points, METRIC.channelWait, 's', labels, metrics.wait, channel.index);
  }
  for (const edge of layout.edges) {
    const channel = layout.channels[edge.channel];
    const labels = {
      [ATTR.channelId]: channel?.id ?? '',
      [ATTR.nodeId]: layout.nodes[channel?.node ?? -1]?.id ?? '',
      from: layout.nodes[edge.from]?.id ?? '',
      [ATTR.outPort]: edge.port,
    };
    histograms(points, METRIC.channelSendBlocked, 's', labels, metrics.sendBlocked, edge.index);
  }
  for (const node of layout.nodes) {
    const labels = { [ATTR.nodeId]: node.id };
    metrics.busy.advance(node.index);
    metrics.blocked.advance(node.index);
    sum(report, METRIC.nodeBusy, 's', labels, (metrics.busy.total[node.index] ?? 0) * NS);
    sum(report, METRIC.nodeBlocked, 's', labels, (metrics.blocked.total[node.index] ?? 0) * NS);
    sum(
      report,
      METRIC.pdataDelayed,
      '{item}',
      { ...labels, reason: 'held' },
      metrics.delayedHeld[node.index],
    );
    sum(
      report,
      METRIC.pdataDelayed,
      '{item}',
      { ...labels, reason: 'queued' },
      metrics.delayedQueued[node.index],
    );
    histograms(points, METRIC.pdataBatchSize, '{item}', labels, metrics.batchSize, node.index);
    for (const [o, outcome] of OUTCOMES.entries()) {
      for (const [s, signal] of SIGNALS.entries()) {
        const cell = metrics.duration[(node.index * SIGNAL_COUNT + s) * OUTCOMES.length + o];
        if (cell)
          points.histogram(
            METRIC.nodeDuration,
            's',
            { ...labels, [ATTR.signalType]: signal, outcome },
            cell.take(),
          );
      }
    }
  }
  for (let at = 0; at < metrics.pathDuration.length; at++) {
    const cell = metrics.pathDuration[at];
    if (!cell) continue;
    const path = metrics.paths.nameOfFinished(Math.floor(at / OUTCOMES.length));
    const outcome = OUTCOMES[at % OUTCOMES.length] ?? 'success';
    points.histogram(METRIC.pathDuration, 's', { 'path.id': path, outcome }, cell.take());
  }
}

function histograms(
  points: MetricPoints,
  name: string,
  unit: string,
  labels: Readonly<Labels>,
  cells: HopMetrics['wait'],
  index: number,
): void {
  for (const [s, signal] of SIGNALS.entries()) {
    const cell = cells[index * SIGNAL_COUNT + s];
    if (cell) points.histogram(name, unit, { ...labels, [ATTR.signalType]: signal }, cell.take());
  }
}

function perSignal(
  report: Report,
  name: string,
  unit: string,
  labels: Readonly<Labels>,
  index: number,
  totals: Float64Array,
): void {
  for (const [s, signal] of SIGNALS.entries()) {
    const total = totals[index * SIGNAL_COUNT + s] ?? 0;
    if (total !== 0) sum(report, name, unit, { ...labels, [ATTR.signalType]: signal }, total);
  }
}

/** Nothing is sent of a sum that did not change: with deltas, that says the same. */
function sum(report: Report, name: string, unit: string, labels: Readonly<Labels>, total = 0): void {
  if (total === 0) return;
  const delta = report.deltas.delta(`${name}\n${Object.values(labels).join('\n')}`, total);
  if (delta !== 0) report.points.sum(name, unit, labels, delta);
}
