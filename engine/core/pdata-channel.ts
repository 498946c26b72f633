/**
 * The bounded channel into a processor or exporter. A send finds room at once or waits its turn, first come first
 * served; nobody overtakes those who wait. Each message has a slot id that stays its own until it is taken:
 *
 *   order   [ 4 1 7 . . . . . ]   ring of slot ids, oldest at `head`
 *   items   [ . p . . p . . p ]   by slot id
 *   free    [ 0 2 3 5 6 ]         stack of ids, all below the capacity
 */
import type { CorePdata } from './core-pdata';
import { add } from './counter-store';
import { SIGNAL_COUNT } from './counters';
import type { Runtime } from './runtime';
import type { LayoutEdge } from './telemetry';

export interface Edge extends LayoutEdge {
  readonly target: PdataChannel;
}

/** A send that waits for room. */
export interface Waiter {
  readonly pdata: CorePdata;
  readonly edge: Edge;
  /** Index of the node that sends. */
  readonly sender: number;
  accepted(): void;
  /** It will never be accepted: the deadline of a drain or shutdown has passed. */
  abandoned(): void;
}

export class PdataChannel {
  depth = 0;
  /** Of the message taken last: its slot, and the depth with it counted. */
  takenSlot = 0;
  takenDepth = 0;
  private items: (CorePdata | null)[];
  private order: Int32Array;
  private free: Int32Array;
  private freeCount: number;
  private head = 0;
  private waiters: Waiter[] = [];

  constructor(
    readonly index: number,
    readonly id: string,
    public capacity: number,
    private readonly runtime: Runtime,
    private readonly wakeConsumer: () => void,
  ) {
    this.items = new Array<CorePdata | null>(capacity).fill(null);
    this.order = new Int32Array(capacity);
    this.free = new Int32Array(capacity);
    for (let slot = 0; slot < capacity; slot++) this.free[slot] = capacity - 1 - slot;
    this.freeCount = capacity;
    runtime.counters.capacity[index] = capacity;
  }

  get waiting(): number {
    return this.waiters.length;
  }

  /** False where it is full, or others wait already. */
  tryPush(pdata: CorePdata, edge: Edge): boolean {
    if (this.depth >= this.capacity || this.waiters.length > 0) return false;
    this.push(pdata, edge);
    return true;
  }

  wait(waiter: Waiter): void {
    const { counters } = this.runtime;
    add(counters.blocked, waiter.edge.index, 1);
    add(counters.blockedNow, waiter.edge.index, 1);
    this.waiters.push(waiter);
  }

  /** The oldest message; those who wait for its room are let in. The caller has seen that `depth` is not 0. */
  take(): CorePdata {
    const slot = this.order[this.head] as number;
    const pdata = this.items[slot] as CorePdata;
    this.items[slot] = null;
    this.head = this.head + 1 === this.order.length ? 0 : this.head + 1;
    this.takenSlot = slot;
    this.takenDepth = this.depth;
    this.depth--;
    if (slot < this.capacity) this.free[this.freeCount++] = slot;
    const { counters } = this.runtime;
    const row = this.index * SIGNAL_COUNT + pdata.signalAt;
    add(counters.received, row, 1);
    add(counters.queued, row, -pdata.items);
    counters.depth[this.index] = this.depth;
    return pdata;
  }

  /** Called after each take, once the taken message has begun: lets in who waits. */
  admitWaiting(): void {
    while (this.waiters.length > 0 && this.depth < this.capacity) {
      const waiter = this.waiters.shift() as Waiter;
      add(this.runtime.counters.blockedNow, waiter.edge.index, -1);
      this.push(waiter.pdata, waiter.edge);
      waiter.accepted();
    }
  }

  /** Shrinking below the depth loses nothing: the channel just stays full until it has run down. */
  resize(capacity: number): void {
    const order = new Int32Array(Math.max(capacity, this.depth));
    const used = new Uint8Array(Math.max(capacity, this.items.length));
    for (let i = 0; i < this.depth; i++) {
      const slot = this.order[(this.head + i) % this.order.length] as number;
      order[i] = slot;
      used[slot] = 1;
    }
    while (this.items.length < capacity) this.items.push(null);
    this.order = order;
    this.head = 0;
    this.capacity = capacity;
    this.free = new Int32Array(capacity);
    this.freeCount = 0;
    for (let slot = capacity - 1; slot >= 0; slot--) if (!used[slot]) this.free[this.freeCount++] = slot;
    this.runtime.counters.capacity[this.index] = capacity;
    this.admitWaiting();
  }

  /** Gives up sends that wait: all, or those of one node. */
  abandonWaiting(sender?: number): void {
    const given = this.waiters.filter((waiter) => sender === undefined || waiter.sender === sender);
    if (given.length === 0) return;
    this.waiters = this.waiters.filter((waiter) => !given.includes(waiter));
    for (const waiter of given) {
      add(this.runtime.counters.blockedNow, waiter.edge.index, -1);
      waiter.abandoned();
    }
  }

  /** What waits in it, oldest first. */
  *queued(): Generator<CorePdata> {
    for (let i = 0; i < this.depth; i++) {
      const slot = this.order[(this.head + i) % this.order.length] as number;
      yield this.items[slot] as CorePdata;
    }
  }

  private push(pdata: CorePdata, edge: Edge): void {
    const slot = this.free[--this.freeCount] as number;
    this.items[slot] = pdata;
    const tail = this.head + this.depth;
    this.order[tail >= this.order.length ? tail - this.order.length : tail] = slot;
    this.depth++;
    const { counters, hops } = this.runtime;
    add(counters.out.batches, edge.index * SIGNAL_COUNT + pdata.signalAt, 1);
    add(counters.out.items, edge.index * SIGNAL_COUNT + pdata.signalAt, pdata.items);
    add(counters.queued, this.index * SIGNAL_COUNT + pdata.signalAt, pdata.items);
    counters.depth[this.index] = this.depth;
    if (hops.recording) hops.sent(this.index, edge.index, slot, this.depth, pdata);
    this.wakeConsumer();
  }
}
