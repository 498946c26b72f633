/** Writing, copying and releasing single rows, and walking the rows of a trace. */
import type { Chains } from './chains';
import { FLAG, MOVED, NO_ROW, NO_TRACE, type Segment } from './segment';
import { indexOf, type StoreState, segmentOf } from './store-state';
import { inChunk } from './trace-table';

/**
 * Wire bytes of rows that stand one behind the other in a request and will in a page: they are copied in one go. What
 * is pending has to be written (`flush`) before anyone reads it, and before its page can change hands.
 */
export class WireRun {
  #source: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #page: Uint8Array = this.#source;
  #at = 0;

  /** Takes a place for the bytes from `start` to `end` in the segment's last page, which has room; returns it. */
  place(segment: Segment, source: Uint8Array, start: number, end: number): number {
    const { pages } = segment;
    const number = pages.length - 1;
    const page = pages[number] as Uint8Array;
    const gap = start - this.#end;
    // The tag of a repeated field is all that stands between two items, so that it is copied with them.
    if (gap === 1 && page === this.#page && source === this.#source) {
      const at = segment.fill + 1;
      const next = at + end - start;
      if (next <= page.length) {
        segment.fill = next;
        this.#end = end;
        return at | (number << 16);
      }
    }
    this.flush();
    const at = segment.fill;
    segment.fill = at + end - start;
    this.#source = source;
    this.#page = page;
    this.#start = start;
    this.#end = end;
    this.#at = at;
    return at | (number << 16);
  }

  flush(): void {
    const size = this.#end - this.#start;
    if (size === 0) return;
    if (size === this.#source.length) this.#page.set(this.#source, this.#at);
    else this.#page.set(this.#source.subarray(this.#start, this.#end), this.#at);
    this.#start = 0;
    this.#end = 0;
  }

  /** Nothing is held of a request that is done with. */
  close(): void {
    this.flush();
    this.#source = NOTHING;
    this.#page = NOTHING;
  }
}

const NOTHING = new Uint8Array(0);

/** Puts a row at the end of its trace's chain. */
export function linkRow(state: StoreState, row: number, slot: number): void {
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  const tail = chunk.tail(i);
  if (tail === NO_ROW) chunk.setHead(i, row);
  else segmentOf(state, tail).setNext(indexOf(state, tail), row);
  chunk.setTail(i, row);
  chunk.setRows(i, chunk.rows(i) + 1);
}

/** Copies a row to another chain, wire bytes and all; the old one is left as MOVED. Returns the new row. */
export function moveRow(state: StoreState, chains: Chains, row: number, chain: number): number {
  const from = segmentOf(state, row);
  const i = indexOf(state, row);
  const offset = from.place(i) & 0xffff;
  const source = from.page(i);
  const size = wireEnd(source, offset) - offset;
  chains.makeRoom(chain, size);
  const number = chains.active(chain);
  const to = state.segments[number] as Segment;
  const k = to.length++;
  const page = to.pages[to.pages.length - 1] as Uint8Array;
  to.copyRow(k, from, i);
  to.setPlace(k, to.fill | ((to.pages.length - 1) << 16));
  to.setNext(k, NO_ROW);
  page.set(source.subarray(offset, offset + size), to.fill);
  to.fill += size;
  state.nodes.retainFor(to.node(k), to.stamp, to.nodes);
  state.names.retainFor(to.name(k), to.stamp, to.names);
  state.contexts.retainFor(state.contexts.at(to.context(k)), to.stamp, to.contexts);
  from.setTrace(i, MOVED);
  return number * state.rows + k;
}

/** What a segment's rows hold of shared tables goes back. */
export function releaseCodes(state: StoreState, segment: Segment): void {
  for (const code of segment.nodes) state.nodes.release(code);
  for (const code of segment.names) state.names.release(code);
  for (const code of segment.contexts) state.contexts.release(state.contexts.at(code));
}

/** The row is gone: its trace's slot is free again after the last one. */
export function dropRow(state: StoreState, slot: number): void {
  if (slot === NO_TRACE) return;
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  const left = chunk.rows(i) - 1;
  chunk.setRows(i, left);
  if (left === 0 && !state.traces.isLive(slot)) state.traces.give(slot);
}

/** Calls back with segment and index of each row of a trace, spans and log records, in order of arrival. */
export function eachRow(
  state: StoreState,
  slot: number,
  visit: (segment: Segment, index: number, row: number) => void,
): void {
  let row = state.traces.chunk(slot).head(inChunk(slot));
  while (row !== NO_ROW) {
    const segment = segmentOf(state, row);
    const i = indexOf(state, row);
    const next = segment.next(i);
    visit(segment, i, row);
    row = next;
  }
}

/** The same for at most `most` rows from one on; returns the row to go on with, or NO_ROW. */
export function eachRowFrom(
  state: StoreState,
  from: number,
  most: number,
  visit: (segment: Segment, index: number, row: number) => void,
): number {
  let row = from;
  for (let count = 0; row !== NO_ROW && count < most; count++) {
    const segment = segmentOf(state, row);
    const i = indexOf(state, row);
    const next = segment.next(i);
    visit(segment, i, row);
    row = next;
  }
  return row;
}

export function isSpanRow(segment: Segment, index: number): boolean {
  return (segment.flags(index) & FLAG.log) === 0;
}

/** Wire bytes of a row, valid until the store changes. */
export function wireOf(segment: Segment, index: number): Uint8Array {
  const page = segment.page(index);
  const offset = segment.place(index) & 0xffff;
  return page.subarray(contentStart(page, offset), wireEnd(page, offset));
}

/** Behind the length that stands at `offset`. The walk has seen that it is whole. */
export function contentStart(page: Uint8Array, offset: number): number {
  let at = offset;
  while ((page[at] as number) >= 0x80) at++;
  return at + 1;
}

/** End of the bytes whose length stands at `offset`. */
export function wireEnd(page: Uint8Array, offset: number): number {
  let length = 0;
  let at = offset;
  // A length past 32 bits is cut as the reader cuts it.
  for (let shift = 0; ; shift += 7) {
    const byte = page[at++] as number;
    if (shift < 32) length |= (byte & 0x7f) << shift;
    if (byte < 0x80) return at + (length >>> 0);
  }
}
