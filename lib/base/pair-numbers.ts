/**
 * Numbers pairs of whole numbers (below 2³²) in the order in which they are met, in one open table: what a `Map` of
 * texts or of joined keys does, without an object a pair.
 */
export class PairNumbers {
  #a: Uint32Array;
  #b: Uint32Array;
  #table: Int32Array;
  #size = 0;

  constructor(expected = 64) {
    const room = Math.max(16, expected);
    this.#a = new Uint32Array(room);
    this.#b = new Uint32Array(room);
    this.#table = new Int32Array(2 ** Math.ceil(Math.log2(2 * room))).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  /** The number of the pair, from 0. */
  of(a: number, b: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let slot = hashPair(a, b) & mask; ; slot = (slot + 1) & mask) {
      const known = table[slot] as number;
      if (known < 0) return this.#add(slot, a, b);
      if (this.#a[known] === a && this.#b[known] === b) return known;
    }
  }

  #add(slot: number, a: number, b: number): number {
    const number = this.#size++;
    if (number === this.#a.length) {
      this.#grow();
      this.#put(number, a, b);
      this.#table[this.#freeSlot(a, b)] = number;
      return number;
    }
    this.#put(number, a, b);
    this.#table[slot] = number;
    return number;
  }

  #put(number: number, a: number, b: number): void {
    this.#a[number] = a;
    this.#b[number] = b;
  }

  #grow(): void {
    const before = this.#a.length;
    const [a, b] = [this.#a, this.#b];
    this.#a = new Uint32Array(2 * before);
    this.#b = new Uint32Array(2 * before);
    this.#a.set(a);
    this.#b.set(b);
    this.#table = new Int32Array(2 * this.#table.length).fill(-1);
    for (let i = 0; i < before; i++) this.#table[this.#freeSlot(a[i] as number, b[i] as number)] = i;
  }

  #freeSlot(a: number, b: number): number {
    const mask = this.#table.length - 1;
    let slot = hashPair(a, b) & mask;
    while ((this.#table[slot] as number) >= 0) slot = (slot + 1) & mask;
    return slot;
  }
}

function hashPair(a: number, b: number): number {
  const hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b, 0xc2b2ae35);
  return (hash ^ (hash >>> 15)) >>> 0;
}
