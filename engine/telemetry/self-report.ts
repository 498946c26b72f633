/** Points about tracing itself: what was recorded and what became of it, what it costs, what policies said. */
import { METRIC } from '@/lib/semconv/metrics';
import type { DeltaCounters } from './delta-counters';
import type { MetricPoints } from './metric-points';

export interface SelfFigures {
  readonly spans: Readonly<Record<'recorded' | 'kept' | 'dropped' | 'overwritten', number>>;
  readonly lateCalls: number;
  readonly overheadNs: Readonly<Record<string, number>>;
  readonly exportCpuNs: number;
  readonly exportBytes: number;
  readonly processCpuNs: number;
  readonly traces: Readonly<Record<'policy' | 'lineage' | 'dropped' | 'overdue', number>>;
  readonly votes: readonly { readonly policy: string; readonly vote: string; readonly count: number }[];
  readonly decisionsLeftOut: number;
  readonly lostItems: Readonly<Record<string, number>>;
}

export function reportSelf(points: MetricPoints, deltas: DeltaCounters, figures: SelfFigures): void {
  const sum = (name: string, unit: string, labels: Readonly<Record<string, string>>, total: number) =>
    points.sum(name, unit, labels, deltas.delta(`${name}\n${Object.values(labels).join('\n')}`, total));
  const some = (name: string, unit: string, labels: Readonly<Record<string, string>>, total: number) => {
    const delta = deltas.delta(`${name}\n${Object.values(labels).join('\n')}`, total);
    if (delta !== 0) points.sum(name, unit, labels, delta);
  };
  for (const [state, total] of Object.entries(figures.spans))
    sum(METRIC.tracingSpans, '{span}', { state }, total);
  for (const [mode, ns] of Object.entries(figures.overheadNs))
    points.gauge(METRIC.tracingOverhead, 'ns', { mode }, ns);
  sum(METRIC.tracingCpu, 's', {}, figures.exportCpuNs * 1e-9);
  sum(METRIC.tracingBytes, 'By', {}, figures.exportBytes);
  sum(METRIC.processCpu, 's', {}, figures.processCpuNs * 1e-9);
  some(METRIC.tracingLateCalls, '{call}', {}, figures.lateCalls);
  for (const [decision, total] of Object.entries(figures.traces))
    some(METRIC.samplingTraces, '{trace}', { decision }, total);
  for (const { policy, vote, count } of figures.votes)
    some(METRIC.samplingVotes, '{trace}', { policy, vote }, count);
  some(METRIC.samplingDecisionsLeftOut, '{decision}', {}, figures.decisionsLeftOut);
  for (const [signal, total] of Object.entries(figures.lostItems))
    some(METRIC.exportLost, '{item}', { signal }, total);
}
