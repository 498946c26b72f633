/** Where each span id of a trace stands, as numbers in an open table: of one that came twice the last. */
import { hashSpanId } from './big-traces';
import type { SpanIds } from './span-columns';
import { spanIdText, spanWords } from './trace-ids';

export class SpanPlaces implements SpanIds {
  readonly #high: Int32Array;
  readonly #low: Int32Array;
  readonly #table: Int32Array;
  #count = 0;

  constructor(length: number) {
    this.#high = new Int32Array(length);
    this.#low = new Int32Array(length);
    this.#table = new Int32Array(2 ** Math.ceil(Math.log2(2 * length + 2))).fill(-1);
  }

  get length(): number {
    return this.#count;
  }

  add(high: number, low: number): void {
    this.#high[this.#count] = high;
    this.#low[this.#count] = low;
    this.#table[this.#slot(high | 0, low | 0)] = this.#count++;
  }

  /** −1 where there is none. */
  find(high: number, low: number): number {
    return this.#table[this.#slot(high | 0, low | 0)] as number;
  }

  at(row: number): string {
    const inside = row >= 0 && row < this.#count;
    return inside ? spanIdText(this.#high[row] as number, this.#low[row] as number) : '';
  }

  rowOf(spanId: string): number {
    const words = spanWords(spanId);
    return words === null ? -1 : this.find(...words);
  }

  /** The slot that holds it, or the free one where it belongs. */
  #slot(high: number, low: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let slot = hashSpanId(high, low) & mask; ; slot = (slot + 1) & mask) {
      const at = table[slot] as number;
      if (at < 0 || (this.#low[at] === low && this.#high[at] === high)) return slot;
    }
  }
}
