/**
 * One handling of one pdata, reused by a node's workers. What a node decides (`deliver`, `drop` of all, `nack`, `resolve`)
 * takes effect when its `process` has settled: the span ends first, then the outcome goes its way.
 *
 *   begin ── process ──┬─ forward · split · absorb ───────── settled ─▶ span ends
 *                      └─ deliver · drop · nack · resolve ── settled ─▶ span ends ─▶ outcome unwinds
 *
 * A handling that a deadline cuts off is dead: what its node still calls on it has no effect. The file is long because
 * the calls of one handling share its state, which lives in plain fields so that the fast path allocates nothing.
 */
import type { Span } from '@opentelemetry/api';
import { Attempt } from './attempt';
import type { CorePdata } from './core-pdata';
import { Flow } from './flow';
import type { Async, Contribution, Hop, Part, SplitResolution } from './node';
import { NOOP_SPAN } from './noop-telemetry';
import type { Payload } from './payload';
import { ACK, type Nack, type Outcome, UNTRACED } from './pdata';
import type { Edge, PdataChannel } from './pdata-channel';
import type { Placed } from './roster';
import { notConnected, sendParts } from './split';
import type { WorkerNode } from './worker-node';

type Verdict = 'none' | 'sent' | 'absorbed' | 'delivered' | 'dropped' | 'nacked' | 'resolved';

export class CoreHop implements Hop, Placed {
  /** Among the node's handlings that are not done synchronously; −1 for the others. */
  place = -1;
  row = UNTRACED;
  dead = false;
  /** An attempt has been accepted and its outcome is awaited. */
  awaiting = false;
  private held: CorePdata | null = null;
  private flow: Flow | null = null;
  private signalAt = 0;
  private itemsIn = 0;
  private itemsOut = 0;
  /** Items in the node's hands that are not promised to a part. */
  private left = 0;
  private verdict: Verdict = 'none';
  /** A channel or the parts of a split have it. */
  private handedOver = false;
  private outcome: Outcome = ACK;
  private text = '';
  private spanOpen = false;
  private running = false;
  private chained: Promise<void> | null = null;
  private sends = 0;
  private attempts = 0;
  private attemptItems = 0;
  private lastAttemptSpan = UNTRACED;
  private readonly onDone = () => {
    this.running = false;
    this.node.timeHasPassed();
    this.finishIfDone();
  };
  private readonly onThrown = (error: unknown) => {
    this.running = false;
    this.node.timeHasPassed();
    this.threw(error);
    this.finishIfDone();
  };

  constructor(private readonly node: WorkerNode) {}

  get pdata(): CorePdata {
    if (!this.held) throw new Error('a hop was used after its handling had ended');
    return this.held;
  }

  get recording(): boolean {
    return this.row !== UNTRACED && this.node.runtime.hops.recording;
  }

  get span(): Span {
    return this.recording ? this.node.runtime.hops.spanOf(this.row) : NOOP_SPAN;
  }

  begin(pdata: CorePdata, input: PdataChannel): void {
    const { hops } = this.node.runtime;
    const flow = pdata.route;
    this.held = pdata;
    this.flow = flow;
    this.signalAt = pdata.signalAt;
    this.itemsIn = pdata.items;
    this.itemsOut = pdata.items;
    this.left = pdata.items;
    this.verdict = 'none';
    this.handedOver = false;
    this.attempts = 0;
    this.lastAttemptSpan = UNTRACED;
    this.chained = null;
    this.row = UNTRACED;
    if (hops.recording) {
      const wasUntraced = pdata.trace === UNTRACED;
      this.row = hops.begin(this.node.index, pdata, input.index, input.takenSlot, input.takenDepth);
      if (wasUntraced && pdata.trace !== UNTRACED) flow.opened(pdata.trace);
    }
    if (flow.firstSpan === UNTRACED) flow.firstSpan = this.row;
    flow.openSpans++;
    this.spanOpen = true;
  }

  /** Runs the node's work on it. */
  run(): void {
    this.running = true;
    try {
      const result = this.node.process(this);
      if (result === undefined) {
        this.running = false;
      } else {
        this.node.activate(this);
        // The usual `return hop.forward(…)` ends as the send is accepted, not a microtask later.
        if (result !== this.chained) result.then(this.onDone, this.onThrown);
        else this.running = false;
      }
    } catch (error) {
      this.running = false;
      this.threw(error);
    }
    this.finishIfDone();
  }

  forward(port: string, payload?: Payload, items?: number): Async {
    if (this.dead) return undefined;
    this.claim('sent');
    const { pdata } = this;
    const edge = this.node.outlet.edge(port);
    if (!edge) return this.refuse(port);
    if (items !== undefined) this.became(items);
    if (payload) pdata.payload = payload;
    pdata.items = this.left;
    pdata.origin = null;
    pdata.stamp(this.row);
    if (!this.node.outlet.trySend(this.row, pdata, edge)) return this.forwardLater(pdata, edge);
    this.left = 0;
    this.handedOver = true;
    pdata.route.passes(this.node.index);
    return undefined;
  }

  forwardAndWait(port: string, attempt: number): Promise<Outcome> {
    if (this.dead) return Promise.resolve(this.node.cutOff());
    if (this.verdict !== 'none' || this.awaiting)
      throw new Error('forwardAndWait on a hop that is already decided');
    const { pdata } = this;
    const edge = this.node.outlet.edge(port);
    if (!edge) return Promise.resolve(notConnected(port, this.node.id));
    if (this.attempts > 0) {
      this.node.hands.created(this.signalAt, this.attemptItems);
      this.left = this.attemptItems;
      this.event('retry', attempt, '');
    }
    this.attemptItems = this.left;
    this.attempts++;
    return new Promise((resolve) => {
      const flow = new Flow(
        'attempt',
        this.node,
        new Attempt((sent, outcome) => this.attemptHeard(sent, outcome, resolve)),
      );
      const copy = pdata.derive(flow, pdata.parts, this.left, pdata.payload);
      copy.stamp(this.row);
      if (this.lastAttemptSpan !== UNTRACED)
        copy.origin = { kind: 'retry', span: this.lastAttemptSpan, attempt };
      flow.opened(copy.trace);
      this.sendAttempt(copy, edge);
    });
  }

  pauseBeforeRetry(ms: number): Promise<void> {
    const { hops, clock } = this.node.runtime;
    const { row } = this;
    if (!this.dead && this.recording) hops.outcomeWaitBegins(row);
    return new Promise((resolve) => {
      clock.setTimer(() => {
        if (!this.dead && this.recording) hops.outcomeWaitEnds(row);
        resolve();
      }, ms);
    });
  }

  split(parts: readonly Part[], resolve: SplitResolution = { kind: 'all' }): Async {
    if (this.dead) return undefined;
    if (parts.length === 0) {
      this.drop(this.left, 'changed');
      return undefined;
    }
    this.claim('sent');
    let total = 0;
    for (const part of parts) total += part.items;
    this.became(total);
    this.left = 0;
    this.handedOver = true;
    const { outlet, hands, id, lostReason } = this.node;
    const source = {
      owner: this.node,
      outlet,
      hands,
      nodeId: id,
      pdata: this.pdata,
      flow: this.pdata.route,
      span: this.row,
      lostReason,
    };
    const sent = sendParts(source, parts, resolve);
    if (sent === undefined) return undefined;
    this.sends++;
    const done = () => {
      this.sends--;
      this.finishIfDone();
    };
    this.chained = sent.then(done, (error) => {
      this.threw(error);
      done();
    });
    return this.chained;
  }

  absorb(): Contribution {
    this.claim('absorbed');
    this.pdata.items = this.left;
    const held = this.node.store.absorb(this.pdata, this.row);
    this.left = 0;
    if (this.row !== UNTRACED) this.spanOpen = false;
    return held;
  }

  deliver(status = 'ok'): void {
    if (this.dead) return;
    this.claim('delivered');
    this.outcome = ACK;
    this.text = status;
  }

  drop(items: number, reason: string): void {
    if (this.dead) return;
    if (this.verdict !== 'none') throw new Error('drop on a hop that is already decided');
    const dropped = Math.min(items, this.left);
    if (dropped === 0 && this.left > 0) return;
    this.event('batch_drop', dropped, reason);
    if (dropped < this.left) {
      this.node.hands.dropped(this.signalAt, dropped, 0, reason);
      this.left -= dropped;
      this.itemsOut = this.left;
      return;
    }
    this.claim('dropped');
    this.outcome = ACK;
    this.text = reason;
  }

  nack(reason: string, options?: { readonly permanent?: boolean }): void {
    if (this.dead) return;
    this.claim('nacked');
    this.outcome = { kind: 'nack', reason, permanent: options?.permanent ?? false, cause: this.node.id };
    this.text = reason;
  }

  resolve(outcome: Outcome): void {
    if (this.dead) return;
    this.claim('resolved');
    this.outcome = outcome;
    this.text = outcome.kind === 'nack' ? outcome.reason : '';
  }

  /** A deadline has passed: what is in hand is lost, what has been decided stands. */
  abort(): void {
    if (this.verdict === 'delivered' || this.verdict === 'dropped' || this.verdict === 'nacked') {
      this.dead = true;
      this.finish();
      return;
    }
    const { flow } = this;
    const undecided =
      this.verdict === 'none' || this.verdict === 'resolved' || (this.verdict === 'sent' && !this.handedOver);
    this.dead = true;
    if (undecided) {
      this.node.hands.lost(this.signalAt, this.left, this.node.lostReason);
      this.node.hands.ended(this.signalAt, this.itemsIn, 'failure');
    }
    this.left = 0;
    this.endSpan('failure', this.node.lostReason);
    flow?.spanEnded();
    if (undecided) flow?.complete(this.node.cutOff());
    this.node.release(this);
  }

  /** Ends the handling if nothing of it is under way any more. */
  finishIfDone(): void {
    if (this.running || this.sends > 0 || this.dead || !this.held) return;
    if (this.node.holdsBack(this)) return;
    this.finish();
  }

  private finish(): void {
    if (this.verdict === 'none') this.leftUnhandled();
    const { hands } = this.node;
    const { verdict, flow, outcome, text } = this;
    const failed = verdict === 'nacked';
    const refused = verdict === 'resolved' && outcome.kind === 'nack';
    switch (verdict) {
      case 'delivered':
        hands.delivered(this.signalAt, this.left);
        this.ackSpan(text);
        break;
      case 'dropped':
        hands.dropped(this.signalAt, this.left, 1, text);
        this.ackSpan(null);
        break;
      case 'nacked':
        hands.returned(this.signalAt, this.left);
        if (this.node.kind === 'exporter') this.event('export_failure', 0, text);
        if (outcome.kind === 'nack') this.nackEvent(outcome);
        break;
      case 'resolved':
        if (refused) hands.returned(this.signalAt, this.left);
        else hands.dropped(this.signalAt, this.left, 0, 'changed');
        break;
    }
    this.left = 0;
    if (failed || refused) hands.ended(this.signalAt, this.itemsIn, failed ? 'failure' : 'refused');
    if (verdict === 'sent' && this.itemsOut !== this.itemsIn && this.recording) {
      this.node.runtime.hops.itemsOut(this.row, this.itemsOut);
    }
    this.endSpan(failed ? 'failure' : refused ? 'refused' : 'success', failed || refused ? text : '');
    this.held = null;
    this.flow = null;
    flow?.spanEnded();
    if (verdict !== 'sent' && verdict !== 'absorbed') flow?.complete(outcome);
    this.node.release(this);
  }

  private forwardLater(pdata: CorePdata, edge: Edge): Promise<void> {
    this.sends++;
    this.chained = new Promise<void>((resolve) => {
      this.node.outlet.sendLater(this.row, pdata, edge, (accepted) => {
        this.sends--;
        if (accepted) {
          this.left = 0;
          this.handedOver = true;
          pdata.route.passes(this.node.index);
        }
        resolve();
        this.finishIfDone();
      });
    });
    return this.chained;
  }

  private sendAttempt(copy: CorePdata, edge: Edge): void {
    const accepted = () => {
      if (this.dead) return;
      this.left = 0;
      this.awaiting = true;
      if (this.recording) this.node.runtime.hops.outcomeWaitBegins(this.row);
    };
    const settle = (taken: boolean) => {
      if (taken) accepted();
      else copy.route.complete(this.node.cutOff());
    };
    if (this.node.outlet.trySend(this.row, copy, edge)) accepted();
    else this.node.outlet.sendLater(this.row, copy, edge, settle);
  }

  private attemptHeard(flow: Flow, outcome: Outcome, resolve: (outcome: Outcome) => void): void {
    if (!this.dead) {
      if (this.awaiting && this.recording) {
        this.node.runtime.hops.outcomeWaitEnds(this.row);
        if (outcome.kind === 'nack') this.nackEvent(outcome);
        else this.event('ack', 0, '');
      }
      this.awaiting = false;
      this.lastAttemptSpan = flow.firstSpan;
    }
    resolve(outcome);
  }

  private refuse(port: string): undefined {
    this.verdict = 'nacked';
    this.outcome = notConnected(port, this.node.id);
    this.text = this.outcome.kind === 'nack' ? this.outcome.reason : '';
    return undefined;
  }

  private claim(verdict: Verdict): void {
    if (this.verdict !== 'none' || this.awaiting)
      throw new Error(`${verdict} on a hop that is already decided`);
    this.verdict = verdict;
  }

  private became(items: number): void {
    this.node.hands.became(this.signalAt, this.left, items);
    this.left = items;
    this.itemsOut = items;
  }

  private threw(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.node.runtime.log('error', `${this.node.id}: ${reason}`);
    if (this.verdict === 'none' && !this.dead) this.nack(reason);
  }

  private leftUnhandled(): void {
    this.node.runtime.log('error', `${this.node.id}: neither sent, delivered, dropped nor refused a batch`);
    this.nack('left unhandled', { permanent: true });
  }

  private nackEvent(nack: Nack): void {
    if (!this.recording) return;
    const { hops, nodeIndex } = this.node.runtime;
    hops.event(this.row, 'nack', nack.permanent ? 1 : 0, nodeIndex(nack.cause) + 1, nack.reason);
  }

  private event(event: 'ack' | 'retry' | 'batch_drop' | 'export_failure', a: number, text: string) {
    if (this.recording) this.node.runtime.hops.event(this.row, event, a, 0, text);
  }

  private ackSpan(status: string | null): void {
    if (this.spanOpen && this.recording) this.node.runtime.hops.acked(this.row, status);
    this.spanOpen = false;
  }

  private endSpan(outcome: 'success' | 'failure' | 'refused', message: string): void {
    if (this.spanOpen && this.recording) this.node.runtime.hops.end(this.row, outcome, message);
    this.spanOpen = false;
  }
}
