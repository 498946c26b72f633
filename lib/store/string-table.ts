/**
 * Interned strings with reference counts: rows hold small codes, and a string that nothing refers to any more gives
 * its code back. Looked up by UTF-8 bytes, so that the ingest path makes no JavaScript strings. Code 0 is the empty
 * string. When all codes are taken the answer is OVERFLOW_CODE: the caller reads such a text from the wire.
 *
 * A segment counts once what its rows use (`retainFor`); a stamp tells at a glance what it has counted already.
 */
export const OVERFLOW_CODE = 0xffff;
/** What one entry costs beside its text: slots of four tables and two small objects, measured generously. */
const ENTRY_BYTES = 300;

const utf8 = new TextDecoder('utf-8');

export interface StringTable {
  /** Bytes held, an estimate from above. */
  readonly bytes: number;
  readonly size: number;
  readonly limit: number;
  /** Times that a text found no room. */
  readonly overflow: number;
  /** Code of a slice of UTF-8. What is new has no count: it has to be retained before anything is released. */
  intern(source: Uint8Array, start: number, end: number): number;
  /** Code of a text that is there; −1 where it is not. */
  find(text: string): number;
  /** One past the highest code ever given. */
  readonly extent: number;
  /** Counts a code once for the holder with this stamp, and notes it in its list. */
  retainFor(code: number, stamp: number, list: number[]): void;
  release(code: number): void;
  text(code: number): string;
  /** Codes in use whose text passes. */
  matching(test: (text: string) => boolean): Set<number>;
}

export function createStringTable(limit = OVERFLOW_CODE): StringTable {
  const texts: (string | undefined)[] = [''];
  const raw: (Uint8Array | undefined)[] = [new Uint8Array(0)];
  const hashes: number[] = [0];
  const counts: number[] = [1];
  const stamps: number[] = [0];
  const free: number[] = [];
  const encoder = new TextEncoder();
  let slots = new Uint16Array(256);
  let used = 0;
  let bytes = 0;
  let overflow = 0;
  /** What was last interned: spans of one node come in a row, and need no hash then. */
  let recent = 0;

  const findSlot = (source: Uint8Array, start: number, end: number, hash: number): number => {
    const mask = slots.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const code = slots[at] as number;
      if (code === 0 || (hashes[code] === hash && sameBytes(raw[code], source, start, end))) return at;
    }
  };
  const grow = () => {
    const old = slots;
    slots = new Uint16Array(old.length * 2);
    const mask = slots.length - 1;
    for (const code of old) {
      if (code === 0) continue;
      let at = (hashes[code] as number) & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = code;
    }
  };
  const add = (source: Uint8Array, start: number, end: number, hash: number, at: number): number => {
    const code = free.pop() ?? texts.length;
    // In one piece: a text put together letter by letter keeps its parts, which take ten times as much.
    texts[code] = utf8.decode(source.subarray(start, end));
    raw[code] = source.slice(start, end);
    hashes[code] = hash;
    counts[code] = 0;
    stamps[code] = 0;
    slots[at] = code;
    used++;
    bytes += ENTRY_BYTES + 3 * (end - start);
    if (used * 2 > slots.length) grow();
    return code;
  };
  const remove = (code: number) => {
    const { length } = raw[code] ?? new Uint8Array(0);
    bytes -= ENTRY_BYTES + 3 * length;
    used--;
    eraseSlot(slots, hashes, code);
    texts[code] = undefined;
    raw[code] = undefined;
    if (recent === code) recent = 0;
    free.push(code);
  };

  return {
    get bytes() {
      return bytes;
    },
    get size() {
      return used;
    },
    limit: limit - 1,
    get overflow() {
      return overflow;
    },
    intern(source, start, end) {
      if (start >= end) return 0;
      if (recent !== 0 && sameBytes(raw[recent], source, start, end)) return recent;
      const hash = hashBytes(source, start, end);
      const at = findSlot(source, start, end, hash);
      const code = slots[at] as number;
      if (code !== 0) {
        recent = code;
        return code;
      }
      if (used >= limit - 1) {
        overflow++;
        return OVERFLOW_CODE;
      }
      recent = add(source, start, end, hash, at);
      return recent;
    },
    find(text) {
      if (text === '') return 0;
      const source = encoder.encode(text);
      const code = slots[findSlot(source, 0, source.length, hashBytes(source, 0, source.length))] as number;
      return code === 0 ? -1 : code;
    },
    get extent() {
      return texts.length;
    },
    retainFor(code, stamp, list) {
      if (stamps[code] === stamp || code === 0 || code === OVERFLOW_CODE) return;
      stamps[code] = stamp;
      counts[code] = (counts[code] as number) + 1;
      list.push(code);
    },
    release(code) {
      if (code === 0 || code === OVERFLOW_CODE) return;
      const left = (counts[code] as number) - 1;
      counts[code] = left;
      if (left === 0) remove(code);
    },
    text: (code) => texts[code] ?? '',
    matching(test) {
      const codes = new Set<number>();
      for (let code = 1; code < texts.length; code++) {
        const text = texts[code];
        if (text !== undefined && test(text)) codes.add(code);
      }
      return codes;
    },
  };
}

/** FNV-1a over bytes, without the sign. */
export function hashBytes(source: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (source[i] as number), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

export function sameBytes(
  known: Uint8Array | undefined,
  source: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (known === undefined || known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== source[start + i]) return false;
  return true;
}

/** Linear probing without tombstones: what follows in the run moves up where it may. */
function eraseSlot(slots: Uint16Array, hashes: readonly number[], code: number): void {
  const mask = slots.length - 1;
  let hole = (hashes[code] as number) & mask;
  while (slots[hole] !== code) hole = (hole + 1) & mask;
  for (let at = (hole + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
    const home = (hashes[slots[at] as number] as number) & mask;
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    slots[hole] = slots[at] as number;
    hole = at;
  }
  slots[hole] = 0;
}
