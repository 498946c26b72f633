/** One try of a node that waits for the outcome of what it sent (`retry`), while its own handling stays open. */
import type { Flow, FlowListener } from './flow';
import type { Outcome } from './pdata';

export class Attempt implements FlowListener {
  constructor(private readonly settled: (flow: Flow, outcome: Outcome) => void) {}

  heard(flow: Flow, outcome: Outcome): void {
    this.settled(flow, outcome);
  }
}
