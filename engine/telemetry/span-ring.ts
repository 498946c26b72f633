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

/** Times, nanoseconds of the clock. */
export const TIME_STRIDE = 8;
export const T_START = 0;
export const T_END = 1;
/** In the input channel, where HAS_INPUT; NaN where nobody saw it sent. */
export const T_WAIT = 2;
export const T_BLOCKED = 3;
export const T_OUTCOME_WAIT = 4;
/** When its first send was accepted, where SENT_FIRST. */
export const T_SENT = 5;
/** Since when it is blocked, or waits for the outcome. */
export const T_MARK = 6;
/** When the batch (its oldest contributor) came into the pipeline. */
export const T_ORIGIN = 7;

/** What every span writes. */
export const INT_STRIDE = 16;
export const I_SEQ = 0;
export const I_STATE = 1;
export const I_TRACE = 2;
/** Row of the parent, 0 where there is none. */
export const I_PARENT = 3;
/** Layout, node and signal: see `placeOf`. */
export const I_PLACE = 4;
/** Of the input channel, where HAS_INPUT. */
export const I_DEPTH = 5;
export const I_CAPACITY = 6;
/** Of the latest send, where HAS_SENT. */
export const I_EDGE = 7;
export const I_SEND_DEPTH = 8;
export const I_ITEMS = 9;
export const I_SERIAL = 10;
export const I_PATH = 11;
/** Next older row of the same trace. */
export const I_NEXT_IN_TRACE = 12;
/** List of events, where HAS_EVENTS. */
export const I_EVENT_HEAD = 13;
export const I_EVENT_TAIL = 14;
export const I_EVENT_COUNT = 15;

/** What few spans write, where HAS_RARE. */
export const RARE_STRIDE = 8;
/** −1 where it does not differ. */
export const X_ITEMS_OUT = 0;
export const X_LINK_HEAD = 1;
export const X_LINK_COUNT = 2;
export const X_ATTR_HEAD = 3;
export const X_OUTCOME = 4;
/** Slot of the flyweight, −1 where nobody asked for one. */
export const X_HANDLE = 5;
/** True number of contributors of a merge; 0 where it is none. */
export const X_CONTRIBUTORS = 6;

export const FREE = 0;
export const OPEN = 1;
/** Ended, its trace not decided (or decided and dropped). */
export const ENDED = 2;
/** Kept, waiting to be encoded. */
export const READY = 3;
/** Encoded, or given up. */
export const DONE = 4;
export const STATE_MASK = 7;
export const IS_BLOCKED = 1 << 3;
export const IS_WAITING = 1 << 4;
export const IS_ROOT = 1 << 5;
export const IS_FLUSH = 1 << 6;
export const HAS_MESSAGE = 1 << 7;
export const HAS_NAME = 1 << 8;
export const HAS_PARTS = 1 << 9;
export const IS_ADMISSION = 1 << 10;
/** Ends into the node's own state. */
export const IS_ABSORBED = 1 << 11;
/** Ended and kept, waiting for the flush that says what it went into. */
export const IS_HELD = 1 << 12;
/** Statuses that a node author set. */
export const STATUS_OK = 1 << 13;
export const STATUS_ERROR = 1 << 14;
/**
 * A column that few spans need was written: the rare ones, and blocked, awaited and held time. The next span in the
 * same place clears them.
 */
export const HAS_RARE = 1 << 15;
export const HAS_EVENTS = 1 << 16;
/** It came over a channel. */
export const HAS_INPUT = 1 << 17;
export const HAS_SENT = 1 << 18;
/** Its first event is `port_selected`, which these columns say already: T_SENT, I_EDGE, I_SEND_DEPTH, not blocked. */
export const SENT_FIRST = 1 << 19;

export const OUTCOMES = ['success', 'failure', 'refused'] as const;
export const NO_PARTS: readonly number[] = [];
const NONE = -1;
const MAX_SKIPS = 64;
/** Rows are numbered from 1 to this, and then anew. */
const LAST_NUMBER = 0x7fffffff;
/** An index below this makes offsets that are small integers for certain, which spares the compiler its checks. */
export const MOST_ROWS = 2 ** 24;
export const INDEX_MASK = MOST_ROWS - 1;

/** Layouts are told apart modulo this; far fewer are remembered. */
export const LAYOUTS = 2 ** 14;
const SIGNAL_BITS = 2;
const NODE_BITS = 13;
/** Node and signal of a place: an index of series by both. */
export const SERIES_MASK = 2 ** (NODE_BITS + SIGNAL_BITS) - 1;
const SIGNAL_MASK = 2 ** SIGNAL_BITS - 1;

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
    this.ids = new NumberedIds(seed);
  }

  /** Rows given out so far. */
  get claimed(): number {
    return this.laps * LAST_NUMBER + this.next - 1 - this.skipped;
  }

  /** The row to write next; the caller looks at what is there before it does. */
  claim(): number {
    const seq = this.next;
    const state = this.ints[(seq & this.mask & INDEX_MASK) * INT_STRIDE + I_STATE] as number;
    if ((state & STATE_MASK) === OPEN || seq === LAST_NUMBER) return this.claimPast(seq);
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
    if (seq !== LAST_NUMBER) return seq + 1;
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
    this.times[index * TIME_STRIDE + T_OUTCOME_WAIT] = 0;
    this.heldNs[index] = Number.NaN;
  }
}

const words = new Int32Array(2);
