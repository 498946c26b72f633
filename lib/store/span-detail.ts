/** One span as people look at it: everything from its wire bytes, its events, its log records and its links. */
import type { Attributes, SpanDetail, SpanEvent } from '@/lib/model/span';
import { decodeMessage } from '@/lib/otlp/decode-message';
import { LOG_RECORD } from '@/lib/otlp/logs-schema';
import { attempt } from '@/lib/otlp/malformed';
import type { AnyValue, OtlpLogRecord, OtlpSpan } from '@/lib/otlp/types';
import { WireReader } from '@/lib/otlp/wire-reader';
import {
  ATTR,
  ITEMS_ALIASES,
  NODE_ID_ALIASES,
  NODE_TYPE_ALIASES,
  SIGNAL_ALIASES,
} from '@/lib/semconv/attributes';
import { canonicalEventAttribute, canonicalEventName } from '@/lib/semconv/events';
import { largestOf, nearestText, numberOf, plainAttributes, plainValue, textOf } from './attributes';
import { type Context, resourceOf, scopeOf } from './contexts';
import { findSpan } from './find-span';
import { type Backlink, backlinksBySpan, decodeRow, shownBacklink, shownLink } from './links';
import { nameOf, nodeOf } from './row-texts';
import { eachRow, isSpanRow, wireOf } from './rows';
import { NO_ROW, type Segment } from './segment';
import type { StoreState } from './store-state';
import { spanIdText, traceIdOf } from './trace-ids';
import { unixNano } from './trace-summary';
import { inChunk } from './trace-table';
import { workMs } from './work-time';

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUSES = ['unset', 'ok', 'error'] as const;
const NS_PER_MS = 1e6;

/** What all spans of one answer share, so that it is decoded once. */
export interface DetailContext {
  readonly slot: number;
  readonly contexts: Map<number, DecodedContext>;
  /** Events that came as log records, by span id. */
  readonly logs: ReadonlyMap<string, readonly SpanEvent[]>;
  /** Links of other spans, by the span of this trace that they lead to. */
  readonly backlinks: ReadonlyMap<string, readonly Backlink[]>;
}

interface DecodedContext {
  readonly resource: Attributes;
  readonly scope: SpanDetail['scope'];
}

export function detailContext(state: StoreState, slot: number): DetailContext {
  const logs = new Map<string, SpanEvent[]>();
  const backlinks = backlinksBySpan(state, traceIdOf(state, slot));
  const shared = { slot, contexts: new Map(), logs, backlinks };
  if (state.traces.chunk(slot).logs(inChunk(slot)) === 0) return shared;
  eachRow(state, slot, (segment, k) => {
    if (isSpanRow(segment, k)) return;
    const spanId = spanIdText(segment.spanHigh(k), segment.spanLow(k));
    const event = logEvent(segment, k);
    if (event === null) return;
    const list = logs.get(spanId);
    if (list) list.push(event);
    else logs.set(spanId, [event]);
  });
  return shared;
}

export function spanDetail(
  state: StoreState,
  shared: DetailContext,
  segment: Segment,
  k: number,
): SpanDetail {
  const spanId = spanIdText(segment.spanHigh(k), segment.spanLow(k));
  const parentSpanId = parentIdOf(segment, k);
  const { resource, scope } = decodedContext(state, shared, segment.context(k));
  const span = decodeRow(segment, k);
  const attributes = plainAttributes(span?.attributes ?? []);
  const durationMs = segment.duration(k) / NS_PER_MS;
  const blockedMs = numberOf(attributes, ATTR.sendBlockedMs);
  const outcomeWaitMs = numberOf(attributes, ATTR.outcomeWaitMs);
  const backlinks = shared.backlinks.get(spanId) ?? [];
  return {
    spanId,
    parentSpanId,
    name: nameOf(state, segment, k),
    nodeId: nearestText(NODE_ID_ALIASES, attributes, scope.attributes, resource) || nodeOf(state, segment, k),
    nodeType: nearestText(NODE_TYPE_ALIASES, attributes, scope.attributes, resource),
    kind: KINDS[span?.kind ?? 0] ?? 'unspecified',
    startUnixNano: String(span?.startTimeUnixNano ?? unixNano(state, segment.start(k))),
    durationMs,
    waitMs: numberOf(attributes, ATTR.waitMs),
    workMs: workMs(
      durationMs,
      numberOf(attributes, ATTR.latencyMs) ?? Number.NaN,
      blockedMs ?? Number.NaN,
      outcomeWaitMs ?? Number.NaN,
    ),
    blockedMs,
    outcomeWaitMs,
    heldMs: heldOf(attributes, span),
    status: STATUSES[span?.status?.code ?? 0] ?? 'unset',
    statusMessage: span?.status?.message ?? '',
    signal: nearestText(SIGNAL_ALIASES, attributes, scope.attributes, resource),
    items: largestOf(attributes, ITEMS_ALIASES),
    itemsOut: numberOf(attributes, ATTR.batchSizeOut),
    batchId: textOf(attributes, ATTR.pdataId),
    attributes,
    resource,
    scope,
    events: eventsOf(span, shared.logs.get(spanId) ?? []),
    links: (span?.links ?? []).map((link) => shownLink(state, link)),
    backlinks: backlinks.map((backlink) => shownBacklink(state, backlink)),
    orphan: parentSpanId !== '' && isMissing(state, shared.slot, segment, k),
  };
}

function isMissing(state: StoreState, slot: number, segment: Segment, k: number): boolean {
  return findSpan(state, slot, segment.parentHigh(k), segment.parentLow(k)) === NO_ROW;
}

export function parentIdOf(segment: Segment, k: number): string {
  const high = segment.parentHigh(k);
  const low = segment.parentLow(k);
  return high === 0 && low === 0 ? '' : spanIdText(high, low);
}

/** A flush has no held time of its own but that of what it merged: the longest counts. */
export function heldOf(attributes: Attributes, span: OtlpSpan | null): number | null {
  const own = numberOf(attributes, ATTR.heldMs);
  if (own !== null) return own;
  const held = (span?.links ?? []).flatMap(
    ({ attributes: pairs }) => numberOf(plainAttributes(pairs), ATTR.heldMs) ?? [],
  );
  return held.length === 0 ? null : Math.max(...held);
}

function eventsOf(span: OtlpSpan | null, logs: readonly SpanEvent[]): SpanEvent[] {
  const own = (span?.events ?? []).map(
    (event): SpanEvent => ({
      name: canonicalEventName(event.name),
      timeUnixNano: String(event.timeUnixNano),
      attributes: plainAttributes(event.attributes, canonicalEventAttribute),
      encoding: 'span_event',
    }),
  );
  const all = [...own, ...logs];
  return all.sort((a, b) => compareNano(a.timeUnixNano, b.timeUnixNano));
}

function compareNano(a: string, b: string): number {
  return a.length !== b.length ? a.length - b.length : a < b ? -1 : a > b ? 1 : 0;
}

/** A log record as an event of its span; one without an event name is called by its severity and shows its body. */
function logEvent(segment: Segment, k: number): SpanEvent | null {
  const decoded = attempt(() => decodeMessage(LOG_RECORD, new WireReader(wireOf(segment, k))));
  if (!decoded.ok) return null;
  const record: OtlpLogRecord = decoded.value;
  const attributes = plainAttributes(record.attributes, canonicalEventAttribute);
  const time = record.timeUnixNano === 0n ? record.observedTimeUnixNano : record.timeUnixNano;
  return {
    name: record.eventName === '' ? record.severityText || 'log' : canonicalEventName(record.eventName),
    timeUnixNano: String(time),
    attributes: withBody(attributes, record.body),
    encoding: 'log_record',
  };
}

function withBody(attributes: Attributes, body: AnyValue | undefined): Attributes {
  if (body === undefined || 'body' in attributes) return attributes;
  return { ...attributes, body: plainValue(body) };
}

function decodedContext(state: StoreState, shared: DetailContext, code: number): DecodedContext {
  const known = shared.contexts.get(code);
  if (known) return known;
  const context: Context = state.contexts.at(code);
  const scope = scopeOf(context);
  const decoded: DecodedContext = {
    resource: plainAttributes(resourceOf(context).attributes),
    scope: { name: scope.name, version: scope.version, attributes: plainAttributes(scope.attributes) },
  };
  shared.contexts.set(code, decoded);
  return decoded;
}
