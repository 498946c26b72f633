/**
 * A segment: some thousand rows in order of arrival, and the pages that hold their wire bytes. Rows never move within
 * it, and it is given back as a whole.
 *
 *   row number = segment << shift | index
 *
 * A row is a span, or a log record (flag LOG). `next` chains the rows of a trace in order of arrival. Taking a span in
 * touches nearly all of its row, so a row's fields lie together (18 words, little more than a cache line) and not in
 * columns apart:
 *
 *   word 0 start │ 2 duration │ 4 trace │ 5 next │ 6 span id │ 8 parent id │ 10 place │ 11 items │ 12 wait, work, blocked
 *        └ doubles ─┘                                                    15 node, name │ 16 batch, flags │ 17 context, signal
 *
 * `place` is where its wire bytes begin, with the length in front of them: page of the segment and offset, 16 bits each.
 * The offsets stand as literals here and nowhere else: an imported constant would be read anew at each use.
 *
 * Names, nodes and contexts are counted by segment and not by row: the lists of those that it uses are all that has to
 * be given back when it leaves.
 */
import type { SpanScratch } from './span-scratch';
import { workMs } from './work-time';

export const NO_ROW = -1;
export const NO_ITEMS = 0xffffffff;
/** Trace slot of a log record that belongs to no trace. */
export const NO_TRACE = -1;
/** Trace slot of a row whose content has moved elsewhere: nothing is left to release. */
export const MOVED = -2;
export const ROW_WORDS = 18;
export const ROW_BYTES = 4 * ROW_WORDS;

export const FLAG = {
  /** Two bits: 0 unset, 1 ok, 2 error. */
  statusMask: 3,
  root: 4,
  log: 8,
  links: 16,
  /** `held.ms` and `outcome.wait.ms` are rare: read from the wire where the flag says so. */
  held: 32,
  outcome: 64,
  control: 128,
} as const;

const NS_PER_MS = 1e6;

let stamps = 0;

export class Segment {
  length = 0;
  sealed = false;
  /** Which chain it belongs to, and its place among all by age. */
  chain = 0;
  age = 0;
  /** Differs from that of every other use of a segment: tables mark with it what this one has counted. */
  stamp = ++stamps;
  readonly pages: Uint8Array[] = [];
  pageBytes = 0;
  /** Next free byte of the last page. */
  fill = 0;
  /** Codes that it holds one count of each, in the order of their first row. */
  readonly nodes: number[] = [];
  readonly names: number[] = [];
  readonly contexts: number[] = [];
  /** Links out of its rows: hash of the trace they lead to, and the row's index. Sorted by hash once sealed. */
  links = 0;
  linkHash = new Uint32Array(0);
  linkRow = new Uint16Array(0);
  /** Of `listBytes`, what the store has added up. */
  counted = 0;

  readonly bytes: number;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly floats: Float32Array;

  constructor(readonly capacity: number) {
    this.bytes = capacity * ROW_BYTES;
    const buffer = new ArrayBuffer(this.bytes);
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.floats = new Float32Array(buffer);
  }

  /** Nanoseconds after the store's epoch. */
  start(k: number): number {
    return this.doubles[k * 9] as number;
  }

  duration(k: number): number {
    return this.doubles[k * 9 + 1] as number;
  }

  trace(k: number): number {
    return this.words[k * 18 + 4] as number;
  }

  setTrace(k: number, slot: number): void {
    this.words[k * 18 + 4] = slot;
  }

  next(k: number): number {
    return this.words[k * 18 + 5] as number;
  }

  setNext(k: number, row: number): void {
    this.words[k * 18 + 5] = row;
  }

  spanHigh(k: number): number {
    return this.words[k * 18 + 6] as number;
  }

  spanLow(k: number): number {
    return this.words[k * 18 + 7] as number;
  }

  setSpanId(k: number, high: number, low: number): void {
    this.words[k * 18 + 6] = high;
    this.words[k * 18 + 7] = low;
  }

  parentHigh(k: number): number {
    return this.words[k * 18 + 8] as number;
  }

  parentLow(k: number): number {
    return this.words[k * 18 + 9] as number;
  }

  setParentId(k: number, high: number, low: number): void {
    this.words[k * 18 + 8] = high;
    this.words[k * 18 + 9] = low;
  }

  place(k: number): number {
    return this.words[k * 18 + 10] as number;
  }

  setPlace(k: number, place: number): void {
    this.words[k * 18 + 10] = place;
  }

  /** NO_ITEMS where the span does not tell. */
  items(k: number): number {
    return (this.words[k * 18 + 11] as number) >>> 0;
  }

  /** Milliseconds; NaN where the span does not tell. */
  wait(k: number): number {
    return this.floats[k * 18 + 12] as number;
  }

  work(k: number): number {
    return this.floats[k * 18 + 13] as number;
  }

  blocked(k: number): number {
    return this.floats[k * 18 + 14] as number;
  }

  node(k: number): number {
    return (this.words[k * 18 + 15] as number) & 0xffff;
  }

  name(k: number): number {
    return (this.words[k * 18 + 15] as number) >>> 16;
  }

  flags(k: number): number {
    return (this.words[k * 18 + 16] as number) & 0xff;
  }

  batchLength(k: number): number {
    return ((this.words[k * 18 + 16] as number) >>> 8) & 0xff;
  }

  /** Where the batch id stands, counted from `place`. */
  batchOffset(k: number): number {
    return (this.words[k * 18 + 16] as number) >>> 16;
  }

  context(k: number): number {
    return (this.words[k * 18 + 17] as number) & 0xffffff;
  }

  signal(k: number): number {
    return (this.words[k * 18 + 17] as number) >>> 24;
  }

  /** Times, ids and figures of item `i`. */
  takeSpan(k: number, scratch: SpanScratch, i: number): void {
    const { words, doubles, floats } = this;
    const w = k * 18;
    const duration = scratch.duration(i);
    const blocked = scratch.blocked(i);
    const items = scratch.batchItems(i);
    doubles[k * 9] = scratch.start(i);
    doubles[k * 9 + 1] = duration;
    words[w + 6] = scratch.spanHigh(i);
    words[w + 7] = scratch.spanLow(i);
    words[w + 8] = scratch.parentHigh(i);
    words[w + 9] = scratch.parentLow(i);
    words[w + 11] = items >= 0 && items < NO_ITEMS ? Math.floor(items) : -1;
    floats[w + 12] = scratch.wait(i);
    floats[w + 13] = workMs(duration / NS_PER_MS, scratch.latency(i), blocked, scratch.outcome(i));
    floats[w + 14] = blocked;
  }

  setCodes(k: number, node: number, name: number, context: number, signal: number): void {
    this.words[k * 18 + 15] = node | (name << 16);
    this.words[k * 18 + 17] = context | (signal << 24);
  }

  setFlags(k: number, flags: number, batchOffset: number, batchLength: number): void {
    this.words[k * 18 + 16] = flags | (batchLength << 8) | (batchOffset << 16);
  }

  /** All of another row, wherever its wire bytes went. */
  copyRow(k: number, from: Segment, i: number): void {
    const { words } = this;
    const source = from.words;
    const shift = (i - k) * 18;
    for (let at = k * 18; at < k * 18 + 18; at++) words[at] = source[at + shift] as number;
  }

  /** Page that holds the row's wire bytes. */
  page(k: number): Uint8Array {
    return this.pages[this.place(k) >>> 16] as Uint8Array;
  }

  /** Bytes of its lists and of the link index. */
  get listBytes(): number {
    const codes = this.nodes.length + this.names.length + this.contexts.length;
    return 8 * codes + this.linkHash.byteLength + this.linkRow.byteLength;
  }

  addLink(hash: number, index: number): void {
    if (this.links === this.linkHash.length) {
      const size = Math.max(16, this.links * 2);
      this.linkHash = grown(this.linkHash, new Uint32Array(size));
      this.linkRow = grown(this.linkRow, new Uint16Array(size));
    }
    this.linkHash[this.links] = hash;
    this.linkRow[this.links++] = index;
  }

  /** No more rows: the link index is sorted and cut to size. */
  seal(): void {
    if (this.sealed) return;
    this.sealed = true;
    if (this.links === 0) return;
    const order = Float64Array.from(
      { length: this.links },
      (_, i) => (this.linkHash[i] as number) * 0x10000 + (this.linkRow[i] as number),
    );
    order.sort();
    this.linkHash = Uint32Array.from(order, (key) => Math.floor(key / 0x10000));
    this.linkRow = Uint16Array.from(order, (key) => key % 0x10000);
  }

  /** Empty again, for another use. Its pages must have been given back. */
  reset(): void {
    this.length = 0;
    this.sealed = false;
    this.stamp = ++stamps;
    this.pages.length = 0;
    this.pageBytes = 0;
    this.fill = 0;
    this.counted = 0;
    this.nodes.length = 0;
    this.names.length = 0;
    this.contexts.length = 0;
    this.links = 0;
    this.linkHash = new Uint32Array(0);
    this.linkRow = new Uint16Array(0);
  }

  /** Hashes of the links out of each row that has some: made anew, for rows that move. */
  linksByRow(): Map<number, number[]> {
    const byRow = new Map<number, number[]>();
    for (let k = 0; k < this.links; k++) {
      const row = this.linkRow[k] as number;
      const hash = this.linkHash[k] as number;
      const list = byRow.get(row);
      if (list) list.push(hash);
      else byRow.set(row, [hash]);
    }
    return byRow;
  }

  /** Calls back with the index of each row that links to a trace of this hash; once per link. */
  eachLinkTo(hash: number, visit: (index: number) => void): void {
    if (!this.sealed) {
      for (let i = 0; i < this.links; i++) if (this.linkHash[i] === hash) visit(this.linkRow[i] as number);
      return;
    }
    let low = 0;
    let high = this.links;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.linkHash[middle] as number) < hash) low = middle + 1;
      else high = middle;
    }
    for (; low < this.links && this.linkHash[low] === hash; low++) visit(this.linkRow[low] as number);
  }
}

function grown<T extends Uint32Array | Uint16Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
