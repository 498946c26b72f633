/**
 * Ids of traces that left, so that a 404 can say `evicted`: the last ones, between half of `limit` and all of it. Two
 * generations, the older of which is forgotten as a whole when the newer is full: nothing is ever taken out of a table.
 */
import { hashTraceId } from './trace-index';

export interface EvictedIds {
  readonly bytes: number;
  readonly size: number;
  add(w0: number, w1: number, w2: number, w3: number): void;
  has(w0: number, w1: number, w2: number, w3: number): boolean;
}

const FIRST_CAPACITY = 256;

export function createEvictedIds(limit: number): EvictedIds {
  const most = Math.ceil(limit / 2);
  let newer = new Generation(Math.min(most, FIRST_CAPACITY));
  let older = new Generation(0);
  return {
    get bytes() {
      return newer.bytes + older.bytes;
    },
    get size() {
      return newer.size + older.size;
    },
    add(w0, w1, w2, w3) {
      if (most === 0) return;
      if (newer.size === most) {
        const forgotten = older;
        older = newer;
        newer = forgotten.capacity === most ? forgotten : new Generation(most);
        newer.clear();
      }
      newer.add(w0, w1, w2, w3, most);
    },
    has: (w0, w1, w2, w3) => newer.has(w0, w1, w2, w3) || older.has(w0, w1, w2, w3),
  };
}

/** Ids in order of arrival, four words each, and an open table of their positions + 1. */
class Generation {
  size = 0;
  #ids: Int32Array;
  #table: Uint32Array;

  constructor(public capacity: number) {
    this.#ids = new Int32Array(4 * capacity);
    this.#table = new Uint32Array(tableSize(capacity));
  }

  get bytes(): number {
    return this.#ids.byteLength + this.#table.byteLength;
  }

  clear(): void {
    this.size = 0;
    this.#table.fill(0);
  }

  add(w0: number, w1: number, w2: number, w3: number, most: number): void {
    if (this.size === this.capacity) this.#grow(Math.min(most, 2 * this.capacity));
    const ids = this.#ids;
    const at = 4 * this.size;
    ids[at] = w0;
    ids[at + 1] = w1;
    ids[at + 2] = w2;
    ids[at + 3] = w3;
    this.#enter(this.size++);
  }

  has(w0: number, w1: number, w2: number, w3: number): boolean {
    const ids = this.#ids;
    const table = this.#table;
    const mask = table.length - 1;
    for (let at = hashTraceId(w0, w1, w2, w3) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const id = 4 * ((table[at] as number) - 1);
      if (ids[id] === w0 && ids[id + 1] === w1 && ids[id + 2] === w2 && ids[id + 3] === w3) return true;
    }
    return false;
  }

  #enter(position: number): void {
    const ids = this.#ids;
    const table = this.#table;
    const mask = table.length - 1;
    const id = 4 * position;
    const hash = hashTraceId(
      ids[id] as number,
      ids[id + 1] as number,
      ids[id + 2] as number,
      ids[id + 3] as number,
    );
    let at = hash & mask;
    while (table[at] !== 0) at = (at + 1) & mask;
    table[at] = position + 1;
  }

  #grow(capacity: number): void {
    const ids = new Int32Array(4 * capacity);
    ids.set(this.#ids);
    this.#ids = ids;
    this.#table = new Uint32Array(tableSize(capacity));
    this.capacity = capacity;
    for (let position = 0; position < this.size; position++) this.#enter(position);
  }
}

function tableSize(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 1.6)));
}
