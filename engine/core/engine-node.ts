/**
 * What receivers, processors and exporters have in common: the control channel and its turn, timers, sending, what is
 * held, configuration, and the way between running, drained and stopped.
 *
 *   running ──drain──▶ draining ──▶ drained ──restart──▶ running
 *                         └──shutdown──▶ stopped ──restart──┘
 *
 * It is long because these are one state machine: a transition ends when nothing is in the node's hands any more, and
 * a deadline may end it sooner. What differs by kind is in the abstract methods.
 */
import type { Timer } from '@/lib/base/clock';
import { createRandom, type Random } from '@/lib/base/random';
import { NANOS_PER_MS } from '@/lib/base/time';
import type { ControlOutcome } from '@/lib/semconv/control';
import type { ControlMessage, FaultsConfig, NodeChange } from './control';
import { ControlChannel } from './control-channel';
import { FaultInjector } from './fault-injector';
import { Flow } from './flow';
import { Hands } from './hands';
import type { Async } from './node';
import { NodeHandleImpl } from './node-handle';
import type { OrderedMessage } from './ordered-message';
import { Outlet } from './outlet';
import type { Nack } from './pdata';
import type { Edge } from './pdata-channel';
import type { NodeState } from './pipeline-api';
import type { NodeConfig } from './pipeline-config';
import type { Turn } from './run-loop';
import type { Runtime } from './runtime';
import { StoreRoom } from './store-room';
import type { CoreEvent } from './telemetry';
import { NodeTimers } from './timers';

/** After so many control messages in a row, one pdata is tried. */
export const CONTROL_STREAK = 32;

type TransitionKind = 'drain' | 'shutdown' | 'restart';

interface Transition {
  readonly kind: TransitionKind;
  readonly order: OrderedMessage;
  readonly deadline: Timer | null;
  /** The node has been asked to give up what it holds. */
  askedToDrain: boolean;
  concluding: boolean;
  forced: boolean;
}

export interface NodeParts {
  readonly index: number;
  readonly config: NodeConfig;
  readonly edges: ReadonlyMap<string, Edge>;
  readonly controlIndex: number;
  readonly controlCapacity: number;
  readonly seed: number;
}

export abstract class EngineNode implements Turn {
  queued = false;
  state: NodeState = 'stopped';
  rawConfig: Readonly<Record<string, unknown>>;
  concurrency: number;
  readonly index: number;
  readonly id: string;
  readonly config: NodeConfig;
  readonly control: ControlChannel;
  readonly hands: Hands;
  readonly outlet: Outlet;
  readonly store: StoreRoom;
  readonly faults: FaultInjector;
  readonly ports: readonly string[];
  readonly random: Random;
  /** The act that ends its work, told on the flushes that it causes. */
  finishing: { readonly event: CoreEvent; readonly value: number } | null = null;
  /** Why what a deadline cuts off is lost. */
  lostReason = 'shutdown_deadline';
  /** Control messages that the node is still at. */
  protected controlBusy = 0;
  protected transition: Transition | null = null;
  private next: OrderedMessage | null = null;
  private waitingChange: { order: OrderedMessage; change: NodeChange } | null = null;
  private changes: Promise<void> = Promise.resolve();
  private readonly timers: NodeTimers;

  constructor(
    readonly runtime: Runtime,
    parts: NodeParts,
  ) {
    const { config, index } = parts;
    this.index = index;
    this.id = config.id;
    this.config = config;
    this.rawConfig = config.rawConfig;
    this.concurrency = config.concurrency;
    this.ports = [...parts.edges.keys()];
    this.control = new ControlChannel(
      parts.controlIndex,
      `control:${config.id}`,
      parts.controlCapacity,
      runtime,
    );
    this.hands = new Hands(runtime.counters, index, config.type.changesUnit ?? false);
    this.outlet = new Outlet(runtime, index, parts.edges);
    this.store = new StoreRoom(this);
    this.random = createRandom(parts.seed);
    this.faults = new FaultInjector(createRandom(this.random.nextUint32()));
    this.timers = new NodeTimers(
      runtime.clock,
      (timer) => this.sendTick(timer),
      () => runtime.counters.countControl('timer_tick', 'coalesced', 'engine', index),
    );
    runtime.counters.concurrency[index] = config.concurrency;
    this.setFaults(config.faults);
  }

  get kind(): 'receiver' | 'processor' | 'exporter' {
    return this.config.type.kind;
  }

  /** The nack of what a deadline cut off here. */
  cutOff(): Nack {
    return { kind: 'nack', reason: this.lostReason, permanent: false, cause: this.id };
  }

  /** Makes a new instance from the present configuration and starts it. Rejects with a clear reason. */
  protected abstract createInstance(handle: NodeHandleImpl): Promise<void>;
  /** Nothing more comes in, but for what the transition lets through. */
  protected abstract closeInput(kind: TransitionKind | 'pipeline'): void;
  /** Nothing is in its hands, what it holds apart. */
  protected abstract handsEmpty(): boolean;
  protected abstract instanceControl(message: ControlMessage): Async | 'unhandled';
  protected abstract instanceDrain(): Async;
  protected abstract instanceStop(): Async;
  protected abstract abortHandlings(): void;
  protected abstract stallChanged(): void;
  abstract turn(limit: number): number;
  /** Rows of the spans in its hands, and what is queued for it. */
  abstract affected(rows: number[], limit: number): number;
  protected abstract eventOnOpenSpans(event: CoreEvent, value: number): void;

  async start(): Promise<void> {
    await this.createInstance(new NodeHandleImpl(this));
    this.state = 'running';
    this.wake();
  }

  wake(): void {
    this.runtime.loop.wake(this);
  }

  /** What goes on here was left a while ago. */
  timeHasPassed(): void {
    const { hops } = this.runtime;
    if (hops.recording) hops.resumed();
  }

  completed(flow: Flow): void {
    this.control.send(flow);
    this.wake();
  }

  order(order: OrderedMessage): void {
    const { message } = order;
    if (message.kind !== 'config_update') {
      this.control.send(order);
    } else if (this.waitingChange) {
      // Latest wins; the message in the channel carries the later change, over what the earlier one had.
      const earlier = this.waitingChange;
      this.waitingChange = { order, change: { ...earlier.change, ...message.change } };
      earlier.order.begin();
      earlier.order.report('replaced', `replaced by ${message.id}`);
    } else {
      this.waitingChange = { order, change: message.change };
      this.control.send(order);
    }
    this.wake();
  }

  startTimer(timer: string, everyMs: number): () => void {
    return this.timers.start(timer, everyMs);
  }

  /** One control message; outcomes of what was sent among them. */
  protected handleControl(): void {
    const entry = this.control.take();
    if (entry === null) return;
    if (entry instanceof Flow) entry.hear();
    else this.handleMessage(entry);
    this.progressed();
  }

  private handleMessage(order: OrderedMessage): void {
    const { message } = order;
    switch (message.kind) {
      case 'timer_tick':
        this.tick(message);
        return;
      case 'collect_telemetry':
        this.tell(message);
        order.report('applied', '');
        return;
      case 'config_update':
        this.changeNext(order);
        return;
      default:
        this.moveTo(message.kind, order);
    }
  }

  private sendTick(timer: string): void {
    this.control.send({
      message: { kind: 'timer_tick', timer },
      begin: () => undefined,
      report: () => undefined,
    });
    this.wake();
  }

  private tick(message: Extract<ControlMessage, { kind: 'timer_tick' }>): void {
    const live = this.state === 'running' || this.state === 'draining';
    const outcome = live ? 'applied' : 'dropped_during_drain';
    this.runtime.counters.countControl('timer_tick', outcome, 'engine', this.index);
    if (!live) {
      this.timers.handled(message.timer);
      return;
    }
    this.eventOnOpenSpans('timer_tick', 0);
    const done = this.tell(message);
    if (done instanceof Promise) done.then(() => this.timers.handled(message.timer));
    else this.timers.handled(message.timer);
  }

  /** The node's own handling of a message. What it throws is logged; the promise never rejects. */
  private tell(message: ControlMessage): Async {
    try {
      const result = this.instanceControl(message);
      return result instanceof Promise
        ? this.whileBusy(result.catch((error) => this.complain(error)))
        : undefined;
    } catch (error) {
      this.complain(error);
      return undefined;
    }
  }

  protected complain(error: unknown): void {
    this.runtime.log('error', `${this.id}: ${error instanceof Error ? error.message : String(error)}`);
  }

  protected whileBusy(work: Promise<void>): Promise<void> {
    this.controlBusy++;
    return work.finally(() => {
      this.controlBusy--;
      this.progressed();
      this.wake();
    });
  }

  private changeNext(carried: OrderedMessage): void {
    const { order, change } = this.waitingChange ?? { order: carried, change: {} };
    this.waitingChange = null;
    order.begin();
    const revision = order.message.kind === 'config_update' ? order.message.revision : 0;
    this.eventOnOpenSpans('config_update', revision);
    // One change at a time; nearly always the chain is empty and the work synchronous.
    this.changes = this.whileBusy(this.changes.then(() => this.applyChange(order, change)));
  }

  private async applyChange(order: OrderedMessage, change: NodeChange): Promise<void> {
    try {
      if (change.config) await this.applyConfig(order, change.config);
    } catch (error) {
      order.report('failed', error instanceof Error ? error.message : String(error));
      return;
    }
    if (change.concurrency !== undefined) {
      this.concurrency = change.concurrency;
      this.runtime.counters.concurrency[this.index] = change.concurrency;
    }
    if (change.faults) this.setFaults(change.faults);
    this.runtime.changed();
    order.report('applied', '');
    this.wake();
  }

  private async applyConfig(order: OrderedMessage, raw: Readonly<Record<string, unknown>>): Promise<void> {
    const parsed = this.config.type.config.parse(raw) as Readonly<Record<string, unknown>>;
    if (this.state !== 'stopped' && order.message.kind === 'config_update') {
      const { id, origin, revision } = order.message;
      const told = this.instanceControl({
        kind: 'config_update',
        change: { config: parsed },
        id,
        origin,
        revision,
      });
      if (told === 'unhandled') return this.recreate(raw);
      await told;
    }
    this.rawConfig = raw;
  }

  /** A node that takes no changes gives up what it holds, and another one takes its place. */
  private async recreate(raw: Readonly<Record<string, unknown>>): Promise<void> {
    const before = this.rawConfig;
    await this.instanceDrain();
    await this.instanceStop();
    this.timers.stopAll();
    this.rawConfig = raw;
    try {
      await this.createInstance(new NodeHandleImpl(this));
    } catch (error) {
      this.rawConfig = before;
      await this.createInstance(new NodeHandleImpl(this));
      throw error;
    }
  }

  protected setFaults(faults: FaultsConfig): void {
    const wasStalled = this.faults.stalled;
    this.faults.set(faults);
    if (wasStalled === this.faults.stalled) return;
    this.timeHasPassed();
    this.outlet.stall(this.faults.stalled);
    this.stallChanged();
    this.wake();
  }

  private moveTo(kind: TransitionKind, order: OrderedMessage): void {
    if (this.transition) {
      if (this.transition.kind === kind) {
        order.begin();
        order.report('coalesced', `already in ${kind}`);
        return;
      }
      this.next?.begin();
      this.next?.report('replaced', `replaced by ${kind}`);
      this.next = order;
      return;
    }
    order.begin();
    const deadlineNs = 'deadlineNs' in order.message ? order.message.deadlineNs : Number.NaN;
    const event = kind === 'restart' ? 'shutdown' : kind;
    this.eventOnOpenSpans(event, deadlineNs);
    const running = this.state === 'running';
    const leftMs = (deadlineNs - this.runtime.clock.nowNs()) / NANOS_PER_MS;
    const deadline =
      Number.isNaN(leftMs) || !running ? null : this.runtime.clock.setTimer(() => this.force(), leftMs);
    this.transition = { kind, order, deadline, askedToDrain: false, concluding: false, forced: false };
    this.lostReason = `${kind}_deadline`;
    if (running) {
      this.finishing = { event, value: deadlineNs };
      this.enterDraining(kind);
    }
    this.progressed();
  }

  /** From here on it only finishes what it has (and, for a drain of the pipeline, what still comes). */
  enterDraining(kind: TransitionKind | 'pipeline'): void {
    this.state = 'draining';
    this.closeInput(kind);
    this.runtime.changed();
    this.wake();
  }

  /** Whether a transition can go on; called after everything that may have emptied its hands. */
  progressed(): void {
    const { transition } = this;
    if (!transition || transition.concluding || !(transition.forced || this.handsEmpty())) return;
    if (this.state === 'draining' && !transition.askedToDrain && !transition.forced) {
      transition.askedToDrain = true;
      const drained = this.giveUpHeld();
      if (drained instanceof Promise) return;
    }
    if (!transition.forced && (this.controlBusy > 0 || this.store.pending > 0 || !this.handsEmpty())) return;
    transition.concluding = true;
    void this.conclude(transition);
  }

  /** Asks the node to flush what it holds. */
  giveUpHeld(): Async {
    try {
      const result = this.instanceDrain();
      return result instanceof Promise
        ? this.whileBusy(result.catch((error) => this.complain(error)))
        : undefined;
    } catch (error) {
      this.complain(error);
      return undefined;
    }
  }

  private force(): void {
    const { transition } = this;
    if (!transition || transition.concluding) return;
    transition.forced = true;
    this.abandonAll();
    this.progressed();
  }

  /** Loses what is in its hands, counted; what waits in its channel stays there. */
  abandonAll(): void {
    this.abortHandlings();
    this.outlet.abandon();
    this.store.lose(this.cutOff());
  }

  abandonHeld(): void {
    this.store.lose(this.cutOff());
  }

  /** It is still at a control message. */
  get occupied(): boolean {
    return this.controlBusy > 0;
  }

  private async conclude(transition: Transition): Promise<void> {
    const { kind, order } = transition;
    transition.deadline?.cancel();
    // What a node holds but did not give up when asked is lost here, not silently.
    this.store.lose(this.cutOff());
    const { items, batches } = this.hands.takeLost();
    const lost = items + batches > 0 ? `lost ${items} items in ${batches} batches` : '';
    let outcome: ControlOutcome = transition.forced ? 'forced' : 'applied';
    let message = lost;
    try {
      if (kind !== 'drain') await this.stopInstance(transition.forced);
      this.timers.stopAll();
      if (kind === 'restart') await this.createInstance(new NodeHandleImpl(this));
      this.state = kind === 'restart' ? 'running' : kind === 'shutdown' ? 'stopped' : this.drainedState();
    } catch (error) {
      outcome = 'failed';
      message = error instanceof Error ? error.message : String(error);
      this.state = 'stopped';
    }
    this.finishing = null;
    this.transition = null;
    this.runtime.changed();
    order.report(outcome, message);
    const { next } = this;
    this.next = null;
    if (next) this.moveTo(next.message.kind as TransitionKind, next);
    this.wake();
  }

  private drainedState(): NodeState {
    return this.state === 'stopped' ? 'stopped' : 'drained';
  }

  /** Of a node that a deadline cut off, nothing is awaited any more. */
  async stopInstance(forced: boolean): Promise<void> {
    if (this.state === 'stopped') return;
    const stopped = this.instanceStop();
    if (!(stopped instanceof Promise)) return;
    if (forced) stopped.catch((error) => this.complain(error));
    else await stopped;
  }

  /** The end of a drain or shutdown of the whole pipeline. */
  settleAs(state: 'drained' | 'stopped'): void {
    this.timers.stopAll();
    this.state = state;
    this.finishing = null;
  }
}
