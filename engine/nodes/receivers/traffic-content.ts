/**
 * Telemetry of a small shop that is not there: four services, their requests as spans, log lines, metrics and events.
 * Pure but for the generator of random numbers: one seed, one stream of batches.
 */
import type { OtlpData } from '@/engine/core/payload';
import { assertUnreachable } from '@/lib/base/assert';
import type { Random } from '@/lib/base/random';
import type { KeyValue, OtlpLogRecord, OtlpMetric, OtlpSpan, Resource, Scope } from '@/lib/otlp/types';
import type { Signal } from '@/lib/semconv/signals';

const SERVICES = ['storefront', 'cart', 'checkout', 'inventory'] as const;
const ROUTES = [
  'GET /products',
  'GET /products/{id}',
  'POST /cart',
  'POST /orders',
  'GET /orders/{id}',
] as const;
const QUERIES = ['SELECT products', 'SELECT stock', 'INSERT orders', 'UPDATE stock'] as const;
const MESSAGES = [
  'request served',
  'cache refreshed',
  'stock reserved',
  'payment authorised',
  'session renewed',
] as const;
const EVENTS = ['checkout.completed', 'cart.abandoned', 'user.signed_in', 'deployment.finished'] as const;

/** Severity by weight: a fifth of it is DEBUG, which pipelines like to drop. */
const SEVERITIES = [
  { number: 5, text: 'DEBUG', upTo: 0.2 },
  { number: 9, text: 'INFO', upTo: 0.93 },
  { number: 13, text: 'WARN', upTo: 0.98 },
  { number: 17, text: 'ERROR', upTo: 1 },
] as const;

/** Seconds; what a value in each bucket of the histogram is on average. */
const BUCKET_MEANS = [0.005, 0.03, 0.2, 0.8] as const;

const SCOPE: Scope = { name: 'weir.traffic', version: '1', attributes: [], droppedAttributesCount: 0 };
const RESOURCES: readonly Resource[] = SERVICES.map((name, at) => ({
  attributes: [
    text('service.name', name),
    text('service.instance.id', `${name}-${at + 1}`),
    text('service.version', '2.4.1'),
    text('deployment.environment.name', 'demo'),
  ],
  droppedAttributesCount: 0,
}));

/** Share of spans that end in an error. */
const SPAN_ERRORS = 0.01;
const MAX_SPANS_PER_TRACE = 5;

export interface Moment {
  readonly unixNano: bigint;
}

/** A request of `items` items of one signal, as one service sends it. */
export function makeBatch(signal: Signal, items: number, at: Moment, random: Random): OtlpData {
  const resource = pick(RESOURCES, random);
  const each = <T>(make: (index: number) => T): T[] =>
    Array.from({ length: items }, (_, index) => make(index));
  const group = { resource, schemaUrl: '' };
  const scoped = { scope: SCOPE, schemaUrl: '' };
  switch (signal) {
    case 'logs':
      return {
        signal: 'logs',
        data: {
          resourceLogs: [
            { ...group, scopeLogs: [{ ...scoped, logRecords: each((i) => logRecord(i, at, random)) }] },
          ],
        },
      };
    case 'events':
      return {
        signal: 'logs',
        data: {
          resourceLogs: [
            { ...group, scopeLogs: [{ ...scoped, logRecords: each((i) => event(i, at, random)) }] },
          ],
        },
      };
    case 'metrics':
      return {
        signal: 'metrics',
        data: {
          resourceMetrics: [
            { ...group, scopeMetrics: [{ ...scoped, metrics: each((i) => metric(i, at, random)) }] },
          ],
        },
      };
    case 'traces':
      return {
        signal: 'traces',
        data: { resourceSpans: [{ ...group, scopeSpans: [{ ...scoped, spans: spans(items, at, random) }] }] },
      };
    default:
      return assertUnreachable(signal);
  }
}

function logRecord(index: number, at: Moment, random: Random): OtlpLogRecord {
  const draw = random.next();
  const severity = SEVERITIES.find(({ upTo }) => draw < upTo) ?? SEVERITIES[1];
  const failed = severity.number >= 17;
  return {
    timeUnixNano: at.unixNano + BigInt(index) * 10_000n,
    observedTimeUnixNano: at.unixNano + BigInt(index) * 10_000n,
    severityNumber: severity.number,
    severityText: severity.text,
    body: { stringValue: failed ? 'upstream answered 502, giving up' : pick(MESSAGES, random) },
    attributes: [
      text('http.route', pick(ROUTES, random)),
      int('http.response.status_code', failed ? 502 : 200),
      text('user.id', `user-${random.nextUint32() % 5_000}`),
    ],
    droppedAttributesCount: 0,
    flags: 0,
    traceId: '',
    spanId: '',
    eventName: '',
  };
}

function event(index: number, at: Moment, random: Random): OtlpLogRecord {
  return {
    timeUnixNano: at.unixNano + BigInt(index) * 10_000n,
    observedTimeUnixNano: at.unixNano + BigInt(index) * 10_000n,
    severityNumber: 9,
    severityText: 'INFO',
    body: undefined,
    attributes: [text('session.id', hex(random, 8)), int('order.lines', 1 + (random.nextUint32() % 8))],
    droppedAttributesCount: 0,
    flags: 0,
    traceId: '',
    spanId: '',
    eventName: pick(EVENTS, random),
  };
}

/** A gauge, a counter and a histogram in turn, one point each. */
function metric(index: number, at: Moment, random: Random): OtlpMetric {
  const base = { description: '', metadata: [] };
  const point = {
    attributes: [text('http.route', pick(ROUTES, random))],
    startTimeUnixNano: at.unixNano - 10_000_000_000n,
    timeUnixNano: at.unixNano,
    flags: 0,
    exemplars: [],
  };
  if (index % 3 === 0)
    return {
      ...base,
      name: 'process.memory.usage',
      unit: 'By',
      gauge: { dataPoints: [{ ...point, asInt: BigInt(50_000_000 + (random.nextUint32() % 10_000_000)) }] },
    };
  if (index % 3 === 1)
    return {
      ...base,
      name: 'shop.orders',
      unit: '{order}',
      sum: {
        dataPoints: [{ ...point, asInt: BigInt(random.nextUint32() % 40) }],
        aggregationTemporality: 1,
        isMonotonic: true,
      },
    };
  const counts = [3, 12, 7, 1].map((mean) => random.nextUint32() % (2 * mean));
  const histogram = {
    ...point,
    count: BigInt(counts.reduce((sum, count) => sum + count, 0)),
    sum: counts.reduce((sum, count, bucket) => sum + count * (BUCKET_MEANS[bucket] ?? 0), 0),
    bucketCounts: counts.map(BigInt),
    explicitBounds: [0.01, 0.1, 0.5],
    min: undefined,
    max: undefined,
  };
  return {
    ...base,
    name: 'http.server.request.duration',
    unit: 's',
    histogram: { dataPoints: [histogram], aggregationTemporality: 1 },
  };
}

/** Traces of one to five spans: a server span and what it calls. */
function spans(items: number, at: Moment, random: Random): OtlpSpan[] {
  const made: OtlpSpan[] = [];
  while (made.length < items) {
    const traceId = hex(random, 16);
    const count = Math.min(items - made.length, 1 + (random.nextUint32() % MAX_SPANS_PER_TRACE));
    let parentSpanId = '';
    let durationNs = 2_000_000n + BigInt(random.nextUint32() % 80_000_000);
    for (let depth = 0; depth < count; depth++) {
      const next = span(traceId, parentSpanId, depth, at.unixNano - durationNs, durationNs, random);
      parentSpanId = next.spanId;
      durationNs = (durationNs * 7n) / 10n;
      made.push(next);
    }
  }
  return made;
}

function span(
  traceId: string,
  parentSpanId: string,
  depth: number,
  startTimeUnixNano: bigint,
  durationNs: bigint,
  random: Random,
): OtlpSpan {
  const failed = random.next() < SPAN_ERRORS;
  const root = depth === 0;
  return {
    traceId,
    spanId: hex(random, 8),
    traceState: '',
    parentSpanId,
    flags: 1,
    name: root ? pick(ROUTES, random) : pick(QUERIES, random),
    kind: root ? 2 : 3,
    startTimeUnixNano,
    endTimeUnixNano: startTimeUnixNano + durationNs,
    attributes: root
      ? [text('url.scheme', 'https'), int('http.response.status_code', failed ? 500 : 200)]
      : [text('db.system.name', 'postgresql'), text('server.address', 'db.shop.example')],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: failed ? { message: 'upstream failed', code: 2 } : undefined,
  };
}

function text(key: string, value: string): KeyValue {
  return { key, value: { stringValue: value } };
}

function int(key: string, value: number): KeyValue {
  return { key, value: { intValue: BigInt(value) } };
}

function pick<T>(list: readonly T[], random: Random): T {
  const chosen = list[random.nextUint32() % list.length];
  if (chosen === undefined) throw new Error('nothing to pick from');
  return chosen;
}

function hex(random: Random, bytes: number): string {
  let out = '';
  for (let i = 0; i < bytes; i += 4) out += random.nextUint32().toString(16).padStart(8, '0');
  return out;
}
