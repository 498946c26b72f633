/**
 * The hash by which the Collector's tail sampling processor draws: 64-bit FNV-1a over a salt and the 16 bytes of the
 * trace id, in two 32-bit halves so that nothing is allocated. The same trace falls the same way in every process.
 */
const OFFSET_HIGH = 0xcbf29ce4;
const OFFSET_LOW = 0x84222325;
export const DEFAULT_HASH_SALT = 'default-hash-seed';

const state = new Uint32Array(2);

/** × (2^40 + 0x1b3) modulo 2^64. */
function mixByte(byte: number): void {
  const low = ((state[1] as number) ^ byte) >>> 0;
  const product = low * 0x1b3;
  const carry = Math.floor(product / 0x1_0000_0000);
  state[1] = product;
  state[0] = Math.imul(state[0] as number, 0x1b3) + carry + (low << 8);
}

export interface HashSeed {
  readonly high: number;
  readonly low: number;
}

export function hashSeed(salt: string): HashSeed {
  state[0] = OFFSET_HIGH;
  state[1] = OFFSET_LOW;
  for (const byte of new TextEncoder().encode(salt)) mixByte(byte);
  return { high: state[0] as number, low: state[1] as number };
}

/** Four words of trace id in network order, from `words[at]`. The result, 0 … 1, keeps the upper 53 bits. */
export function hashTraceWords(seed: HashSeed, words: Int32Array, at: number): number {
  state[0] = seed.high;
  state[1] = seed.low;
  for (let i = 0; i < 4; i++) {
    const word = words[at + i] as number;
    mixByte(word >>> 24);
    mixByte((word >>> 16) & 255);
    mixByte((word >>> 8) & 255);
    mixByte(word & 255);
  }
  return ((state[0] as number) * 0x1_0000_0000 + (state[1] as number)) / 2 ** 64;
}

const words = new Int32Array(4);

export function hashTraceId(seed: HashSeed, traceId: string): number {
  for (let i = 0; i < 4; i++) words[i] = Number.parseInt(traceId.slice(i * 8, i * 8 + 8), 16);
  return hashTraceWords(seed, words, 0);
}
