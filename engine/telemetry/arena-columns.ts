/** The columns of events, links and attributes. Numbers alone: see `span-columns.ts`. */

export const NONE = -1;
/** Times and two numbers of the event's own. */
export const EVENT_NUMBERS = 3;
export const EVENT_INTS = 5;
export const E_OWNER = 0;
export const E_NEXT = 1;
export const E_KIND = 2;
export const E_ATTRS = 3;
/** 1 where it fell after the end of its span: it leaves as a log record. */
export const E_LATE = 4;
export const LINK_INTS = 11;
export const L_OWNER = 0;
export const L_NEXT = 1;
export const L_TYPE = 2;
export const L_TRACE_ID = 3;
export const L_SPAN_ID = 7;
export const L_A = 9;
export const L_B = 10;
export const LINK_SPLIT = 0;
export const LINK_MERGE = 1;
export const LINK_RETRY = 2;
export const LINK_OTHER = 3;
export const ATTR_INTS = 3;
export const A_OWNER = 0;
export const A_NEXT = 1;

/** Kinds of events, by their place in CORE_EVENTS. */
export const K_ACK = 0;
export const K_NACK = 1;
export const K_PORT_SELECTED = 2;
export const K_BACKPRESSURE = 3;
export const K_BATCH_DROP = 6;
export const K_BATCH_ABSORBED = 7;
/** An event of a node author: its name is the text. */
export const K_CUSTOM = 15;
