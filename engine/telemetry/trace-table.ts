/**
 * Traces under way, as slots of a ring like the spans' one: how many of its pdata are open, what policies look at, and
 * what was decided. Merges join traces; an edge of that lineage is read from either end.
 *
 *   contributor ──edge──▶ merged        up: from merged to contributors; down: the other way
 */

import { powerOfTwo } from '@/lib/base/power-of-two';
import { hexFromWords, NumberedIds } from './ids';
import {
  COMPLETE,
  DECIDED,
  FIRST_RARE,
  HAS_FAMILY,
  IN_USE,
  IS_MARKED,
  LAST_TRACE,
  MOST_SKIPS,
  R_DOWN,
  R_SEQ,
  R_STATE,
  R_UP,
  RT_BLOCKED,
  SLOT_MASK,
  TRACE_INTS,
  TRACE_TIMES,
} from './trace-columns';

const EDGE_INTS = 4;
const X_CONTRIBUTOR = 0;
const X_MERGED = 1;
const X_NEXT_UP = 2;
const X_NEXT_DOWN = 3;

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

  /** The slot to write next. Traces that are not decided are stepped over; past MOST_SKIPS the caller decides one by force. */
  claim(): number {
    let seq = this.next;
    for (let skips = 0; skips < MOST_SKIPS; skips++) {
      const state = this.ints[(seq & this.mask & SLOT_MASK) * TRACE_INTS + R_STATE] as number;
      if ((state & IN_USE) === 0 || (state & (DECIDED | COMPLETE)) === (DECIDED | COMPLETE)) break;
      seq = this.after(seq);
    }
    this.next = this.after(seq);
    return seq;
  }

  private after(seq: number): number {
    if (seq !== LAST_TRACE) return seq + 1;
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
