/**
 * What is known of each trace, 32 words a slot in chunks: a chunk is added when all slots are taken, so that nothing is
 * ever copied. A slot is used again once no row refers to it any more. A slot is two cache lines: what lists are
 * filtered and sorted by lies in the first.
 *
 *   0 start │ 2 end │ 4 flags, signals │ 5 engine, policy │ 6 nodes │ 8 id │ 12 spans │ 13 mark │ 14 changed
 *   16 wait │ 18 work │ 20 blocked │ 22 bytes │ 24 head │ tail │ root │ error │ 28 logs │ rows │ older │ newer
 *
 * The offsets stand as literals here and nowhere else: an imported constant would be read anew at each use.
 */
import { NO_ROW, type Segment } from './segment';

const CHUNK_SHIFT = 10;
const CHUNK = 1 << CHUNK_SHIFT;
const MASK = CHUNK - 1;
export const NO_SLOT = -1;

export const TRACE_FLAG = {
  live: 1,
  /** A root span has come. */
  root: 2,
  error: 4,
  /** A link leads to or from another trace. */
  linked: 8,
  /** Kept beyond its time for what it shows. */
  kept: 16,
  /** Spans were left out because it took too much. */
  cut: 32,
} as const;

export const TRACE_BYTES = 128;
export const TRACE_CHUNK_BYTES = TRACE_BYTES * CHUNK;

export class TraceChunk {
  readonly words: Int32Array;
  readonly doubles: Float64Array;

  constructor() {
    const buffer = new ArrayBuffer(TRACE_CHUNK_BYTES);
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }

  /** Nanoseconds after the store's epoch. */
  start(i: number): number {
    return this.doubles[i * 16] as number;
  }

  end(i: number): number {
    return this.doubles[i * 16 + 1] as number;
  }

  flags(i: number): number {
    return (this.words[i * 32 + 4] as number) & 0xff;
  }

  setFlag(i: number, flag: number): void {
    this.words[i * 32 + 4] = (this.words[i * 32 + 4] as number) | flag;
  }

  clearFlag(i: number, flag: number): void {
    this.words[i * 32 + 4] = (this.words[i * 32 + 4] as number) & ~flag;
  }

  /** The root's signal, else the first that any of its spans named. */
  signal(i: number): number {
    const word = this.words[i * 32 + 4] as number;
    return (word >>> 16) & 0xff || (word >>> 8) & 0xff;
  }

  firstSignal(i: number): number {
    return ((this.words[i * 32 + 4] as number) >>> 8) & 0xff;
  }

  setFirstSignal(i: number, signal: number): void {
    this.words[i * 32 + 4] = (this.words[i * 32 + 4] as number) | (signal << 8);
  }

  setRootSignal(i: number, signal: number): void {
    this.words[i * 32 + 4] = ((this.words[i * 32 + 4] as number) & 0xffff) | (signal << 16);
  }

  engine(i: number): number {
    return (this.words[i * 32 + 5] as number) & 0xffff;
  }

  setEngine(i: number, engine: number): void {
    this.words[i * 32 + 5] = ((this.words[i * 32 + 5] as number) & ~0xffff) | engine;
  }

  policy(i: number): number {
    return (this.words[i * 32 + 5] as number) >>> 16;
  }

  setPolicy(i: number, policy: number): void {
    this.words[i * 32 + 5] = ((this.words[i * 32 + 5] as number) & 0xffff) | (policy << 16);
  }

  /** Bit `code % 64` for each node that one of its spans ran in. */
  addNode(i: number, code: number): void {
    const at = i * 32 + 6 + ((code >>> 5) & 1);
    this.words[at] = (this.words[at] as number) | (1 << (code & 31));
  }

  nodesLow(i: number): number {
    return this.words[i * 32 + 6] as number;
  }

  nodesHigh(i: number): number {
    return this.words[i * 32 + 7] as number;
  }

  word(i: number, index: 0 | 1 | 2 | 3): number {
    return this.words[i * 32 + 8 + index] as number;
  }

  setId(i: number, w0: number, w1: number, w2: number, w3: number): void {
    const at = i * 32 + 8;
    this.words[at] = w0;
    this.words[at + 1] = w1;
    this.words[at + 2] = w2;
    this.words[at + 3] = w3;
  }

  spans(i: number): number {
    return this.words[i * 32 + 12] as number;
  }

  setSpans(i: number, spans: number): void {
    this.words[i * 32 + 12] = spans;
  }

  /** Whichever slice of ingest touched it last. */
  mark(i: number): number {
    return this.words[i * 32 + 13] as number;
  }

  setMark(i: number, mark: number): void {
    this.words[i * 32 + 13] = mark;
  }

  /** Number of its last change; 0 while it has no span. */
  changed(i: number): number {
    return this.doubles[i * 16 + 7] as number;
  }

  setChanged(i: number, sequence: number): void {
    this.doubles[i * 16 + 7] = sequence;
  }

  /** Sums over its spans, milliseconds. */
  wait(i: number): number {
    return this.doubles[i * 16 + 8] as number;
  }

  work(i: number): number {
    return this.doubles[i * 16 + 9] as number;
  }

  blocked(i: number): number {
    return this.doubles[i * 16 + 10] as number;
  }

  /** Wire bytes of its rows. */
  bytes(i: number): number {
    return this.doubles[i * 16 + 11] as number;
  }

  addBytes(i: number, size: number): void {
    this.doubles[i * 16 + 11] = (this.doubles[i * 16 + 11] as number) + size;
  }

  /** Widens the trace by a span, its sums by what the span tells (NaN tells nothing). */
  addSpan(i: number, segment: Segment, k: number): void {
    const { doubles } = this;
    const at = i * 16;
    const start = segment.start(k);
    const end = start + segment.duration(k);
    const wait = segment.wait(k);
    const work = segment.work(k);
    const blocked = segment.blocked(k);
    if (start < (doubles[at] as number)) doubles[at] = start;
    if (end > (doubles[at + 1] as number)) doubles[at + 1] = end;
    if (!Number.isNaN(wait)) doubles[at + 8] = (doubles[at + 8] as number) + wait;
    if (!Number.isNaN(work)) doubles[at + 9] = (doubles[at + 9] as number) + work;
    if (!Number.isNaN(blocked)) doubles[at + 10] = (doubles[at + 10] as number) + blocked;
  }

  head(i: number): number {
    return this.words[i * 32 + 24] as number;
  }

  setHead(i: number, row: number): void {
    this.words[i * 32 + 24] = row;
  }

  tail(i: number): number {
    return this.words[i * 32 + 25] as number;
  }

  setTail(i: number, row: number): void {
    this.words[i * 32 + 25] = row;
  }

  /** Its root's row, or that of the earliest span while there is none. */
  root(i: number): number {
    return this.words[i * 32 + 26] as number;
  }

  setRoot(i: number, row: number): void {
    this.words[i * 32 + 26] = row;
  }

  /** First row with an error. */
  error(i: number): number {
    return this.words[i * 32 + 27] as number;
  }

  setError(i: number, row: number): void {
    this.words[i * 32 + 27] = row;
  }

  logs(i: number): number {
    return this.words[i * 32 + 28] as number;
  }

  setLogs(i: number, logs: number): void {
    this.words[i * 32 + 28] = logs;
  }

  /** Rows that refer to the slot, live or not. */
  rows(i: number): number {
    return this.words[i * 32 + 29] as number;
  }

  setRows(i: number, rows: number): void {
    this.words[i * 32 + 29] = rows;
  }

  /** Neighbours in the order of change. */
  older(i: number): number {
    return this.words[i * 32 + 30] as number;
  }

  setOlder(i: number, slot: number): void {
    this.words[i * 32 + 30] = slot;
  }

  newer(i: number): number {
    return this.words[i * 32 + 31] as number;
  }

  setNewer(i: number, slot: number): void {
    this.words[i * 32 + 31] = slot;
  }

  /** A trace of which nothing is known but that it is there. */
  begin(i: number): void {
    const { words, doubles } = this;
    const at = i * 32;
    for (let k = at; k < at + 32; k++) words[k] = 0;
    doubles[i * 16] = Number.POSITIVE_INFINITY;
    doubles[i * 16 + 1] = Number.NEGATIVE_INFINITY;
    words[at + 4] = TRACE_FLAG.live;
    words[at + 24] = NO_ROW;
    words[at + 25] = NO_ROW;
    words[at + 26] = NO_ROW;
    words[at + 27] = NO_ROW;
    words[at + 30] = NO_SLOT;
    words[at + 31] = NO_SLOT;
  }
}

export class TraceTable {
  readonly chunks: TraceChunk[] = [];
  readonly #free: number[] = [];
  #used = 0;

  /** What waits to be used again costs a number in a list. */
  get bytes(): number {
    return this.chunks.length * TRACE_CHUNK_BYTES + 8 * this.#free.length;
  }

  /** One past the highest slot ever used. */
  get extent(): number {
    return this.#used;
  }

  get hasFree(): boolean {
    return this.#free.length > 0 || this.#used < this.chunks.length * CHUNK;
  }

  grow(): void {
    this.chunks.push(new TraceChunk());
  }

  /** A free slot, its fields at their beginnings. Call only while `hasFree`. */
  take(): number {
    const slot = this.#free.pop() ?? this.#used++;
    this.chunk(slot).begin(slot & MASK);
    return slot;
  }

  give(slot: number): void {
    this.#free.push(slot);
  }

  chunk(slot: number): TraceChunk {
    return this.chunks[slot >>> CHUNK_SHIFT] as TraceChunk;
  }

  word(slot: number, index: 0 | 1 | 2 | 3): number {
    return this.chunk(slot).word(slot & MASK, index);
  }

  is(slot: number, w0: number, w1: number, w2: number, w3: number): boolean {
    const chunk = this.chunk(slot);
    const i = slot & MASK;
    return (
      chunk.word(i, 3) === w3 && chunk.word(i, 2) === w2 && chunk.word(i, 1) === w1 && chunk.word(i, 0) === w0
    );
  }

  isLive(slot: number): boolean {
    return (this.chunk(slot).flags(slot & MASK) & TRACE_FLAG.live) !== 0;
  }
}

/** Position within its chunk. */
export function inChunk(slot: number): number {
  return slot & MASK;
}
