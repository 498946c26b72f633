/**
 * Tail sampling, in hindsight and consistent along lineage. A completed trace is voted on once. A trace that a policy
 * keeps (a seed) marks its ancestors and its descendants along merge links; a trace falls when everything that could
 * mark it has been voted on:
 *
 *   a   b   c        a is a seed: m is its descendant, b a direct contributor of a kept merge. n descends from m,
 *    ╲ ╱   ╱         c contributes to n directly. What c and b contributed to besides is not kept for a's sake.
 *     m   ╱
 *      ╲ ╱           kept:  marked, or a direct contributor of a merge that is marked
 *       n
 *
 * Whether all ancestors (or descendants) of a trace have been voted on cannot become false again, so that it is kept.
 */

import type { CompiledPolicies } from '@/lib/sampling/compile';
import { DROPPED, SAMPLED } from '@/lib/sampling/votes';
import type { Recorder } from './recorder';
import { RowQueue } from './row-queue';
import * as columns from './span-columns';
import * as traceColumns from './trace-columns';
import type { TraceColumnsView } from './trace-columns-view';

const NONE = -1;
const UP = 0;
const DOWN = 1;

export interface SamplerOptions {
  readonly recorder: Recorder;
  readonly view: TraceColumnsView;
  /** Told of each decision, once. */
  readonly onDecided: (trace: number, by: number) => void;
}

export interface SamplerCounts {
  /** Traces. */
  keptByPolicy: number;
  keptByLineage: number;
  dropped: number;
  /** Decided before their family was complete, because they had waited for `maxWaitMs` or their place was needed. */
  overdue: number;
}

export class TailSampler {
  readonly counts: SamplerCounts = { keptByPolicy: 0, keptByLineage: 0, dropped: 0, overdue: 0 };
  /** Votes by policy of the current set: sampled, dropped. */
  sampledVotes = new Float64Array(0);
  droppedVotes = new Float64Array(0);
  private policies: CompiledPolicies | null = null;
  private maxWaitNs = 30e9;
  private readonly completedTraces: RowQueue;
  private waiting: number[] = [];
  private readonly voteBits: Uint32Array;
  /** By slot and direction: the trace whose relatives that way have all been voted on, or that were not in this run. */
  private readonly known: Int32Array;
  private readonly refuted: Int32Array;
  private run = 1;
  private sweepFrom = 0;
  /** The policy names as interned by the caller, by index in the current set. */
  private policyIds: readonly number[] = [];

  constructor(private readonly options: SamplerOptions) {
    const { capacity } = options.recorder.traces;
    this.completedTraces = new RowQueue(capacity);
    this.known = new Int32Array(capacity * 2);
    this.refuted = new Int32Array(capacity * 2);
    this.voteBits = new Uint32Array(capacity * 2);
  }

  get pending(): number {
    return this.completedTraces.length + this.waiting.length;
  }

  setPolicies(policies: CompiledPolicies, policyIds: readonly number[], maxWaitMs: number): void {
    // What has completed under the earlier set is decided by it.
    this.decide();
    this.policies = policies;
    this.policyIds = policyIds;
    this.maxWaitNs = maxWaitMs * 1e6;
    this.sampledVotes = new Float64Array(policies.policies.length);
    this.droppedVotes = new Float64Array(policies.policies.length);
  }

  completed(trace: number): void {
    this.completedTraces.push(trace);
  }

  /** Decides what can be decided now. */
  decide(): void {
    const table = this.options.recorder.traces;
    this.run = (this.run + 1) | 0;
    for (let trace = this.completedTraces.shift(); trace !== 0; trace = this.completedTraces.shift()) {
      const r = (trace & table.mask & traceColumns.SLOT_MASK) * traceColumns.TRACE_INTS;
      if (table.ints[r] !== trace) continue;
      const state = table.ints[r + traceColumns.R_STATE] as number;
      if ((state & traceColumns.VOTED) !== 0) continue;
      this.vote(trace);
      if ((state & traceColumns.DECIDED) !== 0) continue;
      // The usual trace: nobody's relative, and no policy wants it.
      if (
        ((table.ints[r + traceColumns.R_STATE] as number) &
          (traceColumns.HAS_FAMILY | traceColumns.KEEPS)) ===
        0
      )
        this.drop(trace, r);
      else if ((state & traceColumns.HAS_FAMILY) === 0) this.finish(trace);
      else this.waiting.push(trace);
    }
    if (this.waiting.length === 0) return;
    const still: number[] = [];
    for (const trace of this.waiting) {
      if ((table.stateOf(trace) & traceColumns.DECIDED) !== 0 || !table.has(trace)) continue;
      if (this.familyVoted(trace)) this.finish(trace);
      else still.push(trace);
    }
    this.waiting = still;
  }

  /** Decides at once, whatever is missing. */
  force(trace: number): void {
    const table = this.options.recorder.traces;
    const state = table.stateOf(trace);
    if (state === 0 || (state & traceColumns.DECIDED) !== 0) return;
    this.counts.overdue++;
    if ((state & traceColumns.VOTED) === 0) this.vote(trace);
    this.finish(trace);
  }

  /** Looks at up to `slots` places of the table for traces that have waited too long. */
  sweep(now: number, slots: number): void {
    const table = this.options.recorder.traces;
    for (let i = 0; i < slots; i++) {
      const slot = this.sweepFrom;
      this.sweepFrom = (slot + 1) & table.mask;
      const state = table.ints[slot * traceColumns.TRACE_INTS + traceColumns.R_STATE] as number;
      if ((state & traceColumns.IN_USE) === 0 || (state & traceColumns.DECIDED) !== 0) continue;
      if (
        now - (table.times[slot * traceColumns.TRACE_TIMES + traceColumns.RT_START] as number) <
        this.maxWaitNs
      )
        continue;
      this.force(table.ints[slot * traceColumns.TRACE_INTS] as number);
    }
  }

  /** Every trace under way: kept in a change to Full, decided by its policies in a change to None. */
  settleAll(keep: boolean): void {
    this.decide();
    const table = this.options.recorder.traces;
    for (let slot = 0; slot < table.capacity; slot++) {
      const state = table.ints[slot * traceColumns.TRACE_INTS + traceColumns.R_STATE] as number;
      if ((state & traceColumns.IN_USE) === 0 || (state & traceColumns.DECIDED) !== 0) continue;
      const trace = table.ints[slot * traceColumns.TRACE_INTS] as number;
      if (keep) {
        table.addState(trace, traceColumns.VOTED);
        this.keep(trace, traceColumns.BY_NONE);
      } else this.force(trace);
    }
  }

  private vote(trace: number): void {
    const table = this.options.recorder.traces;
    const slot = trace & table.mask & traceColumns.SLOT_MASK;
    const r = slot * traceColumns.TRACE_INTS;
    const { ints } = table;
    const state = (ints[r + traceColumns.R_STATE] as number) | traceColumns.VOTED;
    ints[r + traceColumns.R_STATE] = state;
    const { policies } = this;
    if (policies === null) return;
    const by = policies.decide(this.options.view.over(trace));
    const { votes } = policies;
    let sampled = 0;
    let dropped = 0;
    for (let i = 0; i < votes.length; i++) {
      const vote = votes[i] as number;
      if (vote === SAMPLED) {
        sampled |= 1 << i;
        this.sampledVotes[i] = (this.sampledVotes[i] as number) + 1;
      } else if (vote === DROPPED) {
        dropped |= 1 << i;
        this.droppedVotes[i] = (this.droppedVotes[i] as number) + 1;
      }
    }
    this.voteBits[slot * 2] = sampled;
    this.voteBits[slot * 2 + 1] = dropped;
    if (by < 0) return;
    ints[r + traceColumns.R_BY] = this.policyIds[by] as number;
    ints[r + traceColumns.R_STATE] = state | traceColumns.KEEPS;
    if ((state & traceColumns.HAS_FAMILY) === 0) return;
    this.markUp(trace, trace);
    this.markDown(trace, trace);
  }

  private markUp(trace: number, seed: number): void {
    const table = this.options.recorder.traces;
    for (let edge = table.firstUp(trace); edge !== NONE; edge = table.nextUp(edge, trace)) {
      const ancestor = table.contributorOf(edge);
      if (this.mark(ancestor, traceColumns.KEEPS_UP, seed)) this.markUp(ancestor, seed);
    }
  }

  private markDown(trace: number, seed: number): void {
    const table = this.options.recorder.traces;
    for (let edge = table.firstDown(trace); edge !== NONE; edge = table.nextDown(edge, trace)) {
      const merged = table.mergedOf(edge);
      if (!this.mark(merged, traceColumns.KEEPS_DOWN, seed)) continue;
      this.missBeside(merged, seed);
      this.markDown(merged, seed);
    }
  }

  /** False where it carries the mark already, with all that follows from it. */
  private mark(trace: number, bit: number, seed: number): boolean {
    const table = this.options.recorder.traces;
    const state = table.stateOf(trace);
    if (state === 0 || ((state & traceColumns.DECIDED) !== 0 && (state & traceColumns.KEPT) === 0))
      this.missed(seed);
    if (state === 0 || (state & bit) !== 0) return false;
    table.addState(trace, bit);
    return true;
  }

  /** Direct contributors of a kept merge that were given up before anybody knew. */
  private missBeside(merged: number, seed: number): void {
    const table = this.options.recorder.traces;
    for (let edge = table.firstUp(merged); edge !== NONE; edge = table.nextUp(edge, merged)) {
      const beside = table.contributorOf(edge);
      const state = table.stateOf(beside);
      if (beside !== seed && (state & (traceColumns.DECIDED | traceColumns.KEPT)) === traceColumns.DECIDED)
        this.missed(seed);
    }
  }

  private missed(seed: number): void {
    const table = this.options.recorder.traces;
    table.addTo(seed, traceColumns.R_MISSING, 1);
  }

  private finish(trace: number): void {
    const table = this.options.recorder.traces;
    const state = table.stateOf(trace);
    if ((state & traceColumns.SEED) !== 0) {
      this.counts.keptByPolicy++;
      this.keep(
        trace,
        table.ints[(trace & table.mask) * traceColumns.TRACE_INTS + traceColumns.R_BY] as number,
      );
    } else if ((state & traceColumns.KEEPS) !== 0 || this.besideMarked(trace)) {
      this.counts.keptByLineage++;
      this.keep(trace, traceColumns.BY_LINEAGE);
    } else this.drop(trace, (trace & table.mask & traceColumns.SLOT_MASK) * traceColumns.TRACE_INTS);
  }

  private drop(trace: number, r: number): void {
    const { recorder } = this.options;
    const { ints } = recorder.traces;
    this.counts.dropped++;
    ints[r + traceColumns.R_STATE] = (ints[r + traceColumns.R_STATE] as number) | traceColumns.DECIDED;
    recorder.totals.dropped +=
      (ints[r + traceColumns.R_ENDED] as number) - (ints[r + traceColumns.R_LOST_ENDED] as number);
    recorder.forget(ints[r + traceColumns.R_HEAD] as number);
    this.options.onDecided(trace, traceColumns.BY_NONE);
  }

  private besideMarked(trace: number): boolean {
    const table = this.options.recorder.traces;
    for (let edge = table.firstDown(trace); edge !== NONE; edge = table.nextDown(edge, trace)) {
      if ((table.stateOf(table.mergedOf(edge)) & traceColumns.KEEPS) !== 0) return true;
    }
    return false;
  }

  private keep(trace: number, by: number): void {
    const { recorder } = this.options;
    const table = recorder.traces;
    table.ints[(trace & table.mask) * traceColumns.TRACE_INTS + traceColumns.R_BY] = by;
    table.addState(trace, traceColumns.DECIDED | traceColumns.KEPT);
    const { spans } = recorder;
    let row = table.ints[(trace & table.mask) * traceColumns.TRACE_INTS + traceColumns.R_HEAD] as number;
    while (spans.has(row)) {
      const at = (row & spans.mask) * columns.INT_STRIDE;
      const state = spans.ints[at + columns.I_STATE] as number;
      if ((state & columns.STATE_MASK) === columns.ENDED) {
        spans.ints[at + columns.I_STATE] = (state & ~columns.STATE_MASK) | columns.READY;
        recorder.leaves(row);
      }
      row = spans.ints[at + columns.I_NEXT_IN_TRACE] as number;
    }
    this.options.onDecided(trace, by);
  }

  /** Whether everything that could still mark this trace has been voted on. */
  private familyVoted(trace: number): boolean {
    const table = this.options.recorder.traces;
    if (!this.votedAll(trace, UP) || !this.votedAll(trace, DOWN)) return false;
    for (let edge = table.firstDown(trace); edge !== NONE; edge = table.nextDown(edge, trace)) {
      if (!this.votedAll(table.mergedOf(edge), UP)) return false;
    }
    return true;
  }

  private votedAll(trace: number, direction: typeof UP | typeof DOWN): boolean {
    const table = this.options.recorder.traces;
    const state = table.stateOf(trace);
    if (state === 0) return true;
    const at = (trace & table.mask) * 2 + direction;
    if (this.known[at] === trace) return true;
    if ((state & traceColumns.VOTED) === 0 || this.refuted[at] === this.run) return false;
    const all = direction === UP ? this.allUp(trace) : this.allDown(trace);
    if (all) this.known[at] = trace;
    else this.refuted[at] = this.run;
    return all;
  }

  private allUp(trace: number): boolean {
    const table = this.options.recorder.traces;
    for (let edge = table.firstUp(trace); edge !== NONE; edge = table.nextUp(edge, trace)) {
      if (!this.votedAll(table.contributorOf(edge), UP)) return false;
    }
    return true;
  }

  private allDown(trace: number): boolean {
    const table = this.options.recorder.traces;
    for (let edge = table.firstDown(trace); edge !== NONE; edge = table.nextDown(edge, trace)) {
      if (!this.votedAll(table.mergedOf(edge), DOWN)) return false;
    }
    return true;
  }

  /** Names of votes of a trace by policy of the current set; a bit that is not there says `not_sampled`. */
  votesOf(trace: number): Record<string, string> {
    const slot = trace & this.options.recorder.traces.mask;
    const sampled = this.voteBits[slot * 2] as number;
    const dropped = this.voteBits[slot * 2 + 1] as number;
    const votes: Record<string, string> = {};
    for (const [i, policy] of (this.policies?.policies ?? []).entries()) {
      votes[policy.name] =
        (sampled & (1 << i)) !== 0 ? 'sampled' : (dropped & (1 << i)) !== 0 ? 'dropped' : 'not_sampled';
    }
    return votes;
  }

  get attributeKeys(): readonly string[] {
    return this.policies?.attributeKeys ?? [];
  }
}
