/**
 * The taking side. A request is walked first and stored after: one that turns out malformed leaves nothing behind.
 */

import { decodeLogs } from '@/lib/otlp/decode-logs';
import { decodeMetrics } from '@/lib/otlp/decode-metrics';
import { encodeLogs } from '@/lib/otlp/encode-logs';
import { encodeTraces } from '@/lib/otlp/encode-traces';
import { logsFromJson } from '@/lib/otlp/json-logs';
import { metricsFromJson } from '@/lib/otlp/json-metrics';
import { tracesFromJson } from '@/lib/otlp/json-traces';
import { attempt } from '@/lib/otlp/malformed';
import { parseJsonBytes } from '@/lib/otlp/parse-json';
import type { LogsData, MetricsData, OtlpMetric } from '@/lib/otlp/types';
import { appendLog } from './append-logs';
import { type Appender, appendSpan } from './append-spans';
import type { Context } from './contexts';
import { identityOf } from './contexts';
import type { IngestResult } from './span-store';
import { walkLogs } from './walk-logs';
import { walkSpans } from './walk-spans';

/** Items after which the tables that grow beside the rows are looked at. */
const CHECK_EVERY = 64;
/** Clocks differ by seconds; by an hour one of them is wrong. */
const AHEAD_NS = 3_600e9;
const BAD_IDS = 'spans without a valid trace id (16 bytes) and span id (8 bytes) were refused';

export function ingestTraces(appender: Appender, bytes: Uint8Array): IngestResult {
  const { state, scratch, eviction } = appender;
  const contexts = walked(appender, bytes, () => walkSpans(bytes, scratch, state.halves));
  if (typeof contexts === 'string') return { ok: false, message: contexts };
  let rejected = 0;
  let ahead = 0;
  const latest = state.options.clock.nowNs() + AHEAD_NS;
  for (let i = 0; i < scratch.items; i++) {
    if (scratch.valid[i] === 0) {
      state.spans.reject();
      rejected++;
      continue;
    }
    if ((scratch.start[i] as number) > latest) ahead++;
    if (i % CHECK_EVERY === 0) eviction.fit(0);
    appendSpan(appender, bytes, i, contexts[scratch.block[i] as number] as Context);
  }
  const received = scratch.items;
  finish(appender, contexts);
  return { ok: true, received, rejected, message: rejected > 0 ? BAD_IDS : aheadWarning(ahead) };
}

function aheadWarning(spans: number): string {
  return spans > 0 ? `${spans} spans start more than an hour from now: one of the clocks is wrong` : '';
}

export function ingestLogs(appender: Appender, bytes: Uint8Array): IngestResult {
  const { state, scratch, eviction } = appender;
  const contexts = walked(appender, bytes, () => walkLogs(bytes, scratch, state.halves));
  if (typeof contexts === 'string') return { ok: false, message: contexts };
  let named = false;
  for (let i = 0; i < scratch.items; i++) {
    if (i % CHECK_EVERY === 0) eviction.fit(0);
    if ((scratch.nameEnd[i] as number) > (scratch.nameStart[i] as number)) named = true;
    appendLog(appender, bytes, i, contexts[scratch.block[i] as number] as Context);
  }
  const received = scratch.items;
  finish(appender, contexts);
  if (named && state.options.onLogs) {
    const data = decodeLogs(bytes);
    if (data.ok) tellLogs(appender, data.value);
  }
  return { ok: true, received, rejected: 0, message: '' };
}

export function ingestMetrics(appender: Appender, bytes: Uint8Array): IngestResult {
  const data = decodeMetrics(bytes);
  return data.ok ? takeMetrics(appender, data.value) : { ok: false, message: data.error.message };
}

export function ingestTracesJson(appender: Appender, bytes: Uint8Array): IngestResult {
  const json = parseJsonBytes(bytes);
  const data = json.ok ? tracesFromJson(json.value) : json;
  return data.ok
    ? ingestTraces(appender, encodeTraces(data.value))
    : { ok: false, message: data.error.message };
}

export function ingestLogsJson(appender: Appender, bytes: Uint8Array): IngestResult {
  const json = parseJsonBytes(bytes);
  const data = json.ok ? logsFromJson(json.value) : json;
  return data.ok ? ingestLogs(appender, encodeLogs(data.value)) : { ok: false, message: data.error.message };
}

export function ingestMetricsJson(appender: Appender, bytes: Uint8Array): IngestResult {
  const json = parseJsonBytes(bytes);
  const data = json.ok ? metricsFromJson(json.value) : json;
  return data.ok ? takeMetrics(appender, data.value) : { ok: false, message: data.error.message };
}

/** Walks a request and holds its contexts; a text says why it is no OTLP. */
function walked(appender: Appender, bytes: Uint8Array, walk: () => void): Context[] | string {
  const { state, scratch } = appender;
  const contexts: Context[] = [];
  const result = attempt(() => {
    walk();
    for (let b = 0; b < scratch.blocks; b++) {
      contexts.push(
        state.contexts.acquire(
          bytes,
          scratch.blockResourceStart[b] as number,
          scratch.blockResourceEnd[b] as number,
          scratch.blockScopeStart[b] as number,
          scratch.blockScopeEnd[b] as number,
        ),
      );
    }
  });
  if (result.ok) return contexts;
  for (const context of contexts) state.contexts.release(context);
  return result.error.message;
}

function finish(appender: Appender, contexts: readonly Context[]): void {
  for (const context of contexts) appender.state.contexts.release(context);
  appender.eviction.fit(0);
}

function takeMetrics(appender: Appender, data: MetricsData): IngestResult {
  const { points, options } = appender.state;
  let received = 0;
  let rejected = 0;
  for (const part of data.resourceMetrics) {
    let count = 0;
    for (const { metrics } of part.scopeMetrics) for (const metric of metrics) count += pointsOf(metric);
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
    received += count;
    rejected += refused;
  }
  return { ok: true, received, rejected, message: rejected > 0 ? 'points were refused' : '' };
}

function pointsOf(metric: OtlpMetric): number {
  const { gauge, sum, histogram, exponentialHistogram, summary } = metric;
  return (gauge ?? sum ?? histogram ?? exponentialHistogram ?? summary)?.dataPoints.length ?? 0;
}

/** Hands on the records that have an event name, a resource at a time. */
function tellLogs(appender: Appender, data: LogsData): void {
  const { options } = appender.state;
  for (const part of data.resourceLogs) {
    const scopeLogs = part.scopeLogs.flatMap((scope) => {
      const logRecords = scope.logRecords.filter(({ eventName }) => eventName !== '');
      return logRecords.length > 0 ? [{ ...scope, logRecords }] : [];
    });
    if (scopeLogs.length === 0) continue;
    options.onLogs?.(options.resolveEngine(identityOf(part.resource)), part.resource, { ...part, scopeLogs });
  }
}
