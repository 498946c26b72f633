/**
 * Traces under way, as slots of a ring like the spans' one: how many of its pdata are open, what policies look at, and
 * what was decided. Merges join traces; an edge of that lineage is read from either end.
 *
 *   contributor ──edge──▶ merged        up: from merged to contributors; down: the other way
 */
import { powerOfTwo } from '@/lib/base/power-of-two';
import { hexFromWords, NumberedIds } from './ids';

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
const FIRST_RARE = 7;
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
/** A column that few traces need was written. The next trace in the same place clears them. */
export const IS_MARKED = 512;

export const BY_NONE = -1;
export const BY_LINEAGE = -2;

const EDGE_INTS = 4;
const X_CONTRIBUTOR = 0;
const X_MERGED = 1;
const X_NEXT_UP = 2;
const X_NEXT_DOWN = 3;

const MAX_SKIPS = 64;
/** Traces are numbered from 1 to this, and then anew. */
const LAST_NUMBER = 0x7fffffff;
/** See `span-ring.ts`. */
export const SLOT_MASK = 2 ** 24 - 1;
const NONE = -1;
const words = new Int32Array(4);

export class TraceTable {
  readonly capacity: number;
  readonly mask: number;
  readonly ints: Int32Array;
  readonly times: Float64Array;
  private readonly ids: NumberedIds;
  private next = 1;
  private readonly edges: Int32Array;
  private readonly edgeMask: number;
  private nextEdge = 0;

  constructor(capacity: number, seed: number) {
    this.capacity = powerOfTwo(Math.max(16, capacity));
    this.mask = this.capacity - 1;
    this.ints = new Int32Array(this.capacity * TRACE_INTS);
    this.times = new Float64Array(this.capacity * TRACE_TIMES);
    for (let slot = 0; slot < this.capacity; slot++) this.clearMarks(slot);
    this.ids = new NumberedIds(seed);
    const edgeCapacity = Math.max(1_024, this.capacity * 2);
    this.edges = new Int32Array(edgeCapacity * EDGE_INTS).fill(NONE);
    this.edgeMask = edgeCapacity - 1;
  }

  /** The slot to write next. Traces that are not decided are stepped over; past MAX_SKIPS the caller decides one by force. */
  claim(): number {
    let seq = this.next;
    for (let skips = 0; skips < MAX_SKIPS; skips++) {
      const state = this.ints[(seq & this.mask & SLOT_MASK) * TRACE_INTS + R_STATE] as number;
      if ((state & IN_USE) === 0 || (state & (DECIDED | COMPLETE)) === (DECIDED | COMPLETE)) break;
      seq = this.after(seq);
    }
    this.next = this.after(seq);
    return seq;
  }

  private after(seq: number): number {
    if (seq !== LAST_NUMBER) return seq + 1;
    this.ids.nextLap();
    return 1;
  }

  has(trace: number): boolean {
    return trace > 0 && this.ints[(trace & this.mask & SLOT_MASK) * TRACE_INTS + R_SEQ] === trace;
  }

  stateOf(trace: number): number {
    return this.has(trace) ? (this.ints[(trace & this.mask) * TRACE_INTS + R_STATE] as number) : 0;
  }

  addState(trace: number, bits: number): void {
    const at = (trace & this.mask & SLOT_MASK) * TRACE_INTS + R_STATE;
    this.ints[at] = (this.ints[at] as number) | bits;
  }

  /** The caller has seen that the table has the trace. */
  addTo(trace: number, column: number, amount: number): void {
    const at = (trace & this.mask) * TRACE_INTS;
    this.ints[at + column] = (this.ints[at + column] as number) + amount;
    this.addState(trace, IS_MARKED);
  }

  addBits(trace: number, column: number, bits: number): void {
    const at = (trace & this.mask) * TRACE_INTS;
    this.ints[at + column] = (this.ints[at + column] as number) | bits;
    this.addState(trace, IS_MARKED);
  }

  clearMarks(slot: number): void {
    const r = slot * TRACE_INTS;
    this.ints.fill(0, r + FIRST_RARE, r + TRACE_INTS);
    this.ints[r + R_UP] = NONE;
    this.ints[r + R_DOWN] = NONE;
    this.times[slot * TRACE_TIMES + RT_BLOCKED] = 0;
  }

  /** Four words. Good for traces whose slot has gone to another, too. */
  writeId(trace: number, out: Int32Array, at: number): void {
    this.ids.write(trace, trace >= this.next, out, at, 4);
  }

  hexId(trace: number): string {
    this.writeId(trace, words, 0);
    return hexFromWords(words, 0, 4);
  }

  join(contributor: number, merged: number): void {
    if (!this.has(contributor) || !this.has(merged)) return;
    const up = (merged & this.mask) * TRACE_INTS + R_UP;
    const down = (contributor & this.mask) * TRACE_INTS + R_DOWN;
    const newest = this.ints[up] as number;
    // Pieces of one trace come side by side; one edge is enough.
    if (newest !== NONE && this.edges[newest * EDGE_INTS + X_CONTRIBUTOR] === contributor) return;
    const edge = this.nextEdge;
    this.nextEdge = (edge + 1) & this.edgeMask;
    const at = edge * EDGE_INTS;
    this.edges[at + X_CONTRIBUTOR] = contributor;
    this.edges[at + X_MERGED] = merged;
    this.edges[at + X_NEXT_UP] = newest;
    this.edges[at + X_NEXT_DOWN] = this.ints[down] as number;
    this.ints[up] = edge;
    this.ints[down] = edge;
    this.addState(contributor, HAS_FAMILY | IS_MARKED);
    this.addState(merged, HAS_FAMILY | IS_MARKED);
  }

  firstUp(merged: number): number {
    return this.checkedUp(this.ints[(merged & this.mask) * TRACE_INTS + R_UP] as number, merged);
  }

  nextUp(edge: number, merged: number): number {
    return this.checkedUp(this.edges[edge * EDGE_INTS + X_NEXT_UP] as number, merged);
  }

  firstDown(contributor: number): number {
    return this.checkedDown(
      this.ints[(contributor & this.mask) * TRACE_INTS + R_DOWN] as number,
      contributor,
    );
  }

  nextDown(edge: number, contributor: number): number {
    return this.checkedDown(this.edges[edge * EDGE_INTS + X_NEXT_DOWN] as number, contributor);
  }

  contributorOf(edge: number): number {
    return this.edges[edge * EDGE_INTS + X_CONTRIBUTOR] as number;
  }

  mergedOf(edge: number): number {
    return this.edges[edge * EDGE_INTS + X_MERGED] as number;
  }

  /** An edge that was overwritten ends the list. */
  private checkedUp(edge: number, merged: number): number {
    return edge !== NONE && this.edges[edge * EDGE_INTS + X_MERGED] === merged ? edge : NONE;
  }

  private checkedDown(edge: number, contributor: number): number {
    return edge !== NONE && this.edges[edge * EDGE_INTS + X_CONTRIBUTOR] === contributor ? edge : NONE;
  }
}
