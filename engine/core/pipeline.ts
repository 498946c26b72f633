/**
 * A running pipeline: its nodes, wired by channels, and the acts on them. It is built from a configuration that has been
 * found valid (`pipeline-yaml.ts`); everything it does runs on the given clock, scheduler and random numbers. Long because each act is a few lines here, and
 * they share what is acted on.
 */
import { type BoundedMap, createBoundedMap } from '@/lib/base/bounded-map';
import { err, ok, type Result } from '@/lib/base/result';
import { NANOS_PER_MS } from '@/lib/base/time';
import { checkAct } from './act-check';
import { ActOrder, type ActTarget } from './act-order';
import { buildNodes } from './build-nodes';
import { CounterStore } from './counter-store';
import { actsFor, type PresentChannel, type PresentNode } from './desired-acts';
import type { EngineNode } from './engine-node';
import { topologicalOrder } from './graph';
import { layoutOf } from './layout';
import type { CommandMessage } from './ordered-message';
import type {
  Act,
  ActResult,
  AppliedChange,
  ConfigProblem,
  DesiredPipeline,
  NodeState,
  Pipeline,
  PipelineOptions,
  PipelineTotals,
} from './pipeline-api';
import { PipelineDrain } from './pipeline-drain';
import { RunLoop } from './run-loop';
import type { Runtime } from './runtime';
import type { PipelineLayout, TopologyBody } from './telemetry';
import { topologyBodyOf } from './topology-body';
import { totalsOf } from './totals';
import { WorkerNode } from './worker-node';

export const DEFAULT_DEADLINE_MS = 30_000;
/** Acts that are remembered, so that one seen again is not done again. */
const REMEMBERED_ACTS = 1_024;

export function createPipeline(options: PipelineOptions): Pipeline {
  return new RunningPipeline(options);
}

class RunningPipeline implements Pipeline {
  readonly id: string;
  readonly counters: CounterStore;
  layout: PipelineLayout;
  state: NodeState = 'stopped';
  private readonly runtime: Runtime;
  private readonly nodes: readonly EngineNode[];
  /** Positions in `nodes`, senders before receivers of what is sent. */
  private readonly order: readonly number[];
  private readonly feeds: readonly (readonly number[])[];
  private readonly acts: BoundedMap<string, Promise<ActResult>> = createBoundedMap(REMEMBERED_ACTS);
  private readonly baseCapacities: Float64Array;
  private desired: DesiredPipeline | null = null;
  private serial = 0;
  private ownActs = 0;
  private moving = false;

  constructor(private readonly options: PipelineOptions) {
    const { config, clock, random, telemetry, scheduler, log } = options;
    this.id = config.id;
    this.layout = layoutOf(config, 0);
    const { nodes, channels, edges } = this.layout;
    this.counters = new CounterStore(nodes.length, channels.length, edges.length);
    const indexes = new Map(nodes.map(({ id, index }) => [id, index]));
    this.runtime = {
      clock,
      hops: telemetry.hops,
      telemetry,
      counters: this.counters,
      loop: new RunLoop(scheduler),
      delayedAfterNs: config.delayedAfterMs * NANOS_PER_MS,
      log,
      nodeIndex: (id) => indexes.get(id) ?? -1,
      nextSerial: () => ++this.serial,
      changed: () => this.changed(),
    };
    const seeds = nodes.map(() => random.nextUint32());
    this.nodes = buildNodes(config, this.layout, this.runtime, seeds);
    this.baseCapacities = this.counters.capacity.slice();
    const owners = new Map(channels.map(({ index, node }) => [index, node]));
    const graph = edges.map(({ from, channel }) => ({ from, to: owners.get(channel) ?? -1 }));
    this.order = topologicalOrder(nodes.length, graph) ?? [];
    this.feeds = this.order.map((node) =>
      graph.filter(({ to }) => to === node).map(({ from }) => this.order.indexOf(from)),
    );
  }

  get revision(): number {
    return this.layout.revision;
  }

  topologyBody(): TopologyBody {
    return topologyBodyOf(this.options.config, this.layout, this.nodes, this.counters.capacity);
  }

  totals(): PipelineTotals {
    return totalsOf(this.counters, this.layout);
  }

  async start(): Promise<Result<void, ConfigProblem[]>> {
    this.changed();
    const started: EngineNode[] = [];
    for (const node of this.inOrder().reverse()) {
      try {
        await node.start();
        started.push(node);
      } catch (error) {
        for (const other of started.reverse()) await this.stopQuietly(other);
        const reason = error instanceof Error ? error.message : String(error);
        return err([{ file: this.options.config.file, line: null, path: `nodes.${node.id}`, reason }]);
      }
    }
    this.state = 'running';
    this.changed();
    return ok(undefined);
  }

  apply(desired: DesiredPipeline): Result<AppliedChange, ConfigProblem[]> {
    const problems = this.unknownTargets(desired);
    const acts = actsFor(desired, this.desired, this.presentNodes(), this.presentChannels());
    for (const act of acts) {
      if (this.acts.has(act.id)) continue;
      for (const { path, reason } of this.check(act))
        problems.push(problem([act.target, path].filter(Boolean).join('.'), reason));
    }
    if (problems.length > 0) return err(problems);
    this.desired = desired;
    const news = acts.filter(({ id }) => !this.acts.has(id));
    const done = Promise.all(news.map((act) => this.act(act)));
    return ok({ acts: news.length, done, refused: done.then((results) => firstRefusal(news, results)) });
  }

  act(act: Act): Promise<ActResult> {
    const known = this.acts.get(act.id);
    if (known) return known;
    const result = new Promise<ActResult>((resolve) => this.perform(act, resolve));
    this.acts.set(act.id, result);
    return result;
  }

  drain(deadlineMs = DEFAULT_DEADLINE_MS): Promise<ActResult> {
    return this.act(this.ownAct('drain', deadlineMs));
  }

  shutdown(reason: string, deadlineMs = DEFAULT_DEADLINE_MS): Promise<ActResult> {
    this.options.log('info', `${this.id}: shutting down (${reason})`);
    return this.act(this.ownAct('shutdown', deadlineMs));
  }

  private ownAct(action: 'drain' | 'shutdown', deadlineMs: number): Act {
    const id = `engine-${++this.ownActs}`;
    return {
      id,
      origin: 'engine',
      revision: this.desired?.revision ?? 0,
      target: 'pipeline',
      action,
      deadlineMs,
    };
  }

  private perform(act: Act, done: (result: ActResult) => void): void {
    const node = this.nodes.find(({ id }) => id === act.target);
    const channel = this.layout.channels.find(({ id }) => id === act.target);
    const owner = node ?? (channel ? this.nodes[channel.node] : undefined);
    const target: ActTarget = {
      id: act.target,
      node: owner?.index ?? -1,
      affected: (rows, limit) => owner?.affected(rows, limit) ?? this.affected(rows, limit),
    };
    const order = new ActOrder(this.runtime, act, target, this.messageOf(act), done);
    const [wrong] = this.check(act);
    if (wrong) {
      order.report('failed', wrong.path === '' ? wrong.reason : `${wrong.path}: ${wrong.reason}`);
    } else if (node) {
      node.order(order);
    } else if (channel) {
      order.begin();
      this.resize(channel.index, act.change?.capacity);
      order.report('applied', '');
    } else if (act.action === 'restart') {
      void this.restart(order, act);
    } else {
      this.run(act.action === 'drain' ? 'drain' : 'shutdown', order, act);
    }
  }

  private messageOf(act: Act): CommandMessage {
    const { id, origin, revision, action, change } = act;
    const deadlineNs = this.runtime.clock.nowNs() + (act.deadlineMs ?? DEFAULT_DEADLINE_MS) * NANOS_PER_MS;
    switch (action) {
      case 'config_update':
        return { kind: 'config_update', change: change ?? {}, id, origin, revision };
      case 'restart':
        return { kind: 'restart', deadlineNs, id, origin, revision };
      case 'drain':
        return { kind: 'drain', deadlineNs, id, origin, revision };
      case 'shutdown':
        return { kind: 'shutdown', deadlineNs, reason: 'ordered', id, origin, revision };
    }
  }

  /** The body is told before the channel grows, so that telemetry knows of every slot before it is used. */
  private resize(index: number, capacity: number | undefined): void {
    if (capacity === undefined || capacity === this.counters.capacity[index]) return;
    this.counters.capacity[index] = capacity;
    this.changed();
    for (const node of this.nodes) {
      if (node.control.index === index) node.control.resize(capacity);
      if (node instanceof WorkerNode && node.input.index === index) node.input.resize(capacity);
    }
  }

  /** Drain or shutdown of the whole. */
  private run(kind: 'drain' | 'shutdown', order: ActOrder, act: Act): void {
    order.begin();
    if (this.moving) {
      order.report('coalesced', 'the pipeline is draining already');
      return;
    }
    const end = async (forced: boolean, lost: string) => {
      if (kind === 'shutdown') for (const node of this.inOrder()) await this.stopQuietly(node, forced);
      for (const node of this.nodes)
        node.settleAs(kind === 'drain' && node.state !== 'stopped' ? 'drained' : 'stopped');
      this.state = kind === 'drain' ? 'drained' : 'stopped';
      this.moving = false;
      this.changed();
      order.report(forced ? 'forced' : 'applied', lost);
    };
    if (this.state === 'stopped') {
      order.report('applied', 'it was stopped');
      return;
    }
    this.moving = true;
    this.state = 'draining';
    const deadlineMs = act.deadlineMs ?? DEFAULT_DEADLINE_MS;
    const drain = new PipelineDrain(this.runtime, this.inOrder(), this.feeds, kind, deadlineMs, (result) => {
      const { forced, items, batches } = result;
      void end(forced, items + batches > 0 ? `lost ${items} items in ${batches} batches` : '');
    });
    drain.start(kind, this.runtime.clock.nowNs() + deadlineMs * NANOS_PER_MS);
  }

  private async restart(order: ActOrder, act: Act): Promise<void> {
    order.begin();
    if (this.moving) return order.report('failed', 'the pipeline is draining');
    if (this.state !== 'stopped') {
      await this.act({ ...act, id: `${act.id}/shutdown`, origin: 'engine', action: 'shutdown' });
    }
    const started = await this.start();
    if (started.ok) order.report('applied', '');
    else order.report('failed', started.error.map(({ path, reason }) => `${path}: ${reason}`).join('; '));
  }

  private async stopQuietly(node: EngineNode, forced = false): Promise<void> {
    try {
      await node.stopInstance(forced);
    } catch (error) {
      this.options.log('error', `${node.id}: ${error instanceof Error ? error.message : String(error)}`);
    }
    node.settleAs('stopped');
  }

  private changed(): void {
    this.layout = { ...this.layout, revision: this.layout.revision + 1 };
    this.options.telemetry.layoutChanged(this.layout, this.counters, this.topologyBody());
  }

  private inOrder(): EngineNode[] {
    return this.order.flatMap((at) => this.nodes[at] ?? []);
  }

  private affected(rows: number[], limit: number): number {
    return this.nodes.reduce((sum, node) => sum + node.affected(rows, limit), 0);
  }

  private check(act: Act) {
    return checkAct(
      act,
      this.options.config.nodes,
      this.layout.channels.map(({ id }) => id),
    );
  }

  private unknownTargets(desired: DesiredPipeline): ConfigProblem[] {
    const nodes = new Set(this.nodes.map(({ id }) => id));
    const channels = new Set(this.layout.channels.map(({ id }) => id));
    return [
      ...Object.keys(desired.nodes)
        .filter((id) => !nodes.has(id))
        .map((id) => problem(`nodes.${id}`, 'there is no such node')),
      ...Object.keys(desired.channels)
        .filter((id) => !channels.has(id))
        .map((id) => problem(`channels.${id}`, 'there is no such channel')),
    ];
  }

  private presentNodes(): readonly PresentNode[] {
    return this.nodes.map(({ id, config, rawConfig, concurrency, faults }) => ({
      id,
      base: { config: config.rawConfig, concurrency: config.concurrency, faults: config.faults },
      now: { config: rawConfig, concurrency, faults: faults.config },
    }));
  }

  private presentChannels(): readonly PresentChannel[] {
    return this.layout.channels.map(({ id, index }) => ({
      id,
      base: this.baseCapacities[index] ?? 0,
      now: this.counters.capacity[index] ?? 0,
    }));
  }
}

function problem(path: string, reason: string): ConfigProblem {
  return { file: 'weir.json', line: null, path, reason };
}

function firstRefusal(acts: readonly Act[], results: readonly ActResult[]): string | null {
  const at = results.findIndex(
    ({ outcome }, index) => outcome === 'failed' && acts[index]?.action === 'config_update',
  );
  return at < 0 ? null : `${acts[at]?.target}: ${results[at]?.message}`;
}
