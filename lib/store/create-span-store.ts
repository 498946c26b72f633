/** The store: one object that takes telemetry in, holds it within its budget, and answers. */
import type { SpanDetail } from '@/lib/model/span';
import type { TraceSummary } from '@/lib/model/trace-query';
import { Appender } from './append-spans';
import { Chains } from './chains';
import { changedSince } from './changed-since';
import { controlMarks } from './control-marks';
import { coverageOf } from './coverage';
import { Eviction } from './eviction';
import { findSpan } from './find-span';
import { atOnce, type Ingesting, ingestLogs, ingestLogsJson, ingestTraces, ingestTracesJson } from './ingest';
import { ingestMetrics, ingestMetricsJson } from './ingest-metrics';
import { createKeepState } from './keep';
import { linkedTracesOf, stateOf } from './links';
import { listTraces } from './list-traces';
import { logPages } from './log-pages';
import { otlpPages } from './otlp-pages';
import { NO_ROW } from './segment';
import { rowsByStart } from './sort-rows';
import { detailContext, spanDetail } from './span-detail';
import { SpanScratch } from './span-scratch';
import type { IngestResult, SpanStore, SpanStoreOptions, TableFill } from './span-store';
import { createStoreState, indexOf, type StoreState, segmentOf, usedBytes } from './store-state';
import type { StringTable } from './string-table';
import { traceColumns } from './trace-columns';
import { heldSlot, spanWords } from './trace-ids';
import { summaryOf, unixNano } from './trace-summary';
import { inChunk } from './trace-table';

/** Spans decoded in one answer. */
export const MAX_SPANS_AN_ANSWER = 2_000;
const SPANS_A_SLICE = 50;
/** A query that a trace moved away under begins anew. */
const TRIES = 3;
const MAX_CITED = 1_000;

export function createSpanStore(options: SpanStoreOptions): SpanStore {
  const state = createStoreState(options);
  const chains = new Chains(state);
  const eviction = new Eviction(state, chains, createKeepState());
  const appender = new Appender(state, chains, eviction, new SpanScratch());
  const pause = options.pause ?? (() => new Promise<void>((resolve) => setImmediate(resolve)));
  const ingest = {
    traces: {
      protobuf: (bytes: Uint8Array) => ingestTraces(appender, bytes),
      json: (bytes: Uint8Array) => ingestTracesJson(appender, bytes),
    },
    logs: {
      protobuf: (bytes: Uint8Array) => ingestLogs(appender, bytes),
      json: (bytes: Uint8Array) => ingestLogsJson(appender, bytes),
    },
    metrics: {
      protobuf: (bytes: Uint8Array) => ingestMetrics(state, bytes),
      json: (bytes: Uint8Array) => ingestMetricsJson(state, bytes),
    },
  } as const;
  const inSlices = async (ingesting: Ingesting): Promise<IngestResult> => {
    for (;;) {
      await pause();
      const step = ingesting.next();
      if (step.done) return step.value;
    }
  };

  return {
    appendTraces: (bytes) => atOnce(ingest.traces.protobuf(bytes)),
    appendLogs: (bytes) => atOnce(ingest.logs.protobuf(bytes)),
    appendMetrics: (bytes) => atOnce(ingest.metrics.protobuf(bytes)),
    appendTracesJson: (bytes) => atOnce(ingest.traces.json(bytes)),
    appendLogsJson: (bytes) => atOnce(ingest.logs.json(bytes)),
    appendMetricsJson: (bytes) => atOnce(ingest.metrics.json(bytes)),
    append(signal, encoding, bytes) {
      const ingesting = ingest[signal][encoding](bytes);
      const step = ingesting.next();
      return step.done ? step.value : inSlices(ingesting);
    },
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
    coverage: (from, to, buckets) => coverageOf(state, from, to, buckets, pause),
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
      return slot < 0 ? null : state.traces.chunk(slot).changed(inChunk(slot));
    },
    async traceColumns(traceId) {
      for (let tries = 0; tries < TRIES; tries++) {
        const slot = heldSlot(state, traceId);
        if (slot < 0) return null;
        const columns = await traceColumns(state, slot, pause);
        if (columns !== null) return columns;
      }
      return null;
    },
    async traceSpans(traceId, offset, limit) {
      const slot = heldSlot(state, traceId);
      if (slot < 0) return [];
      const from = Math.max(0, offset);
      const all = await rowsByStart(state, slot, pause);
      if (all === null) return [];
      const rows = all.subarray(from, from + Math.max(0, Math.min(limit, MAX_SPANS_AN_ANSWER)));
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
    async controlMarks(traceId) {
      for (let tries = 0; tries < TRIES; tries++) {
        const slot = heldSlot(state, traceId);
        if (slot < 0) return null;
        const marks = await controlMarks(state, slot, pause);
        if (marks !== null) return marks;
      }
      return null;
    },
    async otlpPages(traceId) {
      const slot = heldSlot(state, traceId);
      return slot < 0 ? null : otlpPages(state, traceId.toLowerCase(), slot, pause);
    },
    logPages: (query) => logPages(state, query, pause),
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
  return state.segments[row >>> state.rowShift]?.trace(indexOf(state, row)) === slot;
}

/** Start of a trace in the oldest segment that still has one: what came first, which need not have started first. */
function oldestUnixNano(state: StoreState, chains: Chains): string | null {
  for (const number of chains.numbers()) {
    const segment = state.segments[number];
    for (let k = 0; segment !== undefined && k < segment.length; k++) {
      const slot = segment.trace(k);
      if (slot < 0 || !state.traces.isLive(slot)) continue;
      const chunk = state.traces.chunk(slot);
      if (chunk.spans(inChunk(slot)) > 0) return String(unixNano(state, chunk.start(inChunk(slot))));
    }
  }
  return null;
}
