/** The conservation of one node, in items: what came into being, left or was lost while in its hands. */
import { add, type CounterStore } from './counter-store';
import { SIGNAL_COUNT } from './counters';

/** Items that a node's own change of a payload took away, where it did not say why. */
export const DROP_CHANGED = 'changed';

export class Hands {
  /** Lost to deadlines since the last `takeLost`. */
  private lostItems = 0;
  private lostBatches = 0;

  constructor(
    private readonly counters: CounterStore,
    private readonly node: number,
    private readonly changesUnit: boolean,
  ) {}

  row(signalAt: number): number {
    return this.node * SIGNAL_COUNT + signalAt;
  }

  took(signalAt: number, items: number): void {
    const row = this.row(signalAt);
    add(this.counters.in.batches, row, 1);
    add(this.counters.in.items, row, items);
    add(this.counters.inFlight, row, items);
  }

  created(signalAt: number, items: number, batches = 1): void {
    const row = this.row(signalAt);
    add(this.counters.created.batches, row, batches);
    add(this.counters.created.items, row, items);
    add(this.counters.inFlight, row, items);
  }

  delivered(signalAt: number, items: number): void {
    const row = this.row(signalAt);
    add(this.counters.delivered.batches, row, 1);
    add(this.counters.delivered.items, row, items);
    add(this.counters.inFlight, row, -items);
  }

  returned(signalAt: number, items: number): void {
    if (items === 0) return;
    const row = this.row(signalAt);
    add(this.counters.returned.batches, row, 1);
    add(this.counters.returned.items, row, items);
    add(this.counters.inFlight, row, -items);
  }

  dropped(signalAt: number, items: number, batches: number, reason: string): void {
    if (items === 0 && batches === 0) return;
    this.counters.drop(this.row(signalAt), items, batches, reason);
  }

  /** Cut off by a deadline. */
  lost(signalAt: number, items: number, reason: string): void {
    this.dropped(signalAt, items, 1, reason);
    this.lostItems += items;
    this.lostBatches += 1;
  }

  /** `from` items became `to` of `signalAt` by the node's own work. */
  became(signalAt: number, from: number, to: number): void {
    if (from === to) return;
    if (this.changesUnit) add(this.counters.inFlight, this.row(signalAt), to - from);
    else if (to > from) this.created(signalAt, to - from, 0);
    else this.dropped(signalAt, from - to, 0, DROP_CHANGED);
  }

  ended(signalAt: number, items: number, outcome: 'failure' | 'refused'): void {
    const counts = outcome === 'failure' ? this.counters.inFailed : this.counters.inRefused;
    add(counts.batches, this.row(signalAt), 1);
    add(counts.items, this.row(signalAt), items);
  }

  takeLost(): { readonly items: number; readonly batches: number } {
    const lost = { items: this.lostItems, batches: this.lostBatches };
    this.lostItems = 0;
    this.lostBatches = 0;
    return lost;
  }
}
