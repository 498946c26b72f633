/** The columns of the trace table, and the states of a trace. Numbers alone: see `span-columns.ts`. */

export const TRACE_INTS = 16;
export const R_SEQ = 0;
export const R_STATE = 1;
/** Pdata of it that are not resolved. */
export const R_OPEN = 2;
/** Newest row; older ones follow by I_NEXT_IN_TRACE. Rows of a trace that is kept from its birth are not listed. */
export const R_HEAD = 3;
/** Spans begun, and those that ended before the decision. */
export const R_SPANS = 4;
export const R_ENDED = 5;
/** Index of the policy that kept it, BY_LINEAGE or BY_NONE. */
export const R_BY = 6;
/** From here on what few traces write, where IS_MARKED: `addTo` and `addBits` say so. */
export const FIRST_RARE = 7;
/** A bit each for spans with OK and with an error, and how many spans have either. */
export const R_STATUSES = 7;
export const R_WITH_STATUS = 8;
export const R_DROPPED = 9;
/** Control actions that touched it, a bit each. */
export const R_CONTROL = 10;
export const R_UP = 11;
export const R_DOWN = 12;
/** Relatives that ought to be kept and are gone. */
export const R_MISSING = 13;
/** Rows overwritten before the decision; of these, those that had ended. */
export const R_LOST = 14;
export const R_LOST_ENDED = 15;

export const TRACE_TIMES = 4;
export const RT_START = 0;
export const RT_END = 1;
/** Longest single span's blocked time, where IS_MARKED. */
export const RT_BLOCKED = 2;
export const RT_ORIGIN = 3;

export const IN_USE = 1;
export const COMPLETE = 2;
export const DECIDED = 4;
export const KEPT = 8;
/** A policy keeps it, or one of its ancestors: what it is merged into is kept too. */
export const KEEPS_DOWN = 16;
/** A policy keeps it, or one of its descendants: what was merged into it is kept too. */
export const KEEPS_UP = 32;
export const VOTED = 64;
export const HAS_FAMILY = 128;
export const SEED = 256;
/** SEED, KEEPS_UP or KEEPS_DOWN: it is kept for its own sake or another's. */
export const KEEPS = 304;
/** A column that few traces need was written. The next trace in the same place clears them. */
export const IS_MARKED = 512;

export const BY_NONE = -1;
export const BY_LINEAGE = -2;

/** In Full nobody votes: IN_USE, DECIDED, KEPT and VOTED from its birth. */
export const FULL_TRACE = 77;
/** Traces are numbered from 1 to this, and then anew. */
export const LAST_TRACE = 0x7fffffff;
/** Traces that are not decided are stepped over up to so many times. */
export const MOST_SKIPS = 64;

/** See INDEX_MASK of the rows. */
export const SLOT_MASK = 0xffffff;
