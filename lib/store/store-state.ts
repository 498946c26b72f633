/** Everything that the store holds, as one object that its parts work on; and how many bytes that is. */
import { type BoundedMap, createBoundedMap } from '@/lib/base/bounded-map';
import type { EngineId } from '@/lib/model/engine';
import type { BigTrace, RowIds } from './big-traces';
import { ChangeList } from './change-list';
import { type ContextTable, createContextTable } from './contexts';
import { createEngineCodes, type EngineCodes } from './engines';
import { createEvictedIds, type EvictedIds } from './evicted-ids';
import { LedgerAccount } from './ledger';
import { createPagePool, MAX_PAGE_BYTES, type PagePool } from './page-pool';
import type { Segment } from './segment';
import type { SpanStoreOptions } from './span-store';
import { createStringTable, OVERFLOW_CODE, type StringTable } from './string-table';
import { createTraceIndex, type TraceIndex } from './trace-index';
import { TraceTable } from './trace-table';
import { type EpochHalves, epochHalves } from './walk-spans';

const EVICTED_MEMORY = 100_000;
const SIGNAL_LIMIT = 250;
const POLICY_LIMIT = 1_000;
const PENDING_LINKS = 65_536;
const PENDING_BYTES = 64;

export interface StoreState {
  readonly options: SpanStoreOptions;
  readonly epoch: bigint;
  readonly halves: EpochHalves;
  /** The epoch in milliseconds. */
  readonly epochMs: number;
  /** Rows of a segment, a power of two. */
  readonly rows: number;
  readonly rowShift: number;
  readonly segmentPageBytes: number;
  readonly traces: TraceTable;
  readonly index: TraceIndex;
  readonly evicted: EvictedIds;
  readonly pages: PagePool;
  /** By segment number. */
  readonly segments: (Segment | undefined)[];
  readonly nodes: StringTable;
  readonly names: StringTable;
  /** Never given back: few by nature, bounded all the same. */
  readonly signals: StringTable;
  readonly policies: StringTable;
  readonly engines: EngineCodes;
  readonly contexts: ContextTable;
  readonly changes: ChangeList;
  readonly big: Map<number, BigTrace>;
  /** Spans left out of a trace that took too much, by slot. */
  readonly cut: Map<number, number>;
  /** Hashes of trace ids that were linked to before they came. */
  readonly awaited: BoundedMap<number, true>;
  readonly cited: Set<string>;
  readonly rowIds: RowIds;
  readonly spans: LedgerAccount;
  readonly logs: LedgerAccount;
  readonly points: LedgerAccount;
  segmentBytes: number;
  /** Lists and link indexes of the segments. */
  listBytes: number;
  bigBytes: number;
  liveTraces: number;
}

export function createStoreState(options: SpanStoreOptions): StoreState {
  const epoch = options.clock.epoch as bigint;
  const rows = 2 ** Math.min(12, Math.max(6, Math.floor(Math.log2(options.budgetBytes / 65_536))));
  const rowShift = Math.log2(rows);
  // A segment has some forty pages, so that its last one wastes little.
  const pageBytes = Math.min(MAX_PAGE_BYTES, Math.max(4_096, rows * 8));
  const traces = new TraceTable();
  const segments: (Segment | undefined)[] = [];
  return {
    options,
    epoch,
    halves: epochHalves(epoch),
    epochMs: Number(epoch / 1_000_000n),
    rows,
    rowShift,
    segmentPageBytes: rows * 1024,
    traces,
    index: createTraceIndex(traces),
    evicted: createEvictedIds(options.evictedMemory ?? EVICTED_MEMORY),
    pages: createPagePool(pageBytes),
    segments,
    nodes: createStringTable(),
    names: createStringTable(),
    signals: createStringTable(SIGNAL_LIMIT),
    policies: createStringTable(POLICY_LIMIT),
    engines: createEngineCodes(),
    contexts: createContextTable(options.resolveEngine),
    changes: new ChangeList(traces),
    big: new Map(),
    cut: new Map(),
    awaited: createBoundedMap(PENDING_LINKS),
    cited: new Set(),
    rowIds: {
      spanHigh: (row) => (segments[row >>> rowShift] as Segment).spanHigh(row & (rows - 1)),
      spanLow: (row) => (segments[row >>> rowShift] as Segment).spanLow(row & (rows - 1)),
    },
    spans: new LedgerAccount(),
    logs: new LedgerAccount(),
    points: new LedgerAccount(),
    segmentBytes: 0,
    listBytes: 0,
    bigBytes: 0,
    liveTraces: 0,
  };
}

export function usedBytes(state: StoreState): number {
  return (
    state.segmentBytes +
    state.listBytes +
    state.bigBytes +
    state.pages.bytes +
    state.traces.bytes +
    state.index.bytes +
    state.evicted.bytes +
    state.nodes.bytes +
    state.names.bytes +
    state.signals.bytes +
    state.policies.bytes +
    state.contexts.bytes +
    (state.awaited.size + state.cut.size) * PENDING_BYTES
  );
}

/** Brings the sum up to date with what a segment's lists have grown to. */
export function countLists(state: StoreState, segment: Segment): void {
  const now = segment.listBytes;
  state.listBytes += now - segment.counted;
  segment.counted = now;
}

export function segmentOf(state: StoreState, row: number): Segment {
  return state.segments[row >>> state.rowShift] as Segment;
}

export function indexOf(state: StoreState, row: number): number {
  return row & (state.rows - 1);
}

/** Signals and policies past their bound are read as not told. */
export function smallCode(table: StringTable, source: Uint8Array, start: number, end: number): number {
  if (start < 0) return 0;
  const code = table.intern(source, start, end);
  return code === OVERFLOW_CODE ? 0 : code;
}

export function engineOf(state: StoreState, code: number): EngineId {
  return state.engines.id(code);
}
