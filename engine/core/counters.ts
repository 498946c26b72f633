/**
 * The direct counters: what remains in mode None. Plain typed arrays indexed by the layout, written by the core as
 * things happen and read by telemetry at each report. They never go back within one incarnation of a pipeline.
 *
 * Conservation, for every node, at every instant, in items:
 *   in + created = out + delivered + dropped + returned + inFlight
 */
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
  /** Per edge and signal: accepted by the channel. A node's `out` is the sum over its edges. */
  readonly out: FlowCounters;
  /** Items in the node's hands now, per node and signal. */
  readonly inFlight: Float64Array;
  /** Per channel: messages taken, by signal for pdata channels. */
  readonly received: Float64Array;
  /** Per edge: sends that had to wait, and those waiting now. */
  readonly blocked: Float64Array;
  readonly blockedNow: Float64Array;
  /** Per channel, now. */
  readonly depth: Float64Array;
  readonly capacity: Float64Array;
  /** Per node, now. */
  readonly concurrency: Float64Array;
  /** Dropped items and batches: per node, signal and reason. At most 64 reasons a pipeline, then `other`. */
  readonly dropped: ReadonlyMap<string, FlowCounters>;
  /** Control messages handled, per node × action × outcome × origin; see `controlRow`. */
  readonly control: ReadonlyMap<string, Float64Array>;
  /** Control messages sent to and taken from each control channel, per channel. */
  readonly controlSent: Float64Array;
  readonly controlReceived: Float64Array;
}
