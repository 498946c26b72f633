/** Writing, copying and releasing single rows, and walking the rows of a trace. */
import type { Chains } from './chains';
import { FLAG, NO_ROW, NO_TRACE, type Segment } from './segment';
import { indexOf, type StoreState, segmentOf } from './store-state';
import { inChunk } from './trace-table';

/** Trace slot of a row whose content has moved elsewhere: nothing is left to release. */
export const MOVED = 0xfffffffe;

/** Takes the next row of the chain's segment and copies the wire bytes in. There must be room (see `makeRoom`). */
export function newRow(
  state: StoreState,
  chains: Chains,
  chain: number,
  source: Uint8Array,
  start: number,
  end: number,
): number {
  const number = chains.active(chain);
  const segment = state.segments[number] as Segment;
  const i = segment.length++;
  const page = segment.pages[segment.pages.length - 1] as number;
  const size = end - start;
  copyBytes(source, start, end, state.pages.at(page), segment.fill);
  segment.page[i] = page;
  segment.offset[i] = segment.fill;
  segment.wireLength[i] = size;
  segment.fill += size;
  segment.next[i] = NO_ROW;
  return number * state.rows + i;
}

/** A loop beats `set` and its view only for what is very short. */
function copyBytes(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  if (end - start > 64) {
    target.set(source.subarray(start, end), at);
    return;
  }
  for (let from = start, to = at; from < end; from++, to++) target[to] = source[from] as number;
}

/** Puts a row at the end of its trace's chain. */
export function linkRow(state: StoreState, row: number, slot: number): void {
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  const tail = chunk.tail[i] as number;
  if (tail === NO_ROW) chunk.head[i] = row;
  else segmentOf(state, tail).next[indexOf(state, tail)] = row;
  chunk.tail[i] = row;
  chunk.rows[i] = (chunk.rows[i] as number) + 1;
}

/** Copies a row to another chain, wire bytes and all; the old one is left as MOVED. Returns the new row. */
export function moveRow(state: StoreState, chains: Chains, row: number, chain: number, slot: number): number {
  const from = segmentOf(state, row);
  const i = indexOf(state, row);
  const offset = from.offset[i] as number;
  const source = state.pages.at(from.page[i] as number);
  const moved = newRow(state, chains, chain, source, offset, offset + (from.wireLength[i] as number));
  const to = segmentOf(state, moved);
  const k = indexOf(state, moved);
  to.trace[k] = slot;
  to.start[k] = from.start[i] as number;
  to.duration[k] = from.duration[i] as number;
  to.spanHigh[k] = from.spanHigh[i] as number;
  to.spanLow[k] = from.spanLow[i] as number;
  to.parentHigh[k] = from.parentHigh[i] as number;
  to.parentLow[k] = from.parentLow[i] as number;
  to.context[k] = from.context[i] as number;
  to.items[k] = from.items[i] as number;
  to.wait[k] = from.wait[i] as number;
  to.work[k] = from.work[i] as number;
  to.blocked[k] = from.blocked[i] as number;
  to.node[k] = from.node[i] as number;
  to.name[k] = from.name[i] as number;
  to.batchOffset[k] = from.batchOffset[i] as number;
  to.batchLength[k] = from.batchLength[i] as number;
  to.flags[k] = from.flags[i] as number;
  to.signal[k] = from.signal[i] as number;
  from.trace[i] = MOVED;
  return moved;
}

/** What a row holds of shared tables goes back. */
export function releaseRow(state: StoreState, segment: Segment, i: number): void {
  state.nodes.release(segment.node[i] as number);
  state.names.release(segment.name[i] as number);
  state.contexts.release(state.contexts.at(segment.context[i] as number));
}

/** The row is gone: its trace's slot is free again after the last one. */
export function dropRow(state: StoreState, slot: number): void {
  if (slot === NO_TRACE) return;
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  const left = (chunk.rows[i] as number) - 1;
  chunk.rows[i] = left;
  if (left === 0 && !state.traces.isLive(slot)) state.traces.give(slot);
}

/** Calls back with segment and index of each row of a trace, spans and log records, in order of arrival. */
export function eachRow(
  state: StoreState,
  slot: number,
  visit: (segment: Segment, index: number, row: number) => void,
): void {
  let row = state.traces.chunk(slot).head[inChunk(slot)] as number;
  while (row !== NO_ROW) {
    const segment = segmentOf(state, row);
    const i = indexOf(state, row);
    const next = segment.next[i] as number;
    visit(segment, i, row);
    row = next;
  }
}

export function isSpanRow(segment: Segment, index: number): boolean {
  return ((segment.flags[index] as number) & FLAG.log) === 0;
}

/** Wire bytes of a row, valid until the store changes. */
export function wireOf(state: StoreState, segment: Segment, index: number): Uint8Array {
  const start = segment.offset[index] as number;
  return state.pages
    .at(segment.page[index] as number)
    .subarray(start, start + (segment.wireLength[index] as number));
}
