/** Trace and span ids from a seeded generator, written as words straight into a column: nothing is allocated. */
import { createRandom } from '@/lib/base/random';

/** sfc32 with its state in a typed array, so that no word is ever boxed. */
export class IdGenerator {
  private readonly state: Int32Array;

  constructor(seed: number) {
    const random = createRandom(seed);
    this.state = Int32Array.of(random.nextUint32(), random.nextUint32(), random.nextUint32(), 1);
  }

  /** `count` random words into `out[at…]`; the last is never 0, since an id of zeros is none. */
  write(out: Int32Array, at: number, count: number): void {
    const state = this.state;
    let a = state[0] as number;
    let b = state[1] as number;
    let c = state[2] as number;
    let d = state[3] as number;
    let word = 0;
    for (let i = 0; i < count; i++) {
      word = (((a + b) | 0) + d) | 0;
      d = (d + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + word) | 0;
      out[at + i] = word;
    }
    if (word === 0) out[at + count - 1] = 1;
    state[0] = a;
    state[1] = b;
    state[2] = c;
    state[3] = d;
  }
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
