/** What happened in one second, as the engine itself counts it; what an engine tells of it is another matter. */
import { SIGNALS } from './pipeline-spec';

const WIDTH = SIGNALS.length;

/** Batches and items by port and signal: `[port * 3 + signal]`. */
export interface Flow {
  readonly batches: number[];
  readonly items: number[];
}

export interface NodeTally {
  batchesIn: number[];
  itemsIn: number[];
  out: Flow;
  created: number;
  delivered: number;
  batchesDelivered: number;
  returned: number;
  batchesReturned: number;
  /** Lost, and told as lost. */
  dropped: number;
  /** Refused at a full queue, and lost or given back. */
  overflow: number;
  /** Gone without a word. */
  vanished: number;
  reduced: number;
  /** Attempts that failed and were made again by the exporter itself. */
  attemptsFailed: number;
  delayed: number;
  busy: number;
  blocked: number;
  /** Working seconds of what ended. */
  succeeded: number[];
  failed: number[];
  held: number[];
  flushedBySize: number;
  flushedByTimer: number;
  /** Four a second. */
  inHands: number[];
  inFlight: number[];
}

export interface ChannelTally {
  depth: number[];
  occupancy: number;
  received: number;
}

export interface EdgeTally {
  sent: number[];
  blockedSends: number;
}

export function nodeTally(ports: number): NodeTally {
  return {
    batchesIn: zeros(WIDTH),
    itemsIn: zeros(WIDTH),
    out: { batches: zeros(Math.max(1, ports) * WIDTH), items: zeros(Math.max(1, ports) * WIDTH) },
    created: 0,
    delivered: 0,
    batchesDelivered: 0,
    returned: 0,
    batchesReturned: 0,
    dropped: 0,
    overflow: 0,
    vanished: 0,
    reduced: 0,
    attemptsFailed: 0,
    delayed: 0,
    busy: 0,
    blocked: 0,
    succeeded: [],
    failed: [],
    held: [],
    flushedBySize: 0,
    flushedByTimer: 0,
    inHands: [],
    inFlight: [],
  };
}

export function channelTally(): ChannelTally {
  return { depth: [], occupancy: 0, received: 0 };
}

export function edgeTally(): EdgeTally {
  return { sent: zeros(WIDTH), blockedSends: 0 };
}

export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}
