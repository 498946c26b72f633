/** Gathers the points of one report by metric, and makes the OTLP request of them. Delta temporality throughout. */
import type { ExponentialHistogram } from '@/lib/histogram/types';
import type { KeyValue, MetricsData, NumberPoint, OtlpMetric, Resource } from '@/lib/otlp/types';
import { keyValuesOf } from './otlp-values';

const DELTA = 1;
type Labels = Readonly<Record<string, string>>;

interface Gathered {
  readonly unit: string;
  readonly kind: 'gauge' | 'sum' | 'histogram';
  readonly numbers: { readonly labels: KeyValue[]; readonly value: number }[];
  readonly histograms: { readonly labels: KeyValue[]; readonly value: ExponentialHistogram }[];
}

export class MetricPoints {
  count = 0;
  private readonly metrics = new Map<string, Gathered>();

  gauge(name: string, unit: string, labels: Labels, value: number): void {
    this.at(name, unit, 'gauge').numbers.push({ labels: keyValuesOf(labels), value });
    this.count++;
  }

  sum(name: string, unit: string, labels: Labels, delta: number): void {
    this.at(name, unit, 'sum').numbers.push({ labels: keyValuesOf(labels), value: delta });
    this.count++;
  }

  histogram(name: string, unit: string, labels: Labels, value: ExponentialHistogram): void {
    if (value.count === 0) return;
    this.at(name, unit, 'histogram').histograms.push({ labels: keyValuesOf(labels), value });
    this.count++;
  }

  request(resource: Resource, scope: string, version: string, start: bigint, time: bigint): MetricsData {
    const metrics: OtlpMetric[] = [];
    for (const [name, gathered] of this.metrics) metrics.push(otlpMetric(name, gathered, start, time));
    const scopeOf = { name: scope, version, attributes: [], droppedAttributesCount: 0 };
    return {
      resourceMetrics: [
        { resource, scopeMetrics: [{ scope: scopeOf, metrics, schemaUrl: '' }], schemaUrl: '' },
      ],
    };
  }

  private at(name: string, unit: string, kind: Gathered['kind']): Gathered {
    const known = this.metrics.get(name);
    if (known) return known;
    const made: Gathered = { unit, kind, numbers: [], histograms: [] };
    this.metrics.set(name, made);
    return made;
  }
}

function otlpMetric(name: string, gathered: Gathered, start: bigint, time: bigint): OtlpMetric {
  const head = { name, description: '', unit: gathered.unit, metadata: [] };
  const numbers = () => gathered.numbers.map((point) => numberPoint(point.labels, point.value, start, time));
  if (gathered.kind === 'gauge') return { ...head, gauge: { dataPoints: numbers() } };
  if (gathered.kind === 'sum') {
    return { ...head, sum: { dataPoints: numbers(), aggregationTemporality: DELTA, isMonotonic: true } };
  }
  return {
    ...head,
    exponentialHistogram: {
      aggregationTemporality: DELTA,
      dataPoints: gathered.histograms.map(({ labels, value }) => ({
        attributes: labels,
        startTimeUnixNano: start,
        timeUnixNano: time,
        flags: 0,
        count: BigInt(value.count),
        sum: value.sum,
        scale: value.scale,
        zeroCount: BigInt(value.zeroCount),
        positive: { offset: value.offset, bucketCounts: Array.from(value.buckets, BigInt) },
        negative: undefined,
        exemplars: [],
        min: value.min,
        max: value.max,
        zeroThreshold: 0,
      })),
    },
  };
}

function numberPoint(labels: KeyValue[], value: number, start: bigint, time: bigint): NumberPoint {
  const point = { attributes: labels, startTimeUnixNano: start, timeUnixNano: time, flags: 0, exemplars: [] };
  return Number.isSafeInteger(value) ? { ...point, asInt: BigInt(value) } : { ...point, asDouble: value };
}
