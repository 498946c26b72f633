/**
 * From the scratch of one request, or of a slice of one, into the store. Spans come in runs: of one context, in one
 * segment, with the same names; so what the last one needed is tried first for the next.
 */
import type { EngineId } from '@/lib/model/engine';
import { BIG_TRACE_ROWS, BigTrace } from './big-traces';
import { type Chains, KEPT_CHAIN } from './chains';
import type { Context } from './contexts';
import type { Eviction } from './eviction';
import { eachRow, isSpanRow, linkRow, WireRun } from './rows';
import { FLAG, NO_ITEMS, NO_ROW, ROW_BYTES, type Segment } from './segment';
import type { SpanScratch } from './span-scratch';
import type { ObservedSpan } from './span-store';
import { countLists, indexOf, type StoreState, segmentOf, smallCode } from './store-state';
import type { StringTable } from './string-table';
import { hashTraceId } from './trace-index';
import { inChunk, TRACE_FLAG, type TraceChunk } from './trace-table';
import type { WalkItem } from './walk-blocks';
import { createLogWalk } from './walk-logs';
import { createSpanWalk } from './walk-spans';

const NS_PER_MS = 1e6;
/** A trace may take this share of the budget. */
const CUT_SHARE = 0.5;
/** Traces of a slice that are remembered in their order. */
const EXPECTED = 1_024;

/** The traces that a slice of ingest touched, each once: they are told as changed when it is done. */
export class TouchedTraces {
  #slots = new Int32Array(256);
  #count = 0;
  #mark = 0;

  begin(): void {
    this.#count = 0;
    this.#mark = (this.#mark + 1) & 0x7fffffff;
    if (this.#slots.length > 1 << 16) this.#slots = new Int32Array(256);
  }

  add(chunk: TraceChunk, slot: number): void {
    const i = inChunk(slot);
    if (chunk.mark(i) === this.#mark) return;
    chunk.setMark(i, this.#mark);
    if (this.#count === this.#slots.length) {
      const larger = new Int32Array(2 * this.#count);
      larger.set(this.#slots);
      this.#slots = larger;
    }
    this.#slots[this.#count++] = slot;
  }

  /** A slot may have changed hands since it was noted: then its new trace has changed as well. */
  tell(state: StoreState): void {
    for (let k = 0; k < this.#count; k++) {
      const slot = this.#slots[k] as number;
      const chunk = state.traces.chunk(slot);
      const i = inChunk(slot);
      if ((chunk.flags(i) & TRACE_FLAG.live) !== 0 && chunk.spans(i) > 0) state.changes.touch(slot);
    }
  }
}

/** A code and where its text stood: the next item's text is compared with it before any table is asked. */
class Recent {
  start = -1;
  length = -1;
  code = 0;

  of(table: StringTable, bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const length = end - start;
    if (length === this.length && sameText(view, this.start, start, length)) return this.code;
    this.code = table.intern(bytes, start, end);
    this.start = start;
    this.length = length;
    return this.code;
  }

  forget(): void {
    this.length = -1;
  }
}

function sameText(view: DataView, a: number, b: number, length: number): boolean {
  if (length < 4) {
    for (let k = 0; k < length; k++) if (view.getInt8(a + k) !== view.getInt8(b + k)) return false;
    return true;
  }
  for (let k = 0; k + 4 <= length; k += 4) if (view.getInt32(a + k) !== view.getInt32(b + k)) return false;
  return view.getInt32(a + length - 4) === view.getInt32(b + length - 4);
}

export class Appender {
  readonly run = new WireRun();
  readonly touched = new TouchedTraces();
  readonly #name = new Recent();
  readonly #node = new Recent();
  readonly #signal = new Recent();
  readonly #policy = new Recent();
  /** What the search of a trace found. */
  #duplicate = false;
  #parent = NO_ROW;
  /** Slots that this slice came by, in order, and which of them is expected next. */
  readonly #slots = new Int32Array(EXPECTED);
  #slotCount = 0;
  #nextSlot = 0;
  /** Where the last item went. */
  #segment: Segment | null = null;

  readonly walkSpan: WalkItem;
  readonly walkLog: WalkItem;

  constructor(
    readonly state: StoreState,
    readonly chains: Chains,
    readonly eviction: Eviction,
    readonly scratch: SpanScratch,
  ) {
    this.walkSpan = createSpanWalk(state.halves);
    this.walkLog = createLogWalk(state.halves);
  }

  /**
   * The spans of a request come node by node, and those of each node in about the order of the traces: the slots of
   * the slice so far are the first guess for those that follow.
   */
  #slotOf(w0: number, w1: number, w2: number, w3: number): number {
    const { traces, index } = this.state;
    const expected = this.#slots[this.#nextSlot] as number;
    if (this.#nextSlot < this.#slotCount && traces.is(expected, w0, w1, w2, w3) && traces.isLive(expected)) {
      this.#nextSlot++;
      return expected;
    }
    const slot = index.find(w0, w1, w2, w3);
    if (slot >= 0) this.#expect(slot);
    return slot;
  }

  #expect(slot: number): void {
    if (this.#slotCount < EXPECTED) this.#slots[this.#slotCount++] = slot;
    this.#nextSlot = this.#slotCount;
  }

  /** Another block begins. */
  beginBlock(): void {
    this.#nextSlot = 0;
  }

  /** Before the first item of a slice. */
  begin(): void {
    this.#slotCount = 0;
    this.touched.begin();
    this.#forgetTexts();
  }

  /** After the last one. */
  finish(): void {
    this.run.close();
    this.#countLists();
    this.touched.tell(this.state);
  }

  /** Brings everything to within the budget; what is pending is written first, since its segment may leave. */
  fit(): void {
    this.run.flush();
    this.#countLists();
    const { rounds } = this.eviction;
    this.eviction.fit(0);
    if (rounds !== this.eviction.rounds) this.#forgetTexts();
  }

  /** Room for `size` bytes in a chain's last page. */
  reserve(chain: number, size: number): void {
    if (this.state.traces.hasFree && this.chains.hasRoom(chain, size)) return;
    this.run.flush();
    const { rounds } = this.eviction;
    this.eviction.reserve(chain, size);
    if (rounds !== this.eviction.rounds) this.#forgetTexts();
  }

  /** Stores item `i` of the scratch, which has valid ids. `observed` is the engine, where someone listens. */
  appendSpan(
    bytes: Uint8Array,
    view: DataView,
    i: number,
    context: Context,
    observed: EngineId | null,
  ): void {
    const { state, chains, eviction, scratch } = this;
    const w0 = scratch.trace(i, 0);
    const w1 = scratch.trace(i, 1);
    const w2 = scratch.trace(i, 2);
    const w3 = scratch.trace(i, 3);
    const start = scratch.prefix(i);
    const end = scratch.wireEnd(i);
    const size = end - start;
    let slot = this.#slotOf(w0, w1, w2, w3);
    this.#parent = NO_ROW;
    if (slot >= 0) {
      this.#search(slot, i);
      if (this.#duplicate) {
        state.spans.repeat();
        return;
      }
      if (takesTooMuch(state, slot, size)) {
        cutOff(state, slot);
        return;
      }
    } else if (size + ROW_BYTES > CUT_SHARE * state.options.budgetBytes) {
      state.spans.pass();
      return;
    }
    if (context.engineCode < 0) context.engineCode = state.engines.codeOf(context.engine);
    const engine = context.engineCode;
    const { rounds } = eviction;
    const chain = slot < 0 ? chains.chainOfEngine(engine) : chainOf(state, chains, slot);
    this.reserve(chain, size);
    if (rounds !== eviction.rounds) {
      slot = state.index.find(w0, w1, w2, w3);
      this.#parent = NO_ROW;
      if (slot >= 0) this.#search(slot, i);
    }
    const parent = this.#parent;
    if (slot < 0) {
      slot = newTrace(state, w0, w1, w2, w3);
      this.#expect(slot);
    }

    const number = chains.active(chain);
    const segment = state.segments[number] as Segment;
    this.enter(segment);
    const k = segment.length++;
    const row = number * state.rows + k;
    segment.setPlace(k, this.run.place(segment, bytes, start, end));
    segment.setNext(k, NO_ROW);
    segment.setTrace(k, slot);
    this.#fillRow(segment, k, bytes, view, i, context);
    linkRow(state, row, slot);
    state.spans.store();
    this.#joinTrace(slot, segment, k, row, engine, size, this.#policyOf(bytes, view, i, context));
    if ((segment.flags(k) & FLAG.links) !== 0) this.#addLinks(slot, segment, k, i);
    if (state.big.size > 0) addToBig(state, slot, row, segment, k);
    if (observed !== null) observe(state, observed, segment, k, parent);
  }

  /** The row goes into this segment. */
  enter(segment: Segment): void {
    if (segment === this.#segment) return;
    this.#countLists();
    this.#segment = segment;
  }

  #countLists(): void {
    if (this.#segment !== null) countLists(this.state, this.#segment);
    this.#segment = null;
  }

  #forgetTexts(): void {
    this.#name.forget();
    this.#node.forget();
    this.#signal.forget();
    this.#policy.forget();
  }

  /** Looks for the span itself and for its parent: along the chain of a short trace, in the index of a long one. */
  #search(slot: number, i: number): void {
    const { state, scratch } = this;
    const high = scratch.spanHigh(i);
    const low = scratch.spanLow(i);
    const parentHigh = scratch.parentHigh(i);
    const parentLow = scratch.parentLow(i);
    this.#duplicate = false;
    this.#parent = NO_ROW;
    const chunk = state.traces.chunk(slot);
    const at = inChunk(slot);
    if (chunk.rows(at) >= BIG_TRACE_ROWS) {
      const big = bigOf(state, slot);
      if (big !== undefined) {
        this.#duplicate = big.find(high, low) !== NO_ROW;
        if (parentHigh !== 0 || parentLow !== 0) this.#parent = big.find(parentHigh, parentLow);
        return;
      }
    }
    let row = chunk.head(at);
    while (row !== NO_ROW) {
      const segment = segmentOf(state, row);
      const k = indexOf(state, row);
      const spanLow = segment.spanLow(k);
      if (spanLow === low && segment.spanHigh(k) === high && isSpanRow(segment, k)) {
        this.#duplicate = true;
        return;
      }
      if (spanLow === parentLow && segment.spanHigh(k) === parentHigh && isSpanRow(segment, k))
        this.#parent = row;
      row = segment.next(k);
    }
  }

  #fillRow(
    segment: Segment,
    k: number,
    bytes: Uint8Array,
    view: DataView,
    i: number,
    context: Context,
  ): void {
    const { state, scratch } = this;
    const prefix = scratch.prefix(i);
    segment.takeSpan(k, scratch, i);
    const name = this.#name.of(state.names, bytes, view, scratch.nameStart(i), scratch.nameEnd(i));
    const nodeStart = scratch.nodeStart(i);
    const node =
      nodeStart >= 0
        ? this.#node.of(state.nodes, bytes, view, nodeStart, scratch.nodeEnd(i))
        : state.nodes.intern(context.nodeBytes, 0, context.nodeBytes.length);
    const { stamp } = segment;
    state.names.retainFor(name, stamp, segment.names);
    state.nodes.retainFor(node, stamp, segment.nodes);
    if (context.stamp !== stamp) state.contexts.retainFor(context, stamp, segment.contexts);
    const signalStart = scratch.signalStart(i);
    const signal =
      signalStart >= 0
        ? small(this.#signal.of(state.signals, bytes, view, signalStart, scratch.signalEnd(i)))
        : smallCode(state.signals, context.signalBytes, 0, context.signalBytes.length);
    segment.setCodes(k, node, name, context.code, signal);
    const batchOffset = scratch.batchStart(i) - prefix;
    const batchLength = scratch.batchEnd(i) - scratch.batchStart(i);
    const told = batchOffset >= 0 && batchOffset <= 0xffff && batchLength <= 0xff;
    segment.setFlags(k, scratch.flags(i), told ? batchOffset : 0, told ? batchLength : 0);
  }

  #policyOf(bytes: Uint8Array, view: DataView, i: number, context: Context): number {
    const { state, scratch } = this;
    const start = scratch.policyStart(i);
    if (start >= 0) return small(this.#policy.of(state.policies, bytes, view, start, scratch.policyEnd(i)));
    const { policyBytes } = context;
    return policyBytes.length === 0 ? 0 : smallCode(state.policies, policyBytes, 0, policyBytes.length);
  }

  /** Brings what is known of the trace up to date with a new span. */
  #joinTrace(
    slot: number,
    segment: Segment,
    k: number,
    row: number,
    engine: number,
    size: number,
    policy: number,
  ): void {
    const { state } = this;
    const chunk = state.traces.chunk(slot);
    const i = inChunk(slot);
    const spans = chunk.spans(i) + 1;
    if (spans === 1) firstSpan(state, chunk, slot, engine);
    chunk.setSpans(i, spans);
    chunk.addSpan(i, segment, k);
    chunk.addBytes(i, size);
    const node = segment.node(k);
    if (node !== 0) chunk.addNode(i, node);
    const signal = segment.signal(k);
    if (signal !== 0 && chunk.firstSignal(i) === 0) chunk.setFirstSignal(i, signal);
    if (policy !== 0 && chunk.policy(i) === 0) chunk.setPolicy(i, policy);
    const flags = segment.flags(k);
    if ((flags & FLAG.statusMask) === 2 && chunk.error(i) === NO_ROW) {
      chunk.setError(i, row);
      chunk.setFlag(i, TRACE_FLAG.error);
    }
    takeRoot(state, chunk, i, row, segment, k);
    this.touched.add(chunk, slot);
  }

  #addLinks(slot: number, segment: Segment, k: number, i: number): void {
    const { state, scratch } = this;
    const { linkIds } = scratch;
    const first = i === 0 ? 0 : scratch.linkEnd(i - 1);
    const end = scratch.linkEnd(i);
    for (let link = first; link < end; link++) {
      const w0 = linkIds[4 * link] as number;
      const w1 = linkIds[4 * link + 1] as number;
      const w2 = linkIds[4 * link + 2] as number;
      const w3 = linkIds[4 * link + 3] as number;
      const hash = hashTraceId(w0, w1, w2, w3);
      segment.addLink(hash, k);
      const target = state.index.find(w0, w1, w2, w3);
      if (target === slot) continue;
      state.traces.chunk(slot).setFlag(inChunk(slot), TRACE_FLAG.linked);
      if (target >= 0 && state.traces.chunk(target).spans(inChunk(target)) > 0) {
        const chunk = state.traces.chunk(target);
        if ((chunk.flags(inChunk(target)) & TRACE_FLAG.linked) === 0) this.touched.add(chunk, target);
        chunk.setFlag(inChunk(target), TRACE_FLAG.linked);
      } else state.awaited.set(hash, true);
    }
  }
}

/** Signals and policies past their bound are read as not told. */
function small(code: number): number {
  return code === 0xffff ? 0 : code;
}

/** A chain for the rows of a trace that is there: they stay together. */
export function chainOf(state: StoreState, chains: Chains, slot: number): number {
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  return (chunk.flags(i) & TRACE_FLAG.kept) !== 0 ? KEPT_CHAIN : chains.chainOfEngine(chunk.engine(i));
}

export function newTrace(state: StoreState, w0: number, w1: number, w2: number, w3: number): number {
  const slot = state.traces.take();
  state.traces.chunk(slot).setId(inChunk(slot), w0, w1, w2, w3);
  state.index.insert(slot);
  return slot;
}

export function takesTooMuch(state: StoreState, slot: number, size: number): boolean {
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  const bytes = chunk.bytes(i) + chunk.rows(i) * ROW_BYTES;
  return bytes + size + ROW_BYTES > CUT_SHARE * state.options.budgetBytes;
}

function cutOff(state: StoreState, slot: number): void {
  state.spans.pass();
  state.cut.set(slot, (state.cut.get(slot) ?? 0) + 1);
  state.traces.chunk(slot).setFlag(inChunk(slot), TRACE_FLAG.cut);
}

/** The index of a long trace; made when it has just become long, or lost it by moving. */
export function bigOf(state: StoreState, slot: number): BigTrace | undefined {
  if (state.traces.chunk(slot).rows(inChunk(slot)) < BIG_TRACE_ROWS) return undefined;
  const known = state.big.get(slot);
  if (known !== undefined) return known;
  const big = new BigTrace(state.rowIds);
  eachRow(state, slot, (segment, k, row) => {
    if (isSpanRow(segment, k)) big.add(row, segment.node(k), segment.start(k));
  });
  state.big.set(slot, big);
  state.bigBytes += big.bytes;
  return big;
}

function addToBig(state: StoreState, slot: number, row: number, segment: Segment, k: number): void {
  const big = state.big.get(slot);
  if (big === undefined) return;
  const before = big.bytes;
  big.add(row, segment.node(k), segment.start(k));
  state.bigBytes += big.bytes - before;
}

function firstSpan(state: StoreState, chunk: TraceChunk, slot: number, engine: number): void {
  const i = inChunk(slot);
  chunk.setEngine(i, engine);
  state.liveTraces++;
  state.engines.traces[engine] = (state.engines.traces[engine] ?? 0) + 1;
  if (state.awaited.size === 0) return;
  const hash = hashTraceId(chunk.word(i, 0), chunk.word(i, 1), chunk.word(i, 2), chunk.word(i, 3));
  if (state.awaited.delete(hash)) chunk.setFlag(i, TRACE_FLAG.linked);
}

/** The earliest root stands for the trace; the earliest span while no root has come. */
function takeRoot(
  state: StoreState,
  chunk: TraceChunk,
  i: number,
  row: number,
  segment: Segment,
  k: number,
): void {
  const isRoot = (segment.flags(k) & FLAG.root) !== 0;
  const hasRoot = (chunk.flags(i) & TRACE_FLAG.root) !== 0;
  if (isRoot !== hasRoot) {
    if (!isRoot) return;
    chunk.setFlag(i, TRACE_FLAG.root);
  } else {
    const held = chunk.root(i);
    if (held !== NO_ROW && segment.start(k) >= segmentOf(state, held).start(indexOf(state, held))) return;
  }
  chunk.setRoot(i, row);
  chunk.setRootSignal(i, segment.signal(k));
}

function observe(state: StoreState, engine: EngineId, segment: Segment, k: number, parent: number): void {
  const items = segment.items(k);
  told.node = state.nodes.text(segment.node(k));
  told.parentNode =
    parent === NO_ROW ? '' : state.nodes.text(segmentOf(state, parent).node(indexOf(state, parent)));
  told.signal = state.signals.text(segment.signal(k));
  told.startMs = state.epochMs + segment.start(k) / NS_PER_MS;
  told.durationMs = segment.duration(k) / NS_PER_MS;
  told.waitMs = segment.wait(k);
  told.blockedMs = segment.blocked(k);
  told.workMs = segment.work(k);
  told.status = segment.flags(k) & FLAG.statusMask;
  told.items = items === NO_ITEMS ? Number.NaN : items;
  state.options.observer?.onSpan(engine, told);
}

/** One object for all spans: eleven arguments would be boxed, or eleven fields allocated, for each of them. */
const told: { -readonly [K in keyof ObservedSpan]: ObservedSpan[K] } = {
  node: '',
  parentNode: '',
  signal: '',
  startMs: 0.5,
  durationMs: 0.5,
  waitMs: 0.5,
  blockedMs: 0.5,
  workMs: 0.5,
  status: 0,
  items: 0.5,
};
