/** The store: one object that takes telemetry in, holds it within its budget, and answers. */
import type { SpanDetail } from '@/lib/model/span';
import type { TraceSummary } from '@/lib/model/trace-query';
import type { Appender } from './append-spans';
import { Chains } from './chains';
import { changedSince } from './changed-since';
import { coverageOf } from './coverage';
import { Eviction } from './eviction';
import { findSpan } from './find-span';
import {
  ingestLogs,
  ingestLogsJson,
  ingestMetrics,
  ingestMetricsJson,
  ingestTraces,
  ingestTracesJson,
} from './ingest';
import { createKeepState } from './keep';
import { linkedTracesOf, stateOf } from './links';
import { listTraces } from './list-traces';
import { otlpPages } from './otlp-pages';
import { NO_ROW } from './segment';
import { detailContext, spanDetail } from './span-detail';
import { SpanScratch } from './span-scratch';
import type { SpanStore, SpanStoreOptions, TableFill } from './span-store';
import { createStoreState, indexOf, type StoreState, segmentOf, usedBytes } from './store-state';
import type { StringTable } from './string-table';
import { rowsByStart, traceColumns } from './trace-columns';
import { heldSlot, spanWords } from './trace-ids';
import { summaryOf, unixNano } from './trace-summary';
import { inChunk } from './trace-table';

/** Spans decoded in one answer. */
export const MAX_SPANS_AN_ANSWER = 2_000;
const SPANS_A_SLICE = 200;
const MAX_CITED = 1_000;

export function createSpanStore(options: SpanStoreOptions): SpanStore {
  const state = createStoreState(options);
  const chains = new Chains(state);
  const eviction = new Eviction(state, chains, createKeepState());
  const appender: Appender = { state, chains, eviction, scratch: new SpanScratch() };
  const pause = options.pause ?? (() => new Promise<void>((resolve) => setImmediate(resolve)));
  const append = {
    traces: { protobuf: ingestTraces, json: ingestTracesJson },
    logs: { protobuf: ingestLogs, json: ingestLogsJson },
    metrics: { protobuf: ingestMetrics, json: ingestMetricsJson },
  } as const;

  return {
    appendTraces: (bytes) => ingestTraces(appender, bytes),
    appendLogs: (bytes) => ingestLogs(appender, bytes),
    appendMetrics: (bytes) => ingestMetrics(appender, bytes),
    appendTracesJson: (bytes) => ingestTracesJson(appender, bytes),
    appendLogsJson: (bytes) => ingestLogsJson(appender, bytes),
    appendMetricsJson: (bytes) => ingestMetricsJson(appender, bytes),
    append: (signal, encoding, bytes) => append[signal][encoding](appender, bytes),
    notePointsEvicted: (count) => state.points.evict(count),
    ledger: () => ({
      spans: state.spans.counts(),
      logRecords: state.logs.counts(),
      points: state.points.counts(),
    }),
    stats: () => ({
      bytes: usedBytes(state),
      budgetBytes: options.budgetBytes,
      spans: state.spans.stored,
      traces: state.liveTraces,
      oldestUnixNano: oldestUnixNano(state, chains),
    }),
    tables: () => [
      tableFill('span names', state.names),
      tableFill('nodes', state.nodes),
      tableFill('signals', state.signals),
      tableFill('policies', state.policies),
      { name: 'traces cut', size: state.cut.size, limit: null, overflow: null },
      { name: 'traces cited', size: state.cited.size, limit: MAX_CITED, overflow: null },
    ],
    changedSince: (mark, limit, engine = null) => changedSince(state, mark, limit, engine),
    coverage: (from, to, buckets) => coverageOf(state, from, to, buckets),
    cite(traceIds) {
      state.cited.clear();
      for (const traceId of traceIds.slice(0, MAX_CITED)) state.cited.add(traceId.toLowerCase());
    },

    listTraces: (query) => listTraces(state, query, pause),
    traceState: async (traceId) => stateOf(state, traceId),
    async traceSummary(traceId): Promise<TraceSummary | null> {
      const slot = heldSlot(state, traceId);
      return slot < 0 ? null : summaryOf(state, slot);
    },
    async traceRevision(traceId) {
      const slot = heldSlot(state, traceId);
      return slot < 0 ? null : (state.traces.chunk(slot).changed[inChunk(slot)] as number);
    },
    async traceColumns(traceId) {
      const slot = heldSlot(state, traceId);
      return slot < 0 ? null : traceColumns(state, slot, pause);
    },
    async traceSpans(traceId, offset, limit) {
      const slot = heldSlot(state, traceId);
      if (slot < 0) return [];
      const from = Math.max(0, offset);
      const rows = rowsByStart(state, slot).subarray(
        from,
        from + Math.max(0, Math.min(limit, MAX_SPANS_AN_ANSWER)),
      );
      const shared = detailContext(state, slot);
      const spans = [];
      for (const row of rows) {
        if (spans.length % SPANS_A_SLICE === SPANS_A_SLICE - 1) {
          await pause();
          if (heldSlot(state, traceId) !== slot || !holds(state, slot, row)) return spans;
        }
        spans.push(spanDetail(state, shared, segmentOf(state, row), indexOf(state, row)));
      }
      return spans;
    },
    async span(traceId, spanId) {
      const slot = heldSlot(state, traceId);
      const words = spanWords(spanId);
      const row = slot < 0 || words === null ? NO_ROW : findSpan(state, slot, ...words);
      if (row === NO_ROW) return null;
      return spanDetail(state, detailContext(state, slot), segmentOf(state, row), indexOf(state, row));
    },
    async spans(traceId, spanIds) {
      const slot = heldSlot(state, traceId);
      const found: (SpanDetail | null)[] = [];
      if (slot < 0) return spanIds.map(() => null);
      const shared = detailContext(state, slot);
      for (const spanId of spanIds.slice(0, MAX_SPANS_AN_ANSWER)) {
        if (found.length % SPANS_A_SLICE === SPANS_A_SLICE - 1) {
          await pause();
          if (heldSlot(state, traceId) !== slot) return spanIds.map(() => null);
        }
        const words = spanWords(spanId);
        const row = words === null ? NO_ROW : findSpan(state, slot, ...words);
        found.push(
          row === NO_ROW ? null : spanDetail(state, shared, segmentOf(state, row), indexOf(state, row)),
        );
      }
      return found;
    },
    async otlpPages(traceId) {
      const slot = heldSlot(state, traceId);
      return slot < 0 ? null : otlpPages(state, traceId.toLowerCase(), slot);
    },
    async linkedTraces(traceId, limit) {
      const slot = heldSlot(state, traceId);
      return slot < 0 ? [] : linkedTracesOf(state, slot, limit);
    },
  };
}

function tableFill(name: string, { size, limit, overflow }: StringTable): TableFill {
  return { name, size, limit, overflow };
}

/** Whether a row still is one of that trace: others may have run since it was looked up. */
function holds(state: StoreState, slot: number, row: number): boolean {
  return state.segments[row >>> state.rowShift]?.trace[indexOf(state, row)] === slot;
}

/** Start of a trace in the oldest segment that still has one: what came first, which need not have started first. */
function oldestUnixNano(state: StoreState, chains: Chains): string | null {
  for (const number of chains.numbers()) {
    const segment = state.segments[number];
    for (let k = 0; segment !== undefined && k < segment.length; k++) {
      const slot = segment.trace[k] as number;
      if (slot >= state.traces.extent || !state.traces.isLive(slot)) continue;
      const chunk = state.traces.chunk(slot);
      if ((chunk.spans[inChunk(slot)] as number) > 0)
        return String(unixNano(state, chunk.start[inChunk(slot)] as number));
    }
  }
  return null;
}
