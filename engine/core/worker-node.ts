/** A processor or exporter: its workers take pdata from the input channel, one handling each. */
import type { ControlMessage } from './control';
import { CONTROL_STREAK, EngineNode, type NodeParts } from './engine-node';
import { FAULT_REASON } from './fault-injector';
import { CoreHop } from './hop';
import type { Async, ProcessorNode } from './node';
import type { NodeHandleImpl } from './node-handle';
import { UNTRACED } from './pdata';
import type { PdataChannel } from './pdata-channel';
import { Roster } from './roster';
import type { Runtime } from './runtime';
import type { CoreEvent } from './telemetry';

/** Units of work of one handling: see `run-loop.ts`. */
const ITEMS_PER_UNIT_BITS = 6;

export class WorkerNode extends EngineNode {
  readonly input: PdataChannel;
  /** Workers with a handling. */
  busy = 0;
  private instance: ProcessorNode | null = null;
  private handle: NodeHandleImpl | null = null;
  private readonly idle: CoreHop[] = [];
  /** Handlings that did not end at once. */
  private readonly active = new Roster<CoreHop>();
  private heldBack: CoreHop[] = [];
  /** Control messages handled since the last pdata. */
  private streak = 0;
  /** How many messages it may still take while it drains. */
  private quota = Number.POSITIVE_INFINITY;

  constructor(runtime: Runtime, parts: NodeParts & { readonly input: PdataChannel }) {
    super(runtime, parts);
    this.input = parts.input;
  }

  /** Something is under way in it that waits for more than an outcome from downstream. */
  get moves(): boolean {
    let awaiting = 0;
    for (const hop of this.active) if (hop.awaiting) awaiting++;
    return this.busy > awaiting || this.outlet.pending + this.store.pending > 0 || this.occupied;
  }

  /** All its workers wait for outcomes: whatever is queued for it, it sends nothing until there is one. */
  get onlyAwaits(): boolean {
    return this.busy >= this.concurrency && !this.moves && this.store.holding.size === 0;
  }

  turn(limit: number): number {
    let used = 0;
    while (used < limit) {
      const canTake = this.canTake();
      if (this.control.depth > 0 && (this.streak < CONTROL_STREAK || !canTake)) {
        this.handleControl();
        this.streak++;
        used++;
      } else if (canTake) {
        this.streak = 0;
        used += this.takeOne();
      } else {
        break;
      }
    }
    if (this.control.depth > 0 || this.canTake()) this.wake();
    if (this.transition) this.progressed();
    return used;
  }

  process(hop: CoreHop): Async {
    if (!this.instance) throw new Error(`${this.id} has no instance`);
    return this.instance.process(hop);
  }

  activate(hop: CoreHop): void {
    this.active.add(hop);
  }

  /** The worker is free again. A handling that was cut off is not used again: its node may still hold it. */
  release(hop: CoreHop): void {
    this.busy--;
    if (hop.place >= 0) {
      this.active.delete(hop);
      this.wake();
    }
    if (!hop.dead) this.idle.push(hop);
  }

  /** A stalled node finishes nothing. */
  holdsBack(hop: CoreHop): boolean {
    if (!this.faults.stalled) return false;
    this.activate(hop);
    this.heldBack.push(hop);
    return true;
  }

  affected(rows: number[], limit: number): number {
    const add = (row: number) => {
      if (row !== UNTRACED && rows.length < limit) rows.push(row);
    };
    for (const hop of this.active) add(hop.row);
    for (const held of this.store.holding) add(held.span);
    for (const pdata of this.input.queued()) add(pdata.span);
    return this.active.size + this.store.holding.size + this.input.depth;
  }

  /** Loses what waits in its channel: taken, and dropped at once. */
  purge(): void {
    while (this.input.depth > 0) {
      const pdata = this.input.take();
      this.hands.took(pdata.signalAt, pdata.items);
      this.hands.lost(pdata.signalAt, pdata.items, this.lostReason);
      pdata.route.complete(this.cutOff());
    }
  }

  protected async createInstance(handle: NodeHandleImpl): Promise<void> {
    const { type } = this.config;
    if (type.kind === 'receiver') throw new Error('a receiver is no worker');
    // The schema of the type has made the configuration, so it is what `create` declares.
    this.handle = handle;
    this.instance = type.create(type.config.parse(this.rawConfig) as never, handle);
    this.quota = Number.POSITIVE_INFINITY;
  }

  protected closeInput(kind: 'drain' | 'shutdown' | 'restart' | 'pipeline'): void {
    if (kind === 'pipeline') this.quota = Number.POSITIVE_INFINITY;
    else this.quota = kind === 'restart' ? 0 : this.input.depth;
  }

  protected handsEmpty(): boolean {
    const inputDone = this.quota === 0 || this.input.depth === 0 || this.state !== 'draining';
    return inputDone && this.busy === 0 && this.outlet.pending === 0 && this.store.pending === 0;
  }

  protected instanceControl(message: ControlMessage): Async | 'unhandled' {
    if (!this.instance?.control || !this.handle) return 'unhandled';
    return this.instance.control(message, this.handle);
  }

  protected instanceDrain(): Async {
    return this.handle ? this.instance?.drain?.(this.handle) : undefined;
  }

  protected instanceStop(): Async {
    return this.instance?.stop?.();
  }

  protected abortHandlings(): void {
    this.heldBack = [];
    this.timeHasPassed();
    for (const hop of this.active.all()) hop.abort();
  }

  protected stallChanged(): void {
    if (this.faults.stalled) return;
    const { heldBack } = this;
    this.heldBack = [];
    this.timeHasPassed();
    for (const hop of heldBack) hop.finishIfDone();
  }

  protected eventOnOpenSpans(event: CoreEvent, value: number): void {
    const { hops } = this.runtime;
    if (!hops.recording) return;
    for (const hop of this.active) if (hop.recording) hops.event(hop.row, event, value, 0, '');
  }

  private canTake(): boolean {
    if (this.input.depth === 0 || this.busy >= this.concurrency || this.faults.stalled) return false;
    return this.state === 'running' || (this.state === 'draining' && this.quota > 0);
  }

  private takeOne(): number {
    const pdata = this.input.take();
    const units = 1 + (pdata.items >> ITEMS_PER_UNIT_BITS);
    this.quota--;
    this.hands.took(pdata.signalAt, pdata.items);
    const hop = this.idle.pop() ?? new CoreHop(this);
    this.busy++;
    hop.begin(pdata, this.input);
    if (this.input.waiting > 0) this.input.admitWaiting();
    if (this.faults.active) this.runWithFaults(hop);
    else hop.run();
    return units;
  }

  private runWithFaults(hop: CoreHop): void {
    const fault = this.faults.next();
    const go = () => {
      if (hop.dead) return;
      this.timeHasPassed();
      if (fault.effect === 'none') {
        hop.run();
        return;
      }
      if (fault.effect === 'error')
        hop.nack(this.faults.errorMessage, { permanent: this.faults.config.permanent ?? false });
      else hop.drop(hop.pdata.items, FAULT_REASON);
      hop.finishIfDone();
    };
    if (fault.delayMs === 0) {
      go();
      return;
    }
    this.activate(hop);
    this.runtime.clock.setTimer(go, fault.delayMs);
  }
}
