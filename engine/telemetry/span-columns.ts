/**
 * The columns of the span ring, and the states of a row. Numbers alone, and no imports: the build puts constants of such
 * a module in place wherever they are used, where a look at each would cost as much as the store itself.
 */

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
 * A column that few spans need was written: the rare ones, and blocked and held time. The next span in the
 * same place clears them.
 */
export const HAS_RARE = 1 << 15;
export const HAS_EVENTS = 1 << 16;
/** It came over a channel. */
export const HAS_INPUT = 1 << 17;
export const HAS_SENT = 1 << 18;
/** Its first event is `port_selected`, which these columns say already: T_SENT, I_EDGE, I_SEND_DEPTH, not blocked. */
export const SENT_FIRST = 1 << 19;
/** Its last events, at its end: `export_success` (the status stands in `statuses`), and `ack`. */
export const ENDS_IN_SUCCESS = 1 << 20;
export const ENDS_IN_ACK = 1 << 21;

/** An index below this makes offsets that are small integers for certain, which spares the compiler its checks. */
export const MOST_ROWS = 0x1000000;
export const INDEX_MASK = 0xffffff;

/** Rows are numbered from 1 to this, and then anew. */
export const LAST_ROW = 0x7fffffff;

/** Layouts are told apart modulo this; far fewer are remembered. */
export const LAYOUTS = 0x4000;
export const SIGNAL_BITS = 2;
export const NODE_BITS = 13;
/** Node and signal of a place: an index of series by both. */
export const SERIES_MASK = 0x7fff;
export const SIGNAL_MASK = 3;
