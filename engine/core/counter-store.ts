/** The direct counters as the core writes them. Rows: node or edge or channel × signal; see `counters.ts`. */
import type { ControlAction, ControlOrigin, ControlOutcome } from '@/lib/semconv/control';
import { type Counters, controlRow, type FlowCounters, MAX_DROP_REASONS, SIGNAL_COUNT } from './counters';
import type { FlushOutput } from './node';

export class CounterStore implements Counters {
  readonly in: FlowCounters;
  readonly created: FlowCounters;
  readonly delivered: FlowCounters;
  readonly returned: FlowCounters;
  readonly inFailed: FlowCounters;
  readonly inRefused: FlowCounters;
  readonly out: FlowCounters;
  readonly inFlight: Float64Array;
  readonly queued: Float64Array;
  readonly received: Float64Array;
  readonly blocked: Float64Array;
  readonly blockedNow: Float64Array;
  readonly depth: Float64Array;
  readonly capacity: Float64Array;
  readonly concurrency: Float64Array;
  readonly dropped = new Map<string, FlowCounters>();
  readonly flushes = new Map<string, Float64Array>();
  readonly control = new Map<string, Float64Array>();
  readonly controlSent: Float64Array;
  readonly controlReceived: Float64Array;
  /** Acks and nacks handled, by node: rows of `control` that are written for every batch. */
  readonly acks: Float64Array;
  readonly nacks: Float64Array;

  constructor(
    readonly nodeCount: number,
    channelCount: number,
    edgeCount: number,
  ) {
    const nodeRows = nodeCount * SIGNAL_COUNT;
    this.in = flow(nodeRows);
    this.created = flow(nodeRows);
    this.delivered = flow(nodeRows);
    this.returned = flow(nodeRows);
    this.inFailed = flow(nodeRows);
    this.inRefused = flow(nodeRows);
    this.out = flow(edgeCount * SIGNAL_COUNT);
    this.inFlight = new Float64Array(nodeRows);
    this.queued = new Float64Array(channelCount * SIGNAL_COUNT);
    this.received = new Float64Array(channelCount * SIGNAL_COUNT);
    this.blocked = new Float64Array(edgeCount);
    this.blockedNow = new Float64Array(edgeCount);
    this.depth = new Float64Array(channelCount);
    this.capacity = new Float64Array(channelCount);
    this.concurrency = new Float64Array(nodeCount);
    this.controlSent = new Float64Array(channelCount);
    this.controlReceived = new Float64Array(channelCount);
    this.acks = this.controlCounts('ack', 'applied', 'engine');
    this.nacks = this.controlCounts('nack', 'applied', 'engine');
  }

  drop(row: number, items: number, batches: number, reason: string): void {
    const counts = this.dropCounts(reason);
    add(counts.items, row, items);
    add(counts.batches, row, batches);
    add(this.inFlight, row, -items);
  }

  flush(node: number, reason: FlushOutput['reason']): void {
    let counts = this.flushes.get(reason);
    if (counts === undefined) {
      counts = new Float64Array(this.nodeCount);
      this.flushes.set(reason, counts);
    }
    add(counts, node, 1);
  }

  /** `node` is an index, or −1 for the pipeline. */
  countControl(action: ControlAction, outcome: ControlOutcome, origin: ControlOrigin, node: number): void {
    add(this.controlCounts(action, outcome, origin), node < 0 ? this.nodeCount : node, 1);
  }

  private dropCounts(reason: string): FlowCounters {
    const known = this.dropped.get(reason);
    if (known) return known;
    if (this.dropped.size >= MAX_DROP_REASONS && reason !== 'other') return this.dropCounts('other');
    const counts = flow(this.nodeCount * SIGNAL_COUNT);
    this.dropped.set(reason, counts);
    return counts;
  }

  private controlCounts(action: ControlAction, outcome: ControlOutcome, origin: ControlOrigin): Float64Array {
    const key = controlRow(action, outcome, origin);
    const known = this.control.get(key);
    if (known) return known;
    const counts = new Float64Array(this.nodeCount + 1);
    this.control.set(key, counts);
    return counts;
  }
}

/** `array[index] += amount`, for typed arrays whose index is in range by construction. */
export function add(array: Float64Array, index: number, amount: number): void {
  array[index] = (array[index] as number) + amount;
}

function flow(rows: number): FlowCounters {
  return { batches: new Float64Array(rows), items: new Float64Array(rows) };
}
