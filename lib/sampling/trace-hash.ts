/**
 * The hash by which the Collector's tail sampling processor draws: 64-bit FNV-1a over a salt and the 16 bytes of the
 * trace id, in two 32-bit halves so that nothing is allocated. The same trace falls the same way in every process.
 */
const OFFSET_HIGH = 0xcbf29ce4 | 0;
const OFFSET_LOW = 0x84222325 | 0;
/** The prime is 2^40 + 0x1b3. */
const PRIME_LOW = 0x1b3;
const TWO_TO_32 = 0x1_0000_0000;
const TWO_TO_64 = TWO_TO_32 * TWO_TO_32;
export const DEFAULT_HASH_SALT = 'default-hash-seed';

/** Both halves of the state, as 32-bit integers. */
export interface HashSeed {
  readonly high: number;
  readonly low: number;
}

export function hashSeed(salt: string): HashSeed {
  let high = OFFSET_HIGH;
  let low = OFFSET_LOW;
  for (const byte of new TextEncoder().encode(salt)) {
    low ^= byte;
    high = nextHigh(high, low);
    low = Math.imul(low, PRIME_LOW);
  }
  return { high, low };
}

/** Upper half of (high, low) × (2^40 + 0x1b3) modulo 2^64: the product of the lower halves carries its upper bits. */
function nextHigh(high: number, low: number): number {
  const carry = ((low >>> 16) * PRIME_LOW + (((low & 0xffff) * PRIME_LOW) >>> 16)) >>> 16;
  return (Math.imul(high, PRIME_LOW) + carry + (low << 8)) | 0;
}

/** Four words of trace id in network order, from `words[at]`, as 0 … 1; the upper 53 bits are kept. */
function hashTraceWords(seed: HashSeed, words: Int32Array, at: number): number {
  hashInto(halves, seed, words, at);
  return ((halves[0] as number) * TWO_TO_32 + (halves[1] as number)) / TWO_TO_64;
}

/**
 * Whether the draw of a trace falls within `share`, 0 … 1. Says so itself, because a fraction that is handed back by a
 * function which is not inlined becomes an object on the heap, and this is asked for every trace.
 */
export function drawTraceWords(seed: HashSeed, words: Int32Array, at: number, share: number): boolean {
  hashInto(halves, seed, words, at);
  // A power of two scales exactly: this is the fraction against `share`, without a division.
  return (
    share > 0 && (halves[0] as number) * TWO_TO_32 + (halves[1] as number) <= share * TWO_TO_32 * TWO_TO_32
  );
}

const halves = new Uint32Array(2);

/** Integers only, and the lower half waits for nothing but its own product. */
function hashInto(out: Uint32Array, seed: HashSeed, words: Int32Array, at: number): void {
  let { high, low } = seed;
  for (let i = 0; i < 4; i++) {
    const word = words[at + i] as number;
    low ^= word >>> 24;
    high = nextHigh(high, low);
    low = Math.imul(low, PRIME_LOW) ^ ((word >>> 16) & 255);
    high = nextHigh(high, low);
    low = Math.imul(low, PRIME_LOW) ^ ((word >>> 8) & 255);
    high = nextHigh(high, low);
    low = Math.imul(low, PRIME_LOW) ^ (word & 255);
    high = nextHigh(high, low);
    low = Math.imul(low, PRIME_LOW);
  }
  out[0] = high;
  out[1] = low;
}

const words = new Int32Array(4);

export function drawTraceId(seed: HashSeed, traceId: string, share: number): boolean {
  return share > 0 && hashTraceId(seed, traceId) <= share;
}

export function hashTraceId(seed: HashSeed, traceId: string): number {
  for (let i = 0; i < 4; i++) words[i] = Number.parseInt(traceId.slice(i * 8, i * 8 + 8), 16);
  return hashTraceWords(seed, words, 0);
}
