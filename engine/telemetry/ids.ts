/**
 * Trace and span ids as a function of a seed and a number: the n-th span of a run has its id before anybody writes it
 * down, so that the hot path stores no ids and generates none. Each word of an id is a bijection of the number under a
 * key of its own, so that no two spans of a lap share an id; a lap is 2^31 numbers, and each has keys of its own.
 */
import { createRandom, type Random } from '@/lib/base/random';

const MOST_WORDS = 4;

export class NumberedIds {
  private readonly random: Random;
  private keys: Int32Array;
  /** Of the lap before this one: what is still around from it keeps its ids. */
  private earlier: Int32Array;

  constructor(seed: number) {
    this.random = createRandom(seed);
    this.keys = this.freshKeys();
    this.earlier = this.keys;
  }

  /** The numbers start anew. */
  nextLap(): void {
    this.earlier = this.keys;
    this.keys = this.freshKeys();
  }

  /** `count` words of the id of `number` into `out[at…]`; never all 0, since an id of zeros is none. */
  write(number: number, ofEarlierLap: boolean, out: Int32Array, at: number, count: number): void {
    const keys = ofEarlierLap ? this.earlier : this.keys;
    let any = 0;
    for (let i = 0; i < count; i++) {
      const word = mixed((number + (keys[i] as number)) | 0);
      out[at + i] = word;
      any |= word;
    }
    if (any === 0) out[at + count - 1] = 1;
  }

  private freshKeys(): Int32Array {
    return Int32Array.from({ length: MOST_WORDS }, () => this.random.nextUint32());
  }
}

/** The finalizer of MurmurHash3: a bijection of 32-bit words in which every input bit moves half of the output. */
function mixed(word: number): number {
  let z = word ^ (word >>> 16);
  z = Math.imul(z, 0x85ebca6b);
  z ^= z >>> 13;
  z = Math.imul(z, 0xc2b2ae35);
  return z ^ (z >>> 16);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Hex of words in network order, as ids are written in text. */
export function hexFromWords(words: Int32Array, at: number, count: number): string {
  let text = '';
  for (let i = 0; i < count; i++) {
    const word = words[at + i] as number;
    text +=
      (HEX[word >>> 24] as string) + HEX[(word >>> 16) & 255] + HEX[(word >>> 8) & 255] + HEX[word & 255];
  }
  return text;
}
