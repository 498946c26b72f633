/**
 * The recorder's memory: rows of spans in a ring, preallocated, written in place. What every span needs of one row lies
 * in two cache lines (times, and integers); what few need stands beside them and is not touched otherwise.
 *
 *   seq      … 41   42   43   44 …        row = seq; index = seq & mask
 *   state      done ended open free       a caller's row is good while SEQ of its index is still that row
 *
 * A row whose span is open is stepped over when the ring comes round, up to MAX_SKIPS in a row; any other is
 * overwritten, and counted where nobody had decided on it or it had not left yet. Ids are not kept: they follow from
 * the numbers of row and trace (see `ids.ts`).
 */

import { powerOfTwo } from '@/lib/base/power-of-two';
import { hexFromWords, NumberedIds } from './ids';
import {
  DONE,
  I_SEQ,
  I_STATE,
  INDEX_MASK,
  INT_STRIDE,
  LAST_ROW,
  MOST_ROWS,
  NODE_BITS,
  OPEN,
  RARE_STRIDE,
  SERIES_MASK,
  SIGNAL_BITS,
  SIGNAL_MASK,
  STATE_MASK,
  T_BLOCKED,
  TIME_STRIDE,
  X_ATTR_HEAD,
  X_CONTRIBUTORS,
  X_HANDLE,
  X_ITEMS_OUT,
  X_LINK_COUNT,
  X_LINK_HEAD,
  X_OUTCOME,
} from './span-columns';

export const OUTCOMES = ['success', 'failure', 'refused'] as const;
export const NO_PARTS: readonly number[] = [];
const NONE = -1;
const MAX_SKIPS = 64;
export function placeOf(layout: number, node: number, signal: number): number {
  return (layout << (NODE_BITS + SIGNAL_BITS)) | (node << SIGNAL_BITS) | signal;
}

export function layoutOfPlace(place: number): number {
  return place >>> (NODE_BITS + SIGNAL_BITS);
}

export function nodeOfPlace(place: number): number {
  return (place & SERIES_MASK) >> SIGNAL_BITS;
}

export function signalOfPlace(place: number): number {
  return place & SIGNAL_MASK;
}

export class SpanRing {
  readonly capacity: number;
  readonly mask: number;
  readonly times: Float64Array;
  readonly ints: Int32Array;
  readonly rare: Int32Array;
  /** Held by a stateful node before this flush; NaN where it does not apply. */
  readonly heldNs: Float64Array;
  /** Batch parts, status messages and changed names: references only, written where the state says so. */
  readonly parts: (readonly number[])[];
  readonly messages: string[];
  readonly names: string[];
  /** Status of the delivery that it ends in. */
  readonly statuses: string[];
  private readonly ids: NumberedIds;
  private next = 1;
  private laps = 0;
  private skipped = 0;

  constructor(capacity: number, seed: number) {
    this.capacity = Math.min(MOST_ROWS, powerOfTwo(Math.max(16, capacity)));
    this.mask = this.capacity - 1;
    this.times = new Float64Array(this.capacity * TIME_STRIDE);
    this.ints = new Int32Array(this.capacity * INT_STRIDE);
    this.rare = new Int32Array(this.capacity * RARE_STRIDE);
    this.heldNs = new Float64Array(this.capacity);
    for (let index = 0; index < this.capacity; index++) {
      this.ints[index * INT_STRIDE + I_STATE] = DONE;
      this.clearRare(index);
    }
    this.parts = new Array<readonly number[]>(this.capacity).fill(NO_PARTS);
    this.messages = new Array<string>(this.capacity).fill('');
    this.names = new Array<string>(this.capacity).fill('');
    this.statuses = new Array<string>(this.capacity).fill('');
    this.ids = new NumberedIds(seed);
  }

  /** Rows given out so far. */
  get claimed(): number {
    return this.laps * LAST_ROW + this.next - 1 - this.skipped;
  }

  /** The row to write next; the caller looks at what is there before it does. */
  claim(): number {
    const seq = this.next;
    const state = this.ints[(seq & this.mask & INDEX_MASK) * INT_STRIDE + I_STATE] as number;
    if ((state & STATE_MASK) === OPEN || seq === LAST_ROW) return this.claimPast(seq);
    this.next = seq + 1;
    return seq;
  }

  private claimPast(first: number): number {
    let seq = first;
    for (let skips = 0; skips < MAX_SKIPS; skips++) {
      if (((this.ints[(seq & this.mask) * INT_STRIDE + I_STATE] as number) & STATE_MASK) !== OPEN) break;
      seq = this.after(seq);
      this.skipped++;
    }
    this.next = this.after(seq);
    return seq;
  }

  private after(seq: number): number {
    if (seq !== LAST_ROW) return seq + 1;
    this.laps++;
    this.ids.nextLap();
    return 1;
  }

  /** Whether the row still is what it was when the caller got it. */
  has(row: number): boolean {
    return row > 0 && this.ints[(row & this.mask & INDEX_MASK) * INT_STRIDE + I_SEQ] === row;
  }

  /** Two words. Good for rows that have been overwritten, too. */
  writeId(row: number, out: Int32Array, at: number): void {
    this.ids.write(row, row >= this.next, out, at, 2);
  }

  hexId(row: number): string {
    this.writeId(row, words, 0);
    return hexFromWords(words, 0, 2);
  }

  clearRare(index: number): void {
    const x = index * RARE_STRIDE;
    this.rare[x + X_ITEMS_OUT] = NONE;
    this.rare[x + X_LINK_HEAD] = NONE;
    this.rare[x + X_LINK_COUNT] = 0;
    this.rare[x + X_ATTR_HEAD] = NONE;
    this.rare[x + X_OUTCOME] = 0;
    this.rare[x + X_HANDLE] = NONE;
    this.rare[x + X_CONTRIBUTORS] = 0;
    this.times[index * TIME_STRIDE + T_BLOCKED] = 0;
    this.heldNs[index] = Number.NaN;
  }
}

const words = new Int32Array(2);
