/** From the scratch columns of one request into the store. */
import type { EngineId } from '@/lib/model/engine';
import { BIG_TRACE_ROWS, BigTrace } from './big-traces';
import { type Chains, KEPT_CHAIN } from './chains';
import type { Context } from './contexts';
import type { Eviction } from './eviction';
import { eachRow, isSpanRow, linkRow, newRow } from './rows';
import { FLAG, NO_ITEMS, NO_ROW, ROW_BYTES, type Segment } from './segment';
import type { SpanScratch } from './span-scratch';
import { indexOf, type StoreState, segmentOf, smallCode } from './store-state';
import { hashTraceId } from './trace-index';
import { inChunk, TRACE_FLAG, type TraceChunk } from './trace-table';

const NS_PER_MS = 1e6;
/** A trace may take this share of the budget. */
const CUT_SHARE = 0.5;

export interface Appender {
  readonly state: StoreState;
  readonly chains: Chains;
  readonly eviction: Eviction;
  readonly scratch: SpanScratch;
}

/** What `searchTrace` found; module-wide, so that a search allocates nothing. */
const hit = { duplicate: false, parent: NO_ROW };

/** Stores item `i` of the scratch, which has valid ids. */
export function appendSpan(appender: Appender, bytes: Uint8Array, i: number, context: Context): void {
  const { state, chains, eviction, scratch } = appender;
  const w0 = scratch.trace0[i] as number;
  const w1 = scratch.trace1[i] as number;
  const w2 = scratch.trace2[i] as number;
  const w3 = scratch.trace3[i] as number;
  const size = (scratch.wireEnd[i] as number) - (scratch.wireStart[i] as number);
  let slot = state.index.find(w0, w1, w2, w3);
  hit.parent = NO_ROW;
  if (slot >= 0) {
    searchTrace(state, slot, scratch, i);
    if (hit.duplicate) {
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
  const rounds = eviction.rounds;
  const chain = slot < 0 ? chains.chainOfEngine(engine) : chainOf(state, chains, slot);
  eviction.reserve(chain, size);
  if (rounds !== eviction.rounds) {
    slot = state.index.find(w0, w1, w2, w3);
    if (slot >= 0) searchTrace(state, slot, scratch, i);
    else hit.parent = NO_ROW;
  }
  const parent = hit.parent;
  if (slot < 0) slot = newTrace(state, w0, w1, w2, w3);

  const row = newRow(
    state,
    chains,
    chain,
    bytes,
    scratch.wireStart[i] as number,
    scratch.wireEnd[i] as number,
  );
  const segment = segmentOf(state, row);
  const k = indexOf(state, row);
  fillRow(state, segment, k, bytes, scratch, i, context);
  segment.trace[k] = slot;
  linkRow(state, row, slot);
  state.spans.store();
  joinTrace(state, slot, segment, k, row, engine, policyCode(state, bytes, scratch, i, context));
  addLinks(state, slot, segment, k, scratch, i);
  addToBig(state, slot, row, segment, k);
  state.changes.touch(slot);
  observe(state, context.engine, segment, k, parent);
}

/** A chain for the rows of a trace that is there: they stay together. */
export function chainOf(state: StoreState, chains: Chains, slot: number): number {
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  return ((chunk.flags[i] as number) & TRACE_FLAG.kept) !== 0
    ? KEPT_CHAIN
    : chains.chainOfEngine(chunk.engine[i] as number);
}

export function newTrace(state: StoreState, w0: number, w1: number, w2: number, w3: number): number {
  const slot = state.traces.take();
  const { ids } = state.traces.chunk(slot);
  const at = 4 * inChunk(slot);
  ids[at] = w0;
  ids[at + 1] = w1;
  ids[at + 2] = w2;
  ids[at + 3] = w3;
  state.index.insert(slot);
  return slot;
}

export function takesTooMuch(state: StoreState, slot: number, size: number): boolean {
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  const bytes = (chunk.bytes[i] as number) + (chunk.rows[i] as number) * ROW_BYTES;
  return bytes + size + ROW_BYTES > CUT_SHARE * state.options.budgetBytes;
}

function cutOff(state: StoreState, slot: number): void {
  state.spans.pass();
  state.cut.set(slot, (state.cut.get(slot) ?? 0) + 1);
  const chunk = state.traces.chunk(slot);
  chunk.flags[inChunk(slot)] = (chunk.flags[inChunk(slot)] as number) | TRACE_FLAG.cut;
}

/** Looks for the span itself and for its parent: along the chain of a short trace, in the index of a long one. */
function searchTrace(state: StoreState, slot: number, scratch: SpanScratch, i: number): void {
  const high = scratch.spanHigh[i] as number;
  const low = scratch.spanLow[i] as number;
  const parentHigh = scratch.parentHigh[i] as number;
  const parentLow = scratch.parentLow[i] as number;
  hit.duplicate = false;
  hit.parent = NO_ROW;
  const big = bigOf(state, slot);
  if (big !== undefined) {
    hit.duplicate = big.find(high, low) !== NO_ROW;
    if (parentHigh !== 0 || parentLow !== 0) hit.parent = big.find(parentHigh, parentLow);
    return;
  }
  let row = state.traces.chunk(slot).head[inChunk(slot)] as number;
  while (row !== NO_ROW) {
    const segment = segmentOf(state, row);
    const k = indexOf(state, row);
    const spanLow = segment.spanLow[k] as number;
    if (((segment.flags[k] as number) & FLAG.log) === 0) {
      if (spanLow === low && segment.spanHigh[k] === high) {
        hit.duplicate = true;
        return;
      }
      if (spanLow === parentLow && segment.spanHigh[k] === parentHigh) hit.parent = row;
    }
    row = segment.next[k] as number;
  }
}

/** The index of a long trace; made when it has just become long, or lost it by moving. */
export function bigOf(state: StoreState, slot: number): BigTrace | undefined {
  const known = state.big.get(slot);
  if (known !== undefined) return known;
  if ((state.traces.chunk(slot).rows[inChunk(slot)] as number) < BIG_TRACE_ROWS) return undefined;
  const big = new BigTrace(state.rowIds);
  eachRow(state, slot, (segment, k, row) => {
    if (isSpanRow(segment, k)) big.add(row, segment.node[k] as number, segment.start[k] as number);
  });
  state.big.set(slot, big);
  state.bigBytes += big.bytes;
  return big;
}

function addToBig(state: StoreState, slot: number, row: number, segment: Segment, k: number): void {
  const big = state.big.get(slot);
  if (big === undefined) return;
  const before = big.bytes;
  big.add(row, segment.node[k] as number, segment.start[k] as number);
  state.bigBytes += big.bytes - before;
}

function fillRow(
  state: StoreState,
  segment: Segment,
  k: number,
  bytes: Uint8Array,
  scratch: SpanScratch,
  i: number,
  context: Context,
): void {
  const duration = scratch.duration[i] as number;
  const blocked = scratch.blocked[i] as number;
  const outcome = scratch.outcome[i] as number;
  const latency = scratch.latency[i] as number;
  const items = scratch.batchItems[i] as number;
  const wireStart = scratch.wireStart[i] as number;
  segment.start[k] = scratch.start[i] as number;
  segment.duration[k] = duration;
  segment.spanHigh[k] = scratch.spanHigh[i] as number;
  segment.spanLow[k] = scratch.spanLow[i] as number;
  segment.parentHigh[k] = scratch.parentHigh[i] as number;
  segment.parentLow[k] = scratch.parentLow[i] as number;
  segment.context[k] = context.code;
  context.rows++;
  segment.wait[k] = scratch.wait[i] as number;
  segment.blocked[k] = blocked;
  segment.work[k] = workMs(duration / NS_PER_MS, latency, blocked, outcome);
  segment.items[k] = items >= 0 && items < NO_ITEMS ? Math.floor(items) : NO_ITEMS;
  segment.flags[k] = scratch.flags[i] as number;
  segment.name[k] = state.names.intern(bytes, scratch.nameStart[i] as number, scratch.nameEnd[i] as number);
  const nodeStart = scratch.nodeStart[i] as number;
  segment.node[k] =
    nodeStart >= 0
      ? state.nodes.intern(bytes, nodeStart, scratch.nodeEnd[i] as number)
      : state.nodes.intern(context.nodeBytes, 0, context.nodeBytes.length);
  const signalStart = scratch.signalStart[i] as number;
  segment.signal[k] =
    signalStart >= 0
      ? smallCode(state.signals, bytes, signalStart, scratch.signalEnd[i] as number)
      : smallCode(state.signals, context.signalBytes, 0, context.signalBytes.length);
  const batchStart = scratch.batchStart[i] as number;
  const batchLength = (scratch.batchEnd[i] as number) - batchStart;
  const told = batchStart >= 0 && batchStart - wireStart <= 0xffff && batchLength <= 0xff;
  segment.batchOffset[k] = told ? batchStart - wireStart : 0;
  segment.batchLength[k] = told ? batchLength : 0;
}

/** Working time: what the span says, else its duration less what it waited. */
export function workMs(durationMs: number, latency: number, blocked: number, outcome: number): number {
  if (!Number.isNaN(latency)) return latency;
  const waited = known(blocked) + known(outcome);
  return Math.max(0, durationMs - waited);
}

function policyCode(
  state: StoreState,
  bytes: Uint8Array,
  scratch: SpanScratch,
  i: number,
  context: Context,
): number {
  const start = scratch.policyStart[i] as number;
  if (start >= 0) return smallCode(state.policies, bytes, start, scratch.policyEnd[i] as number);
  return smallCode(state.policies, context.policyBytes, 0, context.policyBytes.length);
}

/** Brings the trace's own columns up to date with a new span. */
function joinTrace(
  state: StoreState,
  slot: number,
  segment: Segment,
  k: number,
  row: number,
  engine: number,
  policy: number,
): void {
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  const spans = (chunk.spans[i] as number) + 1;
  if (spans === 1) firstSpan(state, chunk, slot, engine);
  chunk.spans[i] = spans;
  const start = segment.start[k] as number;
  const end = start + (segment.duration[k] as number);
  if (start < (chunk.start[i] as number)) chunk.start[i] = start;
  if (end > (chunk.end[i] as number)) chunk.end[i] = end;
  chunk.wait[i] = (chunk.wait[i] as number) + known(segment.wait[k] as number);
  chunk.work[i] = (chunk.work[i] as number) + known(segment.work[k] as number);
  chunk.blocked[i] = (chunk.blocked[i] as number) + known(segment.blocked[k] as number);
  chunk.bytes[i] = (chunk.bytes[i] as number) + (segment.wireLength[k] as number);
  if (chunk.signal[i] === 0) chunk.signal[i] = segment.signal[k] as number;
  if (chunk.policy[i] === 0) chunk.policy[i] = policy;
  const flags = segment.flags[k] as number;
  if ((flags & FLAG.statusMask) === 2 && chunk.error[i] === NO_ROW) {
    chunk.error[i] = row;
    chunk.flags[i] = (chunk.flags[i] as number) | TRACE_FLAG.error;
  }
  takeRoot(state, chunk, i, row, start, (flags & FLAG.root) !== 0);
}

function firstSpan(state: StoreState, chunk: TraceChunk, slot: number, engine: number): void {
  const i = inChunk(slot);
  chunk.engine[i] = engine;
  state.liveTraces++;
  state.engines.traces[engine] = (state.engines.traces[engine] ?? 0) + 1;
  if (state.awaited.size === 0) return;
  const { traces } = state;
  const hash = hashTraceId(
    traces.word(slot, 0),
    traces.word(slot, 1),
    traces.word(slot, 2),
    traces.word(slot, 3),
  );
  if (state.awaited.delete(hash)) chunk.flags[i] = (chunk.flags[i] as number) | TRACE_FLAG.linked;
}

/** The earliest root stands for the trace; the earliest span while no root has come. */
function takeRoot(
  state: StoreState,
  chunk: TraceChunk,
  i: number,
  row: number,
  start: number,
  isRoot: boolean,
): void {
  const held = chunk.root[i] as number;
  const hasRoot = ((chunk.flags[i] as number) & TRACE_FLAG.root) !== 0;
  if (isRoot && !hasRoot) {
    chunk.flags[i] = (chunk.flags[i] as number) | TRACE_FLAG.root;
    chunk.root[i] = row;
  } else if (isRoot === hasRoot) {
    if (held === NO_ROW || start < (segmentOf(state, held).start[indexOf(state, held)] as number))
      chunk.root[i] = row;
  }
}

function addLinks(
  state: StoreState,
  slot: number,
  segment: Segment,
  k: number,
  scratch: SpanScratch,
  i: number,
): void {
  const first = i === 0 ? 0 : (scratch.linkEnd[i - 1] as number);
  const end = scratch.linkEnd[i] as number;
  if (first === end) return;
  const before = segment.linkBytes;
  for (let link = first; link < end; link++) {
    const w0 = scratch.link0[link] as number;
    const w1 = scratch.link1[link] as number;
    const w2 = scratch.link2[link] as number;
    const w3 = scratch.link3[link] as number;
    const hash = hashTraceId(w0, w1, w2, w3);
    segment.addLink(hash, k);
    const target = state.index.find(w0, w1, w2, w3);
    if (target === slot) continue;
    setLinked(state, slot);
    if (target >= 0 && (state.traces.chunk(target).spans[inChunk(target)] as number) > 0) {
      if (setLinked(state, target)) state.changes.touch(target);
    } else state.awaited.set(hash, true);
  }
  state.linkBytes += segment.linkBytes - before;
}

/** True where it was not linked before. */
function setLinked(state: StoreState, slot: number): boolean {
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  const flags = chunk.flags[i] as number;
  chunk.flags[i] = flags | TRACE_FLAG.linked;
  return (flags & TRACE_FLAG.linked) === 0;
}

function observe(state: StoreState, engine: EngineId, segment: Segment, k: number, parent: number): void {
  const { observer } = state.options;
  if (observer === undefined) return;
  const items = segment.items[k] as number;
  observer.onSpan(
    engine,
    state.nodes.text(segment.node[k] as number),
    state.epochMs + (segment.start[k] as number) / NS_PER_MS,
    (segment.duration[k] as number) / NS_PER_MS,
    segment.wait[k] as number,
    segment.blocked[k] as number,
    segment.work[k] as number,
    (segment.flags[k] as number) & FLAG.statusMask,
    items === NO_ITEMS ? Number.NaN : items,
    state.signals.text(segment.signal[k] as number),
    parent === NO_ROW
      ? ''
      : state.nodes.text(segmentOf(state, parent).node[indexOf(state, parent)] as number),
  );
}

function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
