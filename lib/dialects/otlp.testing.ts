/** Short ways of writing OTLP in tests. */
import type { AnyValue, KeyValue, OtlpLogRecord, OtlpMetric, Resource } from '@/lib/otlp/types';
import type { ResourceLogs, ResourceMetrics } from './dialect';

export function attributes(record: Readonly<Record<string, unknown>>): KeyValue[] {
  return Object.entries(record).map(([key, value]) => ({ key, value: anyValue(value) }));
}

export function anyValue(value: unknown): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: value };
  if (typeof value === 'number') return { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (value !== null && typeof value === 'object') {
    return { kvlistValue: { values: attributes(value as Readonly<Record<string, unknown>>) } };
  }
  return {};
}

export function resource(record: Readonly<Record<string, unknown>>): Resource {
  return { attributes: attributes(record), droppedAttributesCount: 0 };
}

const WEIR = resource({ 'service.instance.id': 'i-1', 'dataflow.pipeline.id': 'main' });

interface Point {
  readonly of: Readonly<Record<string, unknown>>;
  readonly value: number;
  readonly start: number;
  readonly time: number;
}

/** Times in seconds. */
export function sum(name: string, points: readonly Point[], temporality = 1): OtlpMetric {
  return {
    ...NAMED,
    name,
    sum: { aggregationTemporality: temporality, isMonotonic: true, dataPoints: points.map(numberPoint) },
  };
}

export function gauge(name: string, points: readonly Point[]): OtlpMetric {
  return { ...NAMED, name, gauge: { dataPoints: points.map(numberPoint) } };
}

const NAMED = { description: '', unit: '', metadata: [] };

function numberPoint({ of, value, start, time }: Point) {
  return {
    attributes: attributes(of),
    startTimeUnixNano: nanos(start),
    timeUnixNano: nanos(time),
    flags: 0,
    asDouble: value,
    exemplars: [],
  };
}

export function nanos(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e6)) * 1_000n;
}

export function resourceMetrics(metrics: readonly OtlpMetric[], of = WEIR): ResourceMetrics {
  return { resource: of, scopeMetrics: [{ scope: undefined, metrics, schemaUrl: '' }], schemaUrl: '' };
}

export function resourceLogs(records: readonly Partial<OtlpLogRecord>[], of = WEIR): ResourceLogs {
  const logRecords = records.map((record) => ({ ...BLANK, ...record }));
  return { resource: of, scopeLogs: [{ scope: undefined, logRecords, schemaUrl: '' }], schemaUrl: '' };
}

const BLANK: OtlpLogRecord = {
  timeUnixNano: 1n,
  observedTimeUnixNano: 0n,
  severityNumber: 9,
  severityText: '',
  body: undefined,
  attributes: [],
  droppedAttributesCount: 0,
  flags: 0,
  traceId: '',
  spanId: '',
  eventName: '',
};
