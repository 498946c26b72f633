/**
 * The direct counters: what remains in mode None. Plain typed arrays indexed by the layout, written by the core as
 * things happen and read by telemetry at each report. They never go back within one incarnation of a pipeline.
 *
 * Conservation, for every node, at every instant, in items:
 *   in + created = out + delivered + dropped + returned + inFlight
 */
import type { ControlAction, ControlOrigin, ControlOutcome } from '@/lib/semconv/control';
import { SIGNALS, type Signal } from '@/lib/semconv/signals';

/** Counters are kept per signal: row = index × SIGNALS.length + signalIndex. */
export const SIGNAL_COUNT = SIGNALS.length;

export function signalIndex(signal: Signal): number {
  return SIGNALS.indexOf(signal);
}

export interface FlowCounters {
  readonly batches: Float64Array;
  readonly items: Float64Array;
}

export interface Counters {
  /** Per node and signal. `inFailed` counts what came in and ended as a failure (the `outcome` of `in`). */
  readonly in: FlowCounters;
  readonly created: FlowCounters;
  readonly delivered: FlowCounters;
  readonly returned: FlowCounters;
  /** Of `in`: what ended as a failure here (an error, a nack that starts here), whole batches with all their items. */
  readonly inFailed: FlowCounters;
  /** Of `in`: what ended because of a nack that was waited for (a receiver's, a retry's last). */
  readonly inRefused: FlowCounters;
  /** Per edge and signal: accepted by the channel. A node's `out` is the sum over its edges. */
  readonly out: FlowCounters;
  /** Items in the node's hands now, per node and signal. */
  readonly inFlight: Float64Array;
  /** Items waiting in each pdata channel now, per channel and signal. */
  readonly queued: Float64Array;
  /** Per channel and signal: pdata messages taken; zero for control channels. */
  readonly received: Float64Array;
  /** Per edge: sends that had to wait, and those waiting now. */
  readonly blocked: Float64Array;
  readonly blockedNow: Float64Array;
  /** Per channel, now. */
  readonly depth: Float64Array;
  readonly capacity: Float64Array;
  /** Per node, now. */
  readonly concurrency: Float64Array;
  /** Dropped items and batches, by reason; each per node and signal. At most 64 reasons a pipeline, then `other`. */
  readonly dropped: ReadonlyMap<string, FlowCounters>;
  /** Outputs made of what a stateful node held, by what made it let go (size, timer, shutdown); indexed by node. */
  readonly flushes: ReadonlyMap<string, Float64Array>;
  /** Control messages handled: `controlRow(action, outcome, origin)` → counts, indexed by node; the last is the pipeline. */
  readonly control: ReadonlyMap<string, Float64Array>;
  /** Control messages sent to and taken from each control channel, per channel. */
  readonly controlSent: Float64Array;
  readonly controlReceived: Float64Array;
}

export const MAX_DROP_REASONS = 64;

/** Key of `Counters.control`, and back: names hold no `|`. */
export function controlRow(action: ControlAction, outcome: ControlOutcome, origin: ControlOrigin): string {
  return `${action}|${outcome}|${origin}`;
}

export function parseControlRow(row: string): { action: string; outcome: string; origin: string } {
  const [action = '', outcome = '', origin = ''] = row.split('|');
  return { action, outcome, origin };
}
