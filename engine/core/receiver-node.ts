/** A receiver: admits batches and waits for their outcomes. It has no input channel, only the door. */

import type { ControlMessage } from './control';
import { CorePdata } from './core-pdata';
import { EngineNode } from './engine-node';
import { FAULT_REASON, type Fault } from './fault-injector';
import { Flow, type FlowListener } from './flow';
import type { Admission, Async, ReceiverHandle, ReceiverNode } from './node';
import { NodeHandleImpl } from './node-handle';
import { ACK, type Nack, type Outcome, UNTRACED } from './pdata';
import type { Edge } from './pdata-channel';
import { type Placed, Roster } from './roster';
import { notConnected } from './split';
import type { CoreEvent } from './telemetry';

const NO_FAULT: Fault = { delayMs: 0, effect: 'none' };

export class ReceiverEngineNode extends EngineNode {
  open = false;
  /** Admissions that no channel has taken yet. */
  unsent = 0;
  /** `stop` of the instance has settled: nothing is under way at the door. */
  private doorClosed = true;
  private closing: Promise<void> | null = null;
  private instance: ReceiverNode | null = null;
  private handle: ReceiverHandleImpl | null = null;
  private readonly admissions = new Roster<OpenAdmission>();

  /** Nothing more will come into the pipeline from here. */
  get ingressClosed(): boolean {
    return !this.open && this.unsent === 0;
  }

  /** …and everything that came has its outcome. */
  get done(): boolean {
    return this.ingressClosed && this.doorClosed && this.admissions.size === 0;
  }

  turn(limit: number): number {
    let used = 0;
    while (used < limit && this.control.depth > 0) {
      this.handleControl();
      used++;
    }
    if (this.control.depth > 0) this.wake();
    if (this.transition) this.progressed();
    return used;
  }

  admit(input: Admission): Promise<Outcome> {
    if (!this.open) return Promise.resolve(this.refusal('draining'));
    return new Promise((resolve) => {
      const atOnce = !this.faults.stalled && !this.faults.active;
      const admission = new OpenAdmission(this, input, atOnce, resolve);
      this.admissions.add(admission);
      this.unsent++;
      if (this.faults.stalled) return;
      admission.enter(this.faults.active ? this.faults.next() : NO_FAULT);
    });
  }

  closed(admission: OpenAdmission): void {
    this.admissions.delete(admission);
    if (this.transition) this.progressed();
  }

  refusal(reason: string): Nack {
    return { kind: 'nack', reason, permanent: false, cause: this.id };
  }

  affected(rows: number[], limit: number): number {
    for (const { row } of this.admissions) if (row !== UNTRACED && rows.length < limit) rows.push(row);
    return this.admissions.size;
  }

  protected async createInstance(): Promise<void> {
    const { type } = this.config;
    if (type.kind !== 'receiver') throw new Error('only a receiver can receive');
    this.handle = new ReceiverHandleImpl(this);
    // The schema of the type has made the configuration, so it is what `create` declares.
    this.instance = type.create(type.config.parse(this.rawConfig) as never, this.handle);
    this.open = true;
    this.doorClosed = false;
    try {
      await this.instance.start(this.handle);
    } catch (error) {
      this.open = false;
      this.doorClosed = true;
      this.instance = null;
      throw error;
    }
  }

  protected closeInput(): void {
    this.open = false;
    this.closeDoor()?.catch((error) => this.complain(error));
  }

  protected handsEmpty(): boolean {
    return this.done;
  }

  protected instanceControl(message: ControlMessage): Async | 'unhandled' {
    if (!this.instance?.control || !this.handle) return 'unhandled';
    return this.instance.control(message, this.handle);
  }

  protected instanceDrain(): Async {
    return undefined;
  }

  protected instanceStop(): Async {
    this.open = false;
    return this.closeDoor();
  }

  /** Once per instance, however often it is asked for. */
  private closeDoor(): Promise<void> | undefined {
    if (!this.instance || this.doorClosed) return undefined;
    this.closing ??= this.instance.stop().finally(() => {
      this.doorClosed = true;
      this.closing = null;
      this.progressed();
      this.wake();
    });
    return this.closing;
  }

  /** What no channel has taken is lost; the rest is downstream, and its outcome will still come. */
  protected abortHandlings(): void {
    for (const admission of this.admissions.all()) admission.abort();
  }

  protected stallChanged(): void {
    if (this.faults.stalled) return;
    for (const admission of this.admissions.all()) if (!admission.entered) admission.enter(NO_FAULT);
  }

  protected eventOnOpenSpans(event: CoreEvent, value: number): void {
    const { hops } = this.runtime;
    if (!hops.recording) return;
    for (const { row } of this.admissions) if (row !== UNTRACED) hops.event(row, event, value, 0, '');
  }
}

/** One batch at the door, from its admission to its outcome; its span is open as long. */
class OpenAdmission implements FlowListener, Placed {
  row = UNTRACED;
  place = -1;
  entered = false;
  private sent = false;
  private awaiting = false;
  private readonly flow: Flow;
  private readonly pdata: CorePdata;
  private resolved = false;

  constructor(
    private readonly node: ReceiverEngineNode,
    private readonly input: Admission,
    atOnce: boolean,
    private readonly resolve: (outcome: Outcome) => void,
  ) {
    const { runtime, hands, index } = node;
    this.flow = new Flow('admission', node, this);
    this.pdata = new CorePdata(runtime.nextSerial(), [], input.signal, input.items, input.payload, this.flow);
    if (input.source === 'created') hands.created(this.pdata.signalAt, input.items);
    else hands.took(this.pdata.signalAt, input.items);
    this.flow.openSpans++;
    if (!runtime.hops.recording) return;
    this.row = runtime.hops.beginAdmission(index, this.pdata, atOnce);
    this.flow.opened(this.pdata.trace);
  }

  enter(fault: Fault): void {
    this.entered = true;
    if (fault.delayMs === 0) this.send(fault);
    else {
      this.node.runtime.clock.setTimer(() => {
        this.node.timeHasPassed();
        this.send(fault);
      }, fault.delayMs);
    }
  }

  abort(): void {
    if (this.sent) return;
    this.leaves();
    this.node.hands.lost(this.pdata.signalAt, this.input.items, this.node.lostReason);
    this.flow.complete(this.node.cutOff());
  }

  heard(_flow: Flow, outcome: Outcome): void {
    const { hands, runtime } = this.node;
    const refused = outcome.kind === 'nack';
    const failedHere = refused && outcome.cause === this.node.id;
    if (refused && this.input.source === 'received') {
      hands.ended(this.pdata.signalAt, this.input.items, failedHere ? 'failure' : 'refused');
    }
    if (this.row !== UNTRACED && runtime.hops.recording) {
      if (refused) {
        if (this.awaiting) runtime.hops.outcomeWaitEnds(this.row);
        const cause = runtime.nodeIndex(outcome.cause) + 1;
        runtime.hops.event(this.row, 'nack', outcome.permanent ? 1 : 0, cause, outcome.reason);
        runtime.hops.end(this.row, failedHere ? 'failure' : 'refused', outcome.reason);
      } else runtime.hops.acked(this.row, null);
    }
    this.resolved = true;
    this.flow.spanEnded();
    this.node.closed(this);
    this.resolve(outcome);
  }

  private send(fault: Fault): void {
    if (this.sent || this.resolved) return;
    const { node, pdata, input } = this;
    const edge = node.outlet.edge(input.port);
    if (fault.effect === 'drop') this.dropped();
    else if (fault.effect === 'error') this.refused(this.faultNack());
    else if (edge) this.sendOver(edge, pdata);
    else this.refused(notConnected(input.port, node.id));
  }

  private faultNack(): Nack {
    const { faults } = this.node;
    return { ...this.node.refusal(faults.errorMessage), permanent: faults.config.permanent ?? false };
  }

  private sendOver(edge: Edge, pdata: CorePdata): void {
    const { outlet } = this.node;
    pdata.stamp(this.row);
    const settle = (accepted: boolean) => {
      if (accepted) this.accepted();
    };
    if (outlet.trySend(this.row, pdata, edge)) this.accepted();
    else outlet.sendLater(this.row, pdata, edge, settle);
  }

  private accepted(): void {
    this.leaves();
    const { hops } = this.node.runtime;
    if (this.row !== UNTRACED && hops.recording) {
      hops.outcomeWaitBegins(this.row);
      this.awaiting = true;
    }
    this.input.accepted?.();
  }

  private dropped(): void {
    this.leaves();
    this.node.hands.dropped(this.pdata.signalAt, this.input.items, 1, FAULT_REASON);
    this.flow.complete(ACK);
  }

  private refused(nack: Nack): void {
    this.leaves();
    this.node.hands.returned(this.pdata.signalAt, this.input.items);
    this.flow.complete(nack);
  }

  private leaves(): void {
    this.sent = true;
    this.node.unsent--;
  }
}

class ReceiverHandleImpl extends NodeHandleImpl implements ReceiverHandle {
  constructor(private readonly receiver: ReceiverEngineNode) {
    super(receiver);
  }

  get open(): boolean {
    return this.receiver.open;
  }

  admit(input: Admission): Promise<Outcome> {
    return this.receiver.admit(input);
  }
}
