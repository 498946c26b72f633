/**
 * Finds a trace's slot by its 16 bytes. Open addressing in 64 shards that grow one by one, so that no insertion ever
 * waits for the whole table to be rehashed. An entry is two words, hash and slot, so that neither growing nor removing
 * looks at the traces themselves.
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
  /** Slot + 1 at even places, the hash behind it. */
  const shards = Array.from({ length: SHARDS }, () => new Int32Array(32));
  const counts = new Uint32Array(SHARDS);
  let bytes = SHARDS * 128;
  const hashOf = (slot: number) =>
    hashTraceId(ids.word(slot, 0), ids.word(slot, 1), ids.word(slot, 2), ids.word(slot, 3)) | 0;
  const place = (table: Int32Array, hash: number, entry: number) => {
    const mask = table.length / 2 - 1;
    let at = (hash >>> 6) & mask;
    while (table[2 * at] !== EMPTY) at = (at + 1) & mask;
    table[2 * at] = entry;
    table[2 * at + 1] = hash;
  };
  const grow = (shard: number) => {
    const old = shards[shard] as Int32Array;
    const larger = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2)
      if (old[at] !== EMPTY) place(larger, old[at + 1] as number, old[at] as number);
    shards[shard] = larger;
    bytes += old.byteLength;
  };
  return {
    get bytes() {
      return bytes;
    },
    find(w0, w1, w2, w3) {
      const hash = hashTraceId(w0, w1, w2, w3) | 0;
      const table = shards[hash & (SHARDS - 1)] as Int32Array;
      const mask = table.length / 2 - 1;
      for (let at = (hash >>> 6) & mask; ; at = (at + 1) & mask) {
        const entry = table[2 * at] as number;
        if (entry === EMPTY) return -1;
        if (table[2 * at + 1] === hash && ids.is(entry - 1, w0, w1, w2, w3)) return entry - 1;
      }
    },
    insert(slot) {
      const hash = hashOf(slot);
      const shard = hash & (SHARDS - 1);
      place(shards[shard] as Int32Array, hash, slot + 1);
      counts[shard] = (counts[shard] as number) + 1;
      if ((counts[shard] as number) * 3 > (shards[shard] as Int32Array).length) grow(shard);
    },
    remove(slot) {
      const hash = hashOf(slot);
      const shard = hash & (SHARDS - 1);
      const table = shards[shard] as Int32Array;
      const mask = table.length / 2 - 1;
      let hole = (hash >>> 6) & mask;
      while (table[2 * hole] !== slot + 1) hole = (hole + 1) & mask;
      for (let at = (hole + 1) & mask; table[2 * at] !== EMPTY; at = (at + 1) & mask) {
        const home = ((table[2 * at + 1] as number) >>> 6) & mask;
        if (((at - home) & mask) < ((at - hole) & mask)) continue;
        table[2 * hole] = table[2 * at] as number;
        table[2 * hole + 1] = table[2 * at + 1] as number;
        hole = at;
      }
      table[2 * hole] = EMPTY;
      counts[shard] = (counts[shard] as number) - 1;
    },
  };
}
