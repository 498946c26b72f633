/**
 * A large request of metrics piece by piece, so that nobody waits while it is decoded: each piece is a resource with
 * some of its metrics, or with one metric that has some of its points. Put together they say what the whole says.
 *
 *   request ─▶ resource block ─▶ scope block ─▶ metric ─▶ its points
 *              rest of it          rest of it     rest of it, where it is cut
 *
 * On each level the rest, all fields that are no items, is decoded once and shared by the pieces, as it may stand before,
 * between or behind the items. Of a metric with several kinds of data the last counts, as everywhere; where it is cut,
 * the others are stepped over.
 */
import { decodeMessage } from './decode-message';
import { METRIC, RESOURCE_METRICS, SCOPE_METRICS } from './metrics-schema';
import type { Schema } from './schema';
import type { MetricsData, OtlpMetric } from './types';
import { WireReader } from './wire-reader';
import { WIRE } from './wire-types';

type ResourceMetrics = MetricsData['resourceMetrics'][number];

export interface MetricPiece {
  readonly part: ResourceMetrics;
  /** Points in it. */
  readonly count: number;
}

export interface PieceLimits {
  readonly points: number;
  /** Of the wire; a single point is never cut. */
  readonly bytes: number;
}

/** Fields stepped over before other work may run: a millisecond at most. */
const FIELDS_A_BREATH = 20_000;
const RESOURCE_METRICS_FIELD = 1;
const SCOPE_METRICS_FIELD = 2;
const METRICS_FIELD = 2;
const POINTS_FIELD = 1;

/** Null where nothing is to be told yet, and other work may run. */
type Pieces = Generator<MetricPiece | null>;
type Build = (metrics: readonly OtlpMetric[]) => MetricPiece;

/** Throws MalformedError as it goes: what came before is told by then. */
export function* metricPieces(bytes: Uint8Array, limits: PieceLimits): Pieces {
  const reader = new WireReader(bytes);
  for (const end of itemsOf(reader, RESOURCE_METRICS_FIELD, bytes.length))
    if (end === null) yield null;
    else yield* resourcePieces(reader, end, limits);
}

function* resourcePieces(reader: WireReader, end: number, limits: PieceLimits): Pieces {
  const head = decodeMessage(RESOURCE_METRICS, yield* restOf(reader, SCOPE_METRICS_FIELD, end));
  for (const scopeEnd of itemsOf(reader, SCOPE_METRICS_FIELD, end)) {
    if (scopeEnd === null) {
      yield null;
      continue;
    }
    const scope = decodeMessage(SCOPE_METRICS, yield* restOf(reader, METRICS_FIELD, scopeEnd));
    const build: Build = (metrics) => ({
      part: { ...head, scopeMetrics: [{ ...scope, metrics }] },
      count: metrics.reduce((sum, metric) => sum + pointsOf(metric), 0),
    });
    yield* scopePieces(reader, scopeEnd, limits, build);
  }
}

function* scopePieces(reader: WireReader, end: number, limits: PieceLimits, build: Build): Pieces {
  let metrics: OtlpMetric[] = [];
  let points = 0;
  let bytes = 0;
  for (const metricEnd of itemsOf(reader, METRICS_FIELD, end)) {
    if (metricEnd === null) {
      yield null;
      continue;
    }
    const size = metricEnd - reader.pos;
    if (size > limits.bytes) {
      if (metrics.length > 0) yield build(metrics);
      metrics = [];
      points = 0;
      bytes = 0;
      yield* cutMetric(reader, metricEnd, limits, build);
      continue;
    }
    const metric = decodeWithin(METRIC, reader, reader.pos, metricEnd);
    metrics.push(metric);
    points += pointsOf(metric);
    bytes += size;
    if (points < limits.points && bytes < limits.bytes) continue;
    yield build(metrics);
    metrics = [];
    points = 0;
    bytes = 0;
  }
  if (metrics.length > 0) yield build(metrics);
}

function* cutMetric(reader: WireReader, end: number, limits: PieceLimits, build: Build): Pieces {
  const begin = reader.pos;
  const kind = lastKind(reader, end);
  const head = kind ? decodeMessage(METRIC, kind.rest) : decodeWithin(METRIC, reader, begin, end);
  if (kind === null) {
    yield build([head]);
    return;
  }
  reader.pos = kind.start;
  const data = decodeMessage(kind.schema, yield* restOf(reader, POINTS_FIELD, kind.end));
  const some = (start: number, stop: number): MetricPiece => {
    const { dataPoints } = decodeWithin(kind.schema, reader, start, stop) as { dataPoints?: unknown };
    return build([{ ...head, [kind.name]: { ...data, dataPoints } }]);
  };
  const first = reader.pos;
  let start = first;
  let points = 0;
  for (const pointEnd of itemsOf(reader, POINTS_FIELD, kind.end)) {
    if (pointEnd === null) {
      yield null;
      continue;
    }
    if (++points < limits.points && pointEnd - start < limits.bytes) continue;
    yield some(start, pointEnd);
    start = pointEnd;
    points = 0;
  }
  // What has no points is told too.
  if (points > 0 || start === first) yield some(start, kind.end);
}

interface Kind {
  readonly name: string;
  readonly schema: Schema<object>;
  readonly start: number;
  readonly end: number;
  /** The fields of the metric that are no data. */
  readonly rest: WireReader;
}

/** Leaves the reader anywhere. Null where the metric has no data. */
function lastKind(reader: WireReader, end: number): Kind | null {
  const { limit } = reader;
  reader.limit = end;
  const rest: Uint8Array[] = [];
  let kind: Omit<Kind, 'rest'> | null = null;
  while (reader.pos < end) {
    const from = reader.pos;
    const tag = reader.tag();
    const field = METRIC.byNumber[tag >>> 3];
    if (field?.message === undefined || (tag & 7) !== WIRE.bytes) {
      reader.skip(tag);
      rest.push(reader.bytes.subarray(from, reader.pos));
      continue;
    }
    const stop = reader.lengthEnd();
    kind = { name: field.name, schema: field.message, start: reader.pos, end: stop };
    reader.pos = stop;
  }
  reader.limit = limit;
  return kind && { ...kind, rest: new WireReader(joined(rest)) };
}

/**
 * Stops at the start of each item, with `pos` there, and gives its end; null is a breath. Goes on behind the item,
 * wherever the reader was meanwhile.
 */
function* itemsOf(reader: WireReader, item: number, end: number): Generator<number | null> {
  let since = 0;
  let pos = reader.pos;
  while (pos < end) {
    reader.pos = pos;
    reader.limit = end;
    const tag = reader.tag();
    if (isItem(tag, item)) {
      pos = reader.lengthEnd();
      yield pos;
    } else {
      reader.skip(tag);
      pos = reader.pos;
    }
    if (++since < FIELDS_A_BREATH) continue;
    since = 0;
    yield null;
  }
}

/** All fields but the items, one behind the other; the reader is left where it was. */
function* restOf(reader: WireReader, item: number, end: number): Generator<null, WireReader> {
  const begin = reader.pos;
  const rest: Uint8Array[] = [];
  let pos = begin;
  let since = 0;
  while (pos < end) {
    reader.pos = pos;
    reader.limit = end;
    const tag = reader.tag();
    reader.skip(tag);
    if (!isItem(tag, item)) rest.push(reader.bytes.subarray(pos, reader.pos));
    pos = reader.pos;
    if (++since < FIELDS_A_BREATH) continue;
    since = 0;
    yield null;
  }
  reader.pos = begin;
  return new WireReader(joined(rest));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function isItem(tag: number, item: number): boolean {
  return tag >>> 3 === item && (tag & 7) === WIRE.bytes;
}

function decodeWithin<T extends object>(
  schema: Schema<T>,
  reader: WireReader,
  start: number,
  end: number,
): T {
  reader.pos = start;
  reader.limit = end;
  return decodeMessage(schema, reader);
}

export function pointsOf(metric: OtlpMetric): number {
  const { gauge, sum, histogram, exponentialHistogram, summary } = metric;
  return (gauge ?? sum ?? histogram ?? exponentialHistogram ?? summary)?.dataPoints.length ?? 0;
}
