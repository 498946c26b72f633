/**
 * Acks and nacks. Each pdata that comes into being (an admission, a part of a split, an attempt of a retry, the output
 * of a merge) has one flow, resolved exactly once. Nodes that pass it on 1 → 1 only leave their name in it; the outcome
 * goes to the control channel of the node that made it, which hears it and may resolve others in turn:
 *
 *   receiver ◀── admission ◀── splitter ◀── part 1 ◀── exporter
 *                                       ◀── part 2 ◀── merger ◀── flush ◀── exporter
 */
import { invariant } from '@/lib/base/assert';
import { add } from './counter-store';
import { type Outcome, type Route, UNTRACED } from './pdata';
import type { Runtime } from './runtime';

/** Where an outcome is queued: a node's control channel. */
export interface FlowOwner {
  readonly index: number;
  readonly runtime: Runtime;
  completed(flow: Flow): void;
}

/** What the outcome means to the node that made the pdata. */
export interface FlowListener {
  heard(flow: Flow, outcome: Outcome): void;
}

export type FlowKind = 'admission' | 'part' | 'attempt' | 'flush';

export class Flow implements Route {
  /** The trace that counts it as open. */
  trace = UNTRACED;
  /** Span of its first handling downstream: what a retry links to. */
  firstSpan = UNTRACED;
  /** Spans of its own hops that have not ended; while there are any, the trace keeps it open. */
  openSpans = 0;
  outcome: Outcome | null = null;
  private settled = false;
  private readonly passed: number[] = [];

  constructor(
    readonly kind: FlowKind,
    readonly owner: FlowOwner,
    readonly listener: FlowListener,
    /** Position among its siblings: the part of a split. */
    readonly position = 0,
  ) {}

  get runtime(): Runtime {
    return this.owner.runtime;
  }

  /** Its trace learns of it; to be called once the pdata has a trace. */
  opened(trace: number): void {
    const { hops } = this.runtime;
    this.trace = hops.recording ? trace : UNTRACED;
    if (this.trace !== UNTRACED) hops.opened(trace);
  }

  passes(node: number): void {
    this.passed.push(node);
  }

  spanEnded(): void {
    this.openSpans--;
    this.settleTrace();
  }

  /** The outcome is known. Counts it at every node that it passes and queues it for the owner. */
  complete(outcome: Outcome): void {
    invariant(this.outcome === null, `a ${this.kind} was resolved twice`);
    this.outcome = outcome;
    const { acks, nacks } = this.runtime.counters;
    const counts = outcome.kind === 'ack' ? acks : nacks;
    for (const node of this.passed) add(counts, node, 1);
    this.owner.completed(this);
  }

  /** The owner takes the outcome from its control channel. */
  hear(): void {
    const { outcome } = this;
    invariant(outcome !== null, 'an outcome is heard after it is known');
    const { acks, nacks } = this.runtime.counters;
    add(outcome.kind === 'ack' ? acks : nacks, this.owner.index, 1);
    this.listener.heard(this, outcome);
    this.settled = true;
    this.settleTrace();
  }

  private settleTrace(): void {
    if (!this.settled || this.openSpans > 0 || this.trace === UNTRACED) return;
    const { trace } = this;
    this.trace = UNTRACED;
    if (this.runtime.hops.recording) this.runtime.hops.resolved(trace);
  }
}
