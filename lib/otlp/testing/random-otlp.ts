/** Random OTLP as objects, from a seed: every field of the schema, absent and present, shallow and nested. */
import type { Random } from '@/lib/base/random';
import { countsOf } from '../bucket-counts';
import type {
  AnyValue,
  KeyValue,
  LogsData,
  MetricsData,
  NumberPoint,
  OtlpLogRecord,
  OtlpMetric,
  OtlpSpan,
  Resource,
  Scope,
  TracesData,
} from '../types';

const WORDS = [
  'a',
  'node.id',
  'pdata.id',
  'naïve',
  '',
  'x'.repeat(40),
  'é'.repeat(70),
  '𝄞',
  'channel.wait.ms',
];

export interface RandomOtlp {
  traces(): TracesData;
  logs(): LogsData;
  metrics(): MetricsData;
}

export function createRandomOtlp(random: Random): RandomOtlp {
  const below = (n: number) => Math.floor(random.next() * n);
  const maybe = (share = 0.5) => random.next() < share;
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const many = <T>(most: number, make: () => T): T[] => Array.from({ length: below(most + 1) }, make);
  const word = () => pick(WORDS);
  const hex = (bytes: number) =>
    Array.from({ length: bytes }, () => below(256).toString(16).padStart(2, '0')).join('');
  const uint64 = () => (maybe(0.2) ? 0n : (BigInt(random.nextUint32()) << 32n) | BigInt(random.nextUint32()));
  const count = () => (maybe(0.9) ? BigInt(below(2 ** 40)) : uint64());
  const int64 = () => (maybe(0.3) ? BigInt(below(300) - 150) : BigInt.asIntN(64, uint64()));
  const double = () => pick([0, -0, 1.5, -2e300, Number.NaN, Number.POSITIVE_INFINITY, random.next()]);
  const uint32 = () => (maybe() ? 0 : random.nextUint32());

  const value = (depth: number): AnyValue => {
    switch (below(depth > 3 ? 6 : 8)) {
      case 0:
        return { stringValue: word() };
      case 1:
        return { boolValue: maybe() };
      case 2:
        return { intValue: int64() };
      case 3:
        return { doubleValue: double() };
      case 4:
        return { bytesValue: Uint8Array.from({ length: below(9) }, () => below(256)) };
      case 5:
        return {};
      case 6:
        return { arrayValue: { values: many(3, () => value(depth + 1)) } };
      default:
        return { kvlistValue: { values: many(3, () => pair(depth + 1)) } };
    }
  };
  const pair = (depth: number): KeyValue => ({ key: word(), value: value(depth) });
  const attributes = () => many(4, () => pair(0));
  const resource = (): Resource | undefined =>
    maybe(0.9) ? { attributes: attributes(), droppedAttributesCount: uint32() } : undefined;
  const scope = (): Scope | undefined =>
    maybe(0.9)
      ? { name: word(), version: word(), attributes: attributes(), droppedAttributesCount: uint32() }
      : undefined;
  const id = (bytes: number) => (maybe(0.1) ? '' : hex(maybe(0.05) ? bytes - 1 : bytes));

  const span = (): OtlpSpan => ({
    traceId: id(16),
    spanId: id(8),
    traceState: word(),
    parentSpanId: id(8),
    flags: uint32(),
    name: word(),
    kind: below(6),
    startTimeUnixNano: uint64(),
    endTimeUnixNano: uint64(),
    attributes: attributes(),
    droppedAttributesCount: uint32(),
    events: many(2, () => ({
      timeUnixNano: uint64(),
      name: word(),
      attributes: attributes(),
      droppedAttributesCount: uint32(),
    })),
    droppedEventsCount: uint32(),
    links: many(2, () => ({
      traceId: id(16),
      spanId: id(8),
      traceState: word(),
      attributes: attributes(),
      droppedAttributesCount: uint32(),
      flags: uint32(),
    })),
    droppedLinksCount: uint32(),
    status: maybe() ? { message: word(), code: below(3) } : undefined,
  });

  const record = (): OtlpLogRecord => ({
    timeUnixNano: uint64(),
    observedTimeUnixNano: uint64(),
    severityNumber: below(25),
    severityText: word(),
    body: maybe() ? value(0) : undefined,
    attributes: attributes(),
    droppedAttributesCount: uint32(),
    flags: uint32(),
    traceId: id(16),
    spanId: id(8),
    eventName: word(),
  });

  const number = () => (maybe() ? { asDouble: double() } : maybe(0.8) ? { asInt: int64() } : {});
  const exemplar = () => ({
    filteredAttributes: attributes(),
    timeUnixNano: uint64(),
    ...number(),
    spanId: id(8),
    traceId: id(16),
  });
  const point = () => ({
    attributes: attributes(),
    startTimeUnixNano: uint64(),
    timeUnixNano: uint64(),
    flags: uint32(),
  });
  const numberPoint = (): NumberPoint => ({ ...point(), ...number(), exemplars: many(1, exemplar) });
  const optional = () => (maybe() ? double() : undefined);
  const data = (): Partial<OtlpMetric> => {
    const aggregationTemporality = below(3);
    switch (below(6)) {
      case 0:
        return { gauge: { dataPoints: many(3, numberPoint) } };
      case 1:
        return { sum: { dataPoints: many(3, numberPoint), aggregationTemporality, isMonotonic: maybe() } };
      case 2:
        return {
          histogram: {
            aggregationTemporality,
            dataPoints: many(2, () => ({
              ...point(),
              count: uint64(),
              sum: optional(),
              bucketCounts: countsOf(many(5, count)),
              explicitBounds: many(5, double),
              exemplars: many(1, exemplar),
              min: optional(),
              max: optional(),
            })),
          },
        };
      case 3: {
        const buckets = () =>
          maybe() ? { offset: below(2000) - 1000, bucketCounts: countsOf(many(5, count)) } : undefined;
        return {
          exponentialHistogram: {
            aggregationTemporality,
            dataPoints: many(2, () => ({
              ...point(),
              count: uint64(),
              sum: optional(),
              scale: below(30) - 10,
              zeroCount: uint64(),
              positive: buckets(),
              negative: buckets(),
              exemplars: many(1, exemplar),
              min: optional(),
              max: optional(),
              zeroThreshold: double(),
            })),
          },
        };
      }
      case 4:
        return {
          summary: {
            dataPoints: many(2, () => ({
              ...point(),
              count: uint64(),
              sum: double(),
              quantileValues: many(2, () => ({ quantile: random.next(), value: double() })),
            })),
          },
        };
      default:
        return {};
    }
  };
  const metric = (): OtlpMetric => ({
    name: word(),
    description: word(),
    unit: word(),
    metadata: attributes(),
    ...data(),
  });

  return {
    traces: () => ({
      resourceSpans: many(2, () => ({
        resource: resource(),
        scopeSpans: many(2, () => ({ scope: scope(), spans: many(3, span), schemaUrl: word() })),
        schemaUrl: word(),
      })),
    }),
    logs: () => ({
      resourceLogs: many(2, () => ({
        resource: resource(),
        scopeLogs: many(2, () => ({ scope: scope(), logRecords: many(3, record), schemaUrl: word() })),
        schemaUrl: word(),
      })),
    }),
    metrics: () => ({
      resourceMetrics: many(2, () => ({
        resource: resource(),
        scopeMetrics: many(2, () => ({ scope: scope(), metrics: many(3, metric), schemaUrl: word() })),
        schemaUrl: word(),
      })),
    }),
  };
}
