import { RESOURCE, SCOPE } from './common-schema';
import { enumeration, many, message, one, optional, repeatedScalar, scalar } from './schema';
import type {
  Exemplar,
  ExponentialBuckets,
  ExponentialPoint,
  HistogramPoint,
  MetricsData,
  NumberPoint,
  OtlpMetric,
  SummaryPoint,
} from './types';

type ResourceMetrics = MetricsData['resourceMetrics'][number];
type ScopeMetrics = ResourceMetrics['scopeMetrics'][number];

const NUMBER = ['asDouble', 'asInt'];
const DATA = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];
const TEMPORALITIES = {
  AGGREGATION_TEMPORALITY_UNSPECIFIED: 0,
  AGGREGATION_TEMPORALITY_DELTA: 1,
  AGGREGATION_TEMPORALITY_CUMULATIVE: 2,
};

const EXEMPLAR = message<Exemplar>({
  filteredAttributes: repeatedScalar(7, 'keyValue'),
  timeUnixNano: scalar(2, 'fixed64'),
  asDouble: optional(3, 'double', NUMBER),
  asInt: optional(6, 'sfixed64', NUMBER),
  spanId: scalar(4, 'hex'),
  traceId: scalar(5, 'hex'),
});

const NUMBER_POINT = message<NumberPoint>({
  attributes: repeatedScalar(7, 'keyValue'),
  startTimeUnixNano: scalar(2, 'fixed64'),
  timeUnixNano: scalar(3, 'fixed64'),
  flags: scalar(8, 'uint32'),
  asDouble: optional(4, 'double', NUMBER),
  asInt: optional(6, 'sfixed64', NUMBER),
  exemplars: many(5, EXEMPLAR),
});

const HISTOGRAM_POINT = message<HistogramPoint>({
  attributes: repeatedScalar(9, 'keyValue'),
  startTimeUnixNano: scalar(2, 'fixed64'),
  timeUnixNano: scalar(3, 'fixed64'),
  flags: scalar(10, 'uint32'),
  count: scalar(4, 'fixed64'),
  sum: optional(5, 'double'),
  bucketCounts: repeatedScalar(6, 'fixedCounts'),
  explicitBounds: repeatedScalar(7, 'double'),
  exemplars: many(8, EXEMPLAR),
  min: optional(11, 'double'),
  max: optional(12, 'double'),
});

const BUCKETS = message<ExponentialBuckets>({
  offset: scalar(1, 'sint32'),
  bucketCounts: repeatedScalar(2, 'counts'),
});

const EXPONENTIAL_POINT = message<ExponentialPoint>({
  attributes: repeatedScalar(1, 'keyValue'),
  startTimeUnixNano: scalar(2, 'fixed64'),
  timeUnixNano: scalar(3, 'fixed64'),
  flags: scalar(10, 'uint32'),
  count: scalar(4, 'fixed64'),
  sum: optional(5, 'double'),
  scale: scalar(6, 'sint32'),
  zeroCount: scalar(7, 'fixed64'),
  positive: one(8, BUCKETS),
  negative: one(9, BUCKETS),
  exemplars: many(11, EXEMPLAR),
  min: optional(12, 'double'),
  max: optional(13, 'double'),
  zeroThreshold: scalar(14, 'double'),
});

const SUMMARY_POINT = message<SummaryPoint>({
  attributes: repeatedScalar(7, 'keyValue'),
  startTimeUnixNano: scalar(2, 'fixed64'),
  timeUnixNano: scalar(3, 'fixed64'),
  flags: scalar(8, 'uint32'),
  count: scalar(4, 'fixed64'),
  sum: scalar(5, 'double'),
  quantileValues: many(
    6,
    message<SummaryPoint['quantileValues'][number]>({
      quantile: scalar(1, 'double'),
      value: scalar(2, 'double'),
    }),
  ),
});

const temporality = enumeration(2, TEMPORALITIES);

export const METRIC = message<OtlpMetric>({
  name: scalar(1, 'string'),
  description: scalar(2, 'string'),
  unit: scalar(3, 'string'),
  metadata: repeatedScalar(12, 'keyValue'),
  gauge: one(5, message<NonNullable<OtlpMetric['gauge']>>({ dataPoints: many(1, NUMBER_POINT) }), DATA),
  sum: one(
    7,
    message<NonNullable<OtlpMetric['sum']>>({
      dataPoints: many(1, NUMBER_POINT),
      aggregationTemporality: temporality,
      isMonotonic: scalar(3, 'bool'),
    }),
    DATA,
  ),
  histogram: one(
    9,
    message<NonNullable<OtlpMetric['histogram']>>({
      dataPoints: many(1, HISTOGRAM_POINT),
      aggregationTemporality: temporality,
    }),
    DATA,
  ),
  exponentialHistogram: one(
    10,
    message<NonNullable<OtlpMetric['exponentialHistogram']>>({
      dataPoints: many(1, EXPONENTIAL_POINT),
      aggregationTemporality: temporality,
    }),
    DATA,
  ),
  summary: one(11, message<NonNullable<OtlpMetric['summary']>>({ dataPoints: many(1, SUMMARY_POINT) }), DATA),
});

export const SCOPE_METRICS = message<ScopeMetrics>({
  scope: one(1, SCOPE),
  metrics: many(2, METRIC),
  schemaUrl: scalar(3, 'string'),
});

export const RESOURCE_METRICS = message<ResourceMetrics>({
  resource: one(1, RESOURCE),
  scopeMetrics: many(2, SCOPE_METRICS),
  schemaUrl: scalar(3, 'string'),
});

export const METRICS_DATA = message<MetricsData>({ resourceMetrics: many(1, RESOURCE_METRICS) });
