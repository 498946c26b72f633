/**
 * The store as trace pages read it: a Collector's traces with the rows that its events tell of. Only for traces small
 * enough that a person follows one batch in them; what was sent (`otlpPages`) stays as it was.
 */
import { createBoundedMap } from '@/lib/base/bounded-map';
import type { SpanDetail } from '@/lib/model/span';
import type { TraceSummary } from '@/lib/model/trace-query';
import type { SpanColumns } from '@/lib/store/span-columns';
import type { TelemetryStore } from '@/lib/store/telemetry-store';
import {
  isOfCollector,
  isReceiverSpan,
  isSurelyOfCollector,
  processorSpans,
  queueWaitMs,
  withCollectorRows,
} from './collector-spans';
import { collectorItems, collectorTimes, ownWork } from './collector-times';

/** Spans of a trace that is looked into for what its events tell. */
const MAX_SPANS = 2_000;
/** Receivers' spans in it whose events are read. */
const MAX_RECEIVERS = 100;

/** Of a trace: the first of these that tells how many items it held. */
const SPANS_FOR_ITEMS = 20;

/** Traces that are remembered as looked into. */
const MAX_KEPT = 32;

interface Known {
  readonly columns: SpanColumns;
  readonly derived: readonly SpanDetail[];
}

export function withDerivedRows(store: TelemetryStore): TelemetryStore {
  const derivedOf = async (traceId: string, columns: SpanColumns): Promise<readonly SpanDetail[]> => {
    const receivers: string[] = [];
    for (let row = 0; row < columns.length && receivers.length < MAX_RECEIVERS; row++) {
      const name = columns.names[columns.name[row] as number] ?? '';
      if (isReceiverSpan(name)) receivers.push(columns.spanIds.at(row));
    }
    const spans = await store.spans(traceId, receivers);
    return spans.flatMap((span) => (span ? processorSpans(span) : []));
  };
  const readThrough = async (traceId: string): Promise<Known | null> => {
    const summary = await store.traceSummary(traceId);
    if (!summary || summary.spanCount > MAX_SPANS) return null;
    const columns = await store.traceColumns(traceId);
    if (!columns || !isOfCollector(columns)) return null;
    return { columns, derived: await derivedOf(traceId, columns) };
  };
  const kept = createBoundedMap<string, { readonly revision: number; readonly known: Promise<Known | null> }>(
    MAX_KEPT,
  );
  /** Null where the trace is not a Collector's, or too large. */
  const ofCollector = async (traceId: string): Promise<Known | null> => {
    const revision = await store.traceRevision(traceId);
    if (revision === null) return null;
    const held = kept.get(traceId);
    if (held?.revision === revision) return held.known;
    const known = readThrough(traceId);
    kept.set(traceId, { revision, known });
    return known;
  };
  const withWait = (span: SpanDetail, columns: SpanColumns): SpanDetail => {
    const row = columns.spanIds.rowOf(span.spanId);
    const waitMs = row < 0 ? null : queueWaitMs(columns, row);
    const items = span.items ?? collectorItems(span);
    return waitMs === null && items === null ? span : { ...span, waitMs: waitMs ?? span.waitMs, items };
  };
  const withTimes = async (summary: TraceSummary): Promise<TraceSummary> => {
    const known = await ofCollector(summary.traceId);
    if (!known || !isSurelyOfCollector(known.columns)) return summary;
    const sent = await store.traceSpans(summary.traceId, 0, SPANS_FOR_ITEMS);
    const items =
      summary.items ?? sent.reduce<number | null>((held, span) => held ?? collectorItems(span), null);
    return { ...summary, ...collectorTimes(known.columns), items };
  };
  const spans: TelemetryStore['spans'] = async (traceId, spanIds) => {
    const found = await store.spans(traceId, spanIds);
    const known = await ofCollector(traceId);
    if (!known) return found;
    return found.map((span, i) =>
      span
        ? withWait(span, known.columns)
        : (known.derived.find(({ spanId }) => spanId === spanIds[i]) ?? null),
    );
  };
  return {
    ...store,
    spans,
    async traceSummary(traceId) {
      const summary = await store.traceSummary(traceId);
      return summary && withTimes(summary);
    },
    span: async (traceId, spanId) => (await spans(traceId, [spanId]))[0] ?? null,
    async traceColumns(traceId) {
      const known = await ofCollector(traceId);
      if (!known) return store.traceColumns(traceId);
      const columns = withCollectorRows(known.columns, known.derived);
      return isSurelyOfCollector(columns) ? { ...columns, workMs: ownWork(columns) } : columns;
    },
    async traceSpans(traceId, offset, limit) {
      const known = await ofCollector(traceId);
      if (!known) return store.traceSpans(traceId, offset, limit);
      const sent = await store.traceSpans(traceId, 0, MAX_SPANS);
      return [...sent.map((span) => withWait(span, known.columns)), ...known.derived]
        .sort((a, b) => Number(BigInt(a.startUnixNano) - BigInt(b.startUnixNano)))
        .slice(offset, offset + limit);
    },
  };
}
