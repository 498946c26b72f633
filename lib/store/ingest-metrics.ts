/** The taking side of metric points: they go to whoever was named for them, and are only counted here. */
import { decodeMetrics } from '@/lib/otlp/decode-metrics';
import { metricsFromJson } from '@/lib/otlp/json-metrics';
import { attempt } from '@/lib/otlp/malformed';
import { type MetricPiece, metricPieces, pointsOf } from '@/lib/otlp/metric-pieces';
import { parseJsonBytes } from '@/lib/otlp/parse-json';
import type { MetricsData, OtlpMetric } from '@/lib/otlp/types';
import { identityOf } from './contexts';
import type { Ingesting } from './ingest';
import type { IngestResult, ResourceMetrics } from './span-store';
import type { StoreState } from './store-state';

/** Points handed over before other work may run. */
const SLICE_POINTS = 250;
/** A request up to this length is decoded in one go: a few milliseconds. */
const WHOLE_BYTES = 64 * 1024;
const PIECES = { points: SLICE_POINTS, bytes: 32 * 1024 };

export function* ingestMetrics(state: StoreState, bytes: Uint8Array): Ingesting {
  if (bytes.length > (state.options.wholeMetricBytes ?? WHOLE_BYTES)) return yield* ingestLarge(state, bytes);
  const data = decodeMetrics(bytes);
  if (!data.ok) return { ok: false, message: data.error.message };
  return yield* takeMetrics(state, data.value);
}

/** To its end first and thrown away, then taken: it must be known whole before any of it counts. */
function* ingestLarge(state: StoreState, bytes: Uint8Array): Ingesting {
  const looking = metricPieces(bytes, PIECES);
  for (;;) {
    const step = attempt(() => looking.next());
    if (!step.ok) return { ok: false, message: step.error.message };
    if (step.value.done) break;
    yield;
  }
  let received = 0;
  let rejected = 0;
  for (const piece of metricPieces(bytes, PIECES)) {
    if (piece !== null) {
      received += piece.count;
      rejected += takePart(state, piece.part, piece.count);
    }
    yield;
  }
  return metricsTaken(received, rejected);
}

function metricsTaken(received: number, rejected: number): IngestResult {
  return { ok: true, received, rejected, message: rejected > 0 ? 'points were refused' : '' };
}

export function* ingestMetricsJson(state: StoreState, bytes: Uint8Array): Ingesting {
  const json = parseJsonBytes(bytes);
  const data = json.ok ? metricsFromJson(json.value) : json;
  if (!data.ok) return { ok: false, message: data.error.message };
  return yield* takeMetrics(state, data.value);
}

function* takeMetrics(state: StoreState, data: MetricsData): Ingesting {
  let received = 0;
  let rejected = 0;
  let since = 0;
  for (const whole of data.resourceMetrics) {
    for (const { part, count } of slices(whole)) {
      if (since >= SLICE_POINTS) {
        yield;
        since = 0;
      }
      rejected += takePart(state, part, count);
      received += count;
      since += count;
    }
  }
  return metricsTaken(received, rejected);
}

/** A resource's metrics as they came, or in parts where they are many. One metric is never cut. */
function* slices(whole: ResourceMetrics): Generator<MetricPiece> {
  const { resource, schemaUrl, scopeMetrics } = whole;
  let count = 0;
  for (const { metrics } of scopeMetrics) for (const metric of metrics) count += pointsOf(metric);
  if (count <= 2 * SLICE_POINTS) {
    yield { part: whole, count };
    return;
  }
  for (const scoped of scopeMetrics) {
    let metrics: OtlpMetric[] = [];
    let points = 0;
    const cut = () => ({
      part: { resource, schemaUrl, scopeMetrics: [{ ...scoped, metrics }] },
      count: points,
    });
    for (const metric of scoped.metrics) {
      metrics.push(metric);
      points += pointsOf(metric);
      if (points < SLICE_POINTS) continue;
      yield cut();
      metrics = [];
      points = 0;
    }
    if (metrics.length > 0) yield cut();
  }
}

/** Returns how many were refused. */
function takePart(state: StoreState, part: ResourceMetrics, count: number): number {
  const { points, options } = state;
  const engine = options.resolveEngine(identityOf(part.resource));
  const told = options.onMetrics?.(engine, part.resource, part) ?? {
    stored: 0,
    duplicate: 0,
    evicted: count,
  };
  const passed = (told.evicted ?? 0) + (told.ignored ?? 0);
  const refused = Math.max(0, count - told.stored - told.duplicate - passed);
  points.store(told.stored);
  points.repeat(told.duplicate);
  points.pass(passed);
  points.reject(refused);
  return refused;
}
