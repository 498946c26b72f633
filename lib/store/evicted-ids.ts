/** Ids of the last traces that left, so that a 404 can say `evicted`. A ring, and a table to find ids in it. */
import { hashTraceId } from './trace-index';

export interface EvictedIds {
  readonly bytes: number;
  readonly size: number;
  add(w0: number, w1: number, w2: number, w3: number): void;
  has(w0: number, w1: number, w2: number, w3: number): boolean;
}

const FIRST_CAPACITY = 256;

export function createEvictedIds(limit: number): EvictedIds {
  let capacity = Math.min(limit, FIRST_CAPACITY);
  let ring = new Int32Array(4 * capacity);
  let table = new Uint32Array(tableSize(capacity));
  let head = 0;
  let size = 0;

  const word = (position: number, index: number) => ring[4 * position + index] as number;
  const hashAt = (position: number) =>
    hashTraceId(word(position, 0), word(position, 1), word(position, 2), word(position, 3));
  const enter = (position: number) => {
    const mask = table.length - 1;
    let at = hashAt(position) & mask;
    while (table[at] !== 0) at = (at + 1) & mask;
    table[at] = position + 1;
  };
  const leave = (position: number) => {
    const mask = table.length - 1;
    let hole = hashAt(position) & mask;
    while (table[hole] !== position + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const home = hashAt((table[at] as number) - 1) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      table[hole] = table[at] as number;
      hole = at;
    }
    table[hole] = 0;
  };
  /** Only ever called before the ring has wrapped, so positions stay. */
  const grow = () => {
    capacity = Math.min(limit, capacity * 2);
    const larger = new Int32Array(4 * capacity);
    larger.set(ring);
    ring = larger;
    table = new Uint32Array(tableSize(capacity));
    for (let position = 0; position < size; position++) enter(position);
  };

  return {
    get bytes() {
      return ring.byteLength + table.byteLength;
    },
    get size() {
      return size;
    },
    add(w0, w1, w2, w3) {
      if (limit === 0) return;
      if (size === capacity && capacity < limit) {
        head = size;
        grow();
      }
      if (size === capacity) leave(head);
      else size++;
      ring[4 * head] = w0;
      ring[4 * head + 1] = w1;
      ring[4 * head + 2] = w2;
      ring[4 * head + 3] = w3;
      enter(head);
      head = (head + 1) % capacity;
    },
    has(w0, w1, w2, w3) {
      if (limit === 0) return false;
      const mask = table.length - 1;
      for (let at = hashTraceId(w0, w1, w2, w3) & mask; table[at] !== 0; at = (at + 1) & mask) {
        const position = (table[at] as number) - 1;
        if (
          word(position, 0) === w0 &&
          word(position, 1) === w1 &&
          word(position, 2) === w2 &&
          word(position, 3) === w3
        )
          return true;
      }
      return false;
    },
  };
}

function tableSize(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(16, capacity * 1.6)));
}
