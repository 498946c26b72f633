/**
 * Items of an OTLP request (spans, log records, metric points) seen one by one, whatever the signal, and requests made
 * of some of them. Items are numbered in the order in which they stand; groups that are left empty go.
 */

import type { OtlpData } from '@/engine/core/payload';
import { assertUnreachable } from '@/lib/base/assert';
import type {
  KeyValue,
  LogsData,
  MetricsData,
  OtlpMetric,
  Resource,
  Scope,
  TracesData,
} from '@/lib/otlp/types';

/** What conditions can look at. */
export interface Item {
  readonly resource: Resource | undefined;
  readonly scope: Scope | undefined;
  readonly attributes: readonly KeyValue[];
  /** Span name, metric name, or event name; empty for plain log records. */
  readonly name: string;
  /** Log records only; 0 where it is not said. */
  readonly severityNumber: number;
}

export function visitItems(data: OtlpData, visit: (item: Item) => void): void {
  switch (data.signal) {
    case 'logs':
      for (const { resource, scopeLogs } of data.data.resourceLogs)
        for (const { scope, logRecords } of scopeLogs)
          for (const { attributes, eventName, severityNumber } of logRecords)
            visit({ resource, scope, attributes, name: eventName, severityNumber });
      return;
    case 'traces':
      for (const { resource, scopeSpans } of data.data.resourceSpans)
        for (const { scope, spans } of scopeSpans)
          for (const { attributes, name } of spans)
            visit({ resource, scope, attributes, name, severityNumber: 0 });
      return;
    case 'metrics':
      for (const { resource, scopeMetrics } of data.data.resourceMetrics)
        for (const { scope, metrics } of scopeMetrics)
          for (const metric of metrics)
            for (const { attributes } of pointsOf(metric))
              visit({ resource, scope, attributes, name: metric.name, severityNumber: 0 });
      return;
    default:
      assertUnreachable(data);
  }
}

/** The request with only those items whose number `keep` takes. */
export function selectItems(data: OtlpData, keep: (index: number) => boolean): OtlpData {
  let next = 0;
  const some = <T>(items: readonly T[]): T[] => items.filter(() => keep(next++));
  switch (data.signal) {
    case 'logs':
      return { signal: 'logs', data: selectLogs(data.data, some) };
    case 'traces':
      return { signal: 'traces', data: selectSpans(data.data, some) };
    case 'metrics':
      return { signal: 'metrics', data: selectPoints(data.data, some) };
    default:
      return assertUnreachable(data);
  }
}

type Select = <T>(items: readonly T[]) => readonly T[];

function selectLogs(data: LogsData, some: Select): LogsData {
  const resourceLogs = data.resourceLogs.flatMap((group) => {
    const scopeLogs = group.scopeLogs.flatMap((scoped) => {
      const logRecords = some(scoped.logRecords);
      return logRecords.length > 0 ? [{ ...scoped, logRecords }] : [];
    });
    return scopeLogs.length > 0 ? [{ ...group, scopeLogs }] : [];
  });
  return { resourceLogs };
}

function selectSpans(data: TracesData, some: Select): TracesData {
  const resourceSpans = data.resourceSpans.flatMap((group) => {
    const scopeSpans = group.scopeSpans.flatMap((scoped) => {
      const spans = some(scoped.spans);
      return spans.length > 0 ? [{ ...scoped, spans }] : [];
    });
    return scopeSpans.length > 0 ? [{ ...group, scopeSpans }] : [];
  });
  return { resourceSpans };
}

function selectPoints(data: MetricsData, some: Select): MetricsData {
  const resourceMetrics = data.resourceMetrics.flatMap((group) => {
    const scopeMetrics = group.scopeMetrics.flatMap((scoped) => {
      const metrics = scoped.metrics.flatMap((metric) => {
        const left = mapPoints(metric, some);
        return pointsOf(left).length > 0 ? [left] : [];
      });
      return metrics.length > 0 ? [{ ...scoped, metrics }] : [];
    });
    return scopeMetrics.length > 0 ? [{ ...group, scopeMetrics }] : [];
  });
  return { resourceMetrics };
}

interface AnyPoint {
  readonly attributes: readonly KeyValue[];
  readonly timeUnixNano: bigint;
}

export function pointsOf(metric: OtlpMetric): readonly AnyPoint[] {
  const { gauge, sum, histogram, exponentialHistogram, summary } = metric;
  return (gauge ?? sum ?? histogram ?? exponentialHistogram ?? summary)?.dataPoints ?? [];
}

/** The metric with its points replaced, whatever their kind. */
export function mapPoints(
  metric: OtlpMetric,
  map: <T extends AnyPoint>(points: readonly T[]) => readonly T[],
): OtlpMetric {
  const { gauge, sum, histogram, exponentialHistogram, summary } = metric;
  if (gauge) return { ...metric, gauge: { dataPoints: map(gauge.dataPoints) } };
  if (sum) return { ...metric, sum: { ...sum, dataPoints: map(sum.dataPoints) } };
  if (histogram) return { ...metric, histogram: { ...histogram, dataPoints: map(histogram.dataPoints) } };
  if (exponentialHistogram)
    return {
      ...metric,
      exponentialHistogram: { ...exponentialHistogram, dataPoints: map(exponentialHistogram.dataPoints) },
    };
  return summary ? { ...metric, summary: { dataPoints: map(summary.dataPoints) } } : metric;
}
