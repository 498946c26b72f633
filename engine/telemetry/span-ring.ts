/**
 * The recorder's memory: rows of spans in a ring, preallocated, written in place. What belongs to one row lies side
 * by side (a cache line of times, two of integers), so that a span touches few lines.
 *
 *   seq      … 41   42   43   44 …        row = seq; index = seq & mask
 *   state      done ended open free       a caller's row is good while SEQ of its index is still that row
 *
 * A row whose span is open is stepped over when the ring comes round, up to MAX_SKIPS in a row; any other is
 * overwritten, and counted where nobody had decided on it or it had not left yet.
 */

/** Times, nanoseconds of the clock. */
export const TIME_STRIDE = 8;
export const T_START = 0;
export const T_END = 1;
/** In the input channel; NaN where there was none. */
export const T_WAIT = 2;
export const T_BLOCKED = 3;
export const T_OUTCOME_WAIT = 4;
/** Held by a stateful node before this flush; NaN where it does not apply. */
export const T_HELD = 5;
/** Since when it is blocked, or waits for the outcome. */
export const T_MARK = 6;
/** When the batch (its oldest contributor) came into the pipeline. */
export const T_ORIGIN = 7;

export const INT_STRIDE = 32;
export const I_SEQ = 0;
export const I_STATE = 1;
export const I_TRACE = 2;
export const I_TRACE_ID = 3;
export const I_SPAN_ID = 7;
export const I_PARENT_ID = 9;
export const I_NODE = 11;
export const I_LAYOUT = 12;
export const I_SIGNAL = 13;
/** Edge of the last send; −1 where nothing was sent. */
export const I_EDGE = 14;
export const I_DEPTH = 15;
export const I_CAPACITY = 16;
export const I_SEND_DEPTH = 17;
export const I_ITEMS = 18;
/** −1 where it does not differ. */
export const I_ITEMS_OUT = 19;
export const I_SERIAL = 20;
export const I_PATH = 21;
/** Next older row of the same trace. */
export const I_NEXT_IN_TRACE = 22;
export const I_EVENT_HEAD = 23;
export const I_EVENT_TAIL = 24;
export const I_EVENT_COUNT = 25;
export const I_LINK_HEAD = 26;
export const I_LINK_COUNT = 27;
export const I_ATTR_HEAD = 28;
export const I_OUTCOME = 29;
/** Slot of the flyweight, −1 where nobody asked for one. */
export const I_HANDLE = 30;
/** True number of contributors of a merge; 0 where it is none. */
export const I_CONTRIBUTORS = 31;

export const FREE = 0;
export const OPEN = 1;
/** Ended, its trace not decided (or decided and dropped). */
export const ENDED = 2;
/** Kept, waiting to be encoded. */
export const READY = 3;
/** Encoded, or given up. */
export const DONE = 4;
export const STATE_MASK = 7;
export const IS_BLOCKED = 8;
export const IS_WAITING = 16;
export const IS_ROOT = 32;
export const IS_FLUSH = 64;
export const HAS_MESSAGE = 128;
export const HAS_NAME = 256;
export const HAS_PARTS = 512;
export const IS_ADMISSION = 1024;
/** Ends into the node's own state. */
export const IS_ABSORBED = 2048;
/** Ended and kept, waiting for the flush that says what it went into. */
export const IS_HELD = 4096;

/** Statuses that a node author set. */
export const STATUS_OK = 8192;
export const STATUS_ERROR = 16384;

/**
 * A column that few spans need was written: those of links, attributes, handles, contributors, a changed count of items,
 * an outcome other than success, and of blocked, awaited and held time. The next span in the same place clears them.
 */
export const HAS_RARE = 32768;

export const OUTCOMES = ['success', 'failure', 'refused'] as const;
export const NO_PARTS: readonly number[] = [];
const MAX_SKIPS = 64;
const SEQ_MASK = 0x7fffffff;

export class SpanRing {
  readonly capacity: number;
  readonly mask: number;
  readonly times: Float64Array;
  readonly ints: Int32Array;
  /** Batch parts, status messages and changed names: references only, written where there is one. */
  readonly parts: (readonly number[])[];
  readonly messages: string[];
  readonly names: string[];
  private next = 1;

  constructor(capacity: number) {
    this.capacity = 2 ** Math.ceil(Math.log2(Math.max(16, capacity)));
    this.mask = this.capacity - 1;
    this.times = new Float64Array(this.capacity * TIME_STRIDE);
    this.ints = new Int32Array(this.capacity * INT_STRIDE);
    for (let at = I_STATE; at < this.ints.length; at += INT_STRIDE) this.ints[at] = FREE | HAS_RARE;
    this.parts = new Array<readonly number[]>(this.capacity).fill(NO_PARTS);
    this.messages = new Array<string>(this.capacity).fill('');
    this.names = new Array<string>(this.capacity).fill('');
  }

  /** The row to write next; the caller looks at what is there before it does. */
  claim(): number {
    const ints = this.ints;
    let seq = this.next;
    for (let skips = 0; skips < MAX_SKIPS; skips++) {
      if (((ints[(seq & this.mask) * INT_STRIDE + I_STATE] as number) & STATE_MASK) !== OPEN) break;
      seq = (seq + 1) & SEQ_MASK;
    }
    this.next = (seq + 1) & SEQ_MASK;
    return seq;
  }

  /** Whether the row still is what it was when the caller got it. */
  has(row: number): boolean {
    return row > 0 && this.ints[(row & this.mask) * INT_STRIDE + I_SEQ] === row;
  }
}
