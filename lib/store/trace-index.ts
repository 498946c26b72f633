/**
 * Finds a trace's slot by its 16 bytes. Open addressing in 64 shards that grow one by one, so that no insertion ever
 * waits for the whole table to be rehashed.
 */
const SHARDS = 64;
const EMPTY = 0;

export interface TraceIds {
  /** Four words a slot. */
  word(slot: number, index: 0 | 1 | 2 | 3): number;
  is(slot: number, w0: number, w1: number, w2: number, w3: number): boolean;
}

export interface TraceIndex {
  readonly bytes: number;
  /** The slot, or −1. */
  find(w0: number, w1: number, w2: number, w3: number): number;
  insert(slot: number): void;
  remove(slot: number): void;
}

export function hashTraceId(w0: number, w1: number, w2: number, w3: number): number {
  let hash = Math.imul(w0 ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(w1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15) ^ w2, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 13) ^ w3, 0x165667b1);
  return (hash ^ (hash >>> 16)) >>> 0;
}

export function createTraceIndex(ids: TraceIds): TraceIndex {
  const shards = Array.from({ length: SHARDS }, () => new Uint32Array(16));
  const counts = new Uint32Array(SHARDS);
  let bytes = SHARDS * 64;
  const hashOf = (slot: number) =>
    hashTraceId(ids.word(slot, 0), ids.word(slot, 1), ids.word(slot, 2), ids.word(slot, 3));
  const place = (table: Uint32Array, hash: number, slot: number) => {
    const mask = table.length - 1;
    let at = (hash >>> 6) & mask;
    while (table[at] !== EMPTY) at = (at + 1) & mask;
    table[at] = slot + 1;
  };
  const grow = (shard: number) => {
    const old = shards[shard] as Uint32Array;
    const larger = new Uint32Array(old.length * 2);
    for (const entry of old) if (entry !== EMPTY) place(larger, hashOf(entry - 1), entry - 1);
    shards[shard] = larger;
    bytes += old.byteLength;
  };
  return {
    get bytes() {
      return bytes;
    },
    find(w0, w1, w2, w3) {
      const hash = hashTraceId(w0, w1, w2, w3);
      const table = shards[hash & (SHARDS - 1)] as Uint32Array;
      const mask = table.length - 1;
      for (let at = (hash >>> 6) & mask; ; at = (at + 1) & mask) {
        const entry = table[at] as number;
        if (entry === EMPTY) return -1;
        if (ids.is(entry - 1, w0, w1, w2, w3)) return entry - 1;
      }
    },
    insert(slot) {
      const hash = hashOf(slot);
      const shard = hash & (SHARDS - 1);
      place(shards[shard] as Uint32Array, hash, slot);
      counts[shard] = (counts[shard] as number) + 1;
      if ((counts[shard] as number) * 3 > (shards[shard] as Uint32Array).length * 2) grow(shard);
    },
    remove(slot) {
      const hash = hashOf(slot);
      const shard = hash & (SHARDS - 1);
      const table = shards[shard] as Uint32Array;
      const mask = table.length - 1;
      let hole = (hash >>> 6) & mask;
      while (table[hole] !== slot + 1) hole = (hole + 1) & mask;
      for (let at = (hole + 1) & mask; table[at] !== EMPTY; at = (at + 1) & mask) {
        const home = (hashOf((table[at] as number) - 1) >>> 6) & mask;
        if (((at - home) & mask) < ((at - hole) & mask)) continue;
        table[hole] = table[at] as number;
        hole = at;
      }
      table[hole] = EMPTY;
      counts[shard] = (counts[shard] as number) - 1;
    },
  };
}
