/**
 * What is known of each trace, as columns in chunks: a chunk is added when all slots are taken, so that nothing is
 * ever copied. A slot is used again once no row refers to it any more.
 */
const CHUNK_SHIFT = 10;
const CHUNK = 1 << CHUNK_SHIFT;
const MASK = CHUNK - 1;
export const NO_SLOT = 0xffffffff;

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
  /** It has an index of its own (see big-trace). */
  big: 64,
} as const;

export class TraceChunk {
  readonly ids = new Uint32Array(4 * CHUNK);
  /** Nanoseconds after the store's epoch. */
  readonly start = new Float64Array(CHUNK);
  readonly end = new Float64Array(CHUNK);
  /** Sums over its spans, milliseconds. */
  readonly wait = new Float64Array(CHUNK);
  readonly work = new Float64Array(CHUNK);
  readonly blocked = new Float64Array(CHUNK);
  /** Number of its last change; 0 while it has no span. */
  readonly changed = new Float64Array(CHUNK);
  readonly head = new Uint32Array(CHUNK);
  readonly tail = new Uint32Array(CHUNK);
  /** Its root's row, or that of the earliest span while there is none. */
  readonly root = new Uint32Array(CHUNK);
  /** First row with an error. */
  readonly error = new Uint32Array(CHUNK);
  readonly spans = new Uint32Array(CHUNK);
  readonly logs = new Uint32Array(CHUNK);
  /** Rows that refer to the slot, live or not. */
  readonly rows = new Uint32Array(CHUNK);
  readonly bytes = new Float64Array(CHUNK);
  /** Neighbours in the order of change. */
  readonly older = new Uint32Array(CHUNK);
  readonly newer = new Uint32Array(CHUNK);
  readonly engine = new Uint16Array(CHUNK);
  readonly policy = new Uint16Array(CHUNK);
  readonly flags = new Uint8Array(CHUNK);
  /** First signal that any of its spans named. */
  readonly signal = new Uint8Array(CHUNK);
}

export const TRACE_BYTES = 4 * 4 + 7 * 8 + 9 * 4 + 2 * 2 + 2;
export const TRACE_CHUNK_BYTES = TRACE_BYTES * CHUNK;

export class TraceTable {
  readonly chunks: TraceChunk[] = [];
  readonly #free: number[] = [];
  #used = 0;

  get bytes(): number {
    return this.chunks.length * TRACE_CHUNK_BYTES;
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

  /** A free slot, its columns at their beginnings. Call only while `hasFree`. */
  take(): number {
    const slot = this.#free.pop() ?? this.#used++;
    const chunk = this.chunk(slot);
    const i = slot & MASK;
    chunk.start[i] = Number.POSITIVE_INFINITY;
    chunk.end[i] = Number.NEGATIVE_INFINITY;
    chunk.wait[i] = 0;
    chunk.work[i] = 0;
    chunk.blocked[i] = 0;
    chunk.changed[i] = 0;
    chunk.head[i] = NO_SLOT;
    chunk.tail[i] = NO_SLOT;
    chunk.root[i] = NO_SLOT;
    chunk.error[i] = NO_SLOT;
    chunk.spans[i] = 0;
    chunk.logs[i] = 0;
    chunk.rows[i] = 0;
    chunk.bytes[i] = 0;
    chunk.older[i] = NO_SLOT;
    chunk.newer[i] = NO_SLOT;
    chunk.engine[i] = 0;
    chunk.policy[i] = 0;
    chunk.flags[i] = TRACE_FLAG.live;
    chunk.signal[i] = 0;
    return slot;
  }

  give(slot: number): void {
    this.#free.push(slot);
  }

  chunk(slot: number): TraceChunk {
    return this.chunks[slot >>> CHUNK_SHIFT] as TraceChunk;
  }

  word(slot: number, index: 0 | 1 | 2 | 3): number {
    return this.chunk(slot).ids[4 * (slot & MASK) + index] as number;
  }

  is(slot: number, w0: number, w1: number, w2: number, w3: number): boolean {
    const { ids } = this.chunk(slot);
    const at = 4 * (slot & MASK);
    return ids[at] === w0 && ids[at + 1] === w1 && ids[at + 2] === w2 && ids[at + 3] === w3;
  }

  isLive(slot: number): boolean {
    return ((this.chunk(slot).flags[slot & MASK] as number) & TRACE_FLAG.live) !== 0;
  }
}

/** Position within its chunk. */
export function inChunk(slot: number): number {
  return slot & MASK;
}
