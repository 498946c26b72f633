/** One run of a pipeline: its figures second by second, and what the real diagnosis says of what the engine tells. */
import type { Finding } from '@/lib/api/topology';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import type { ActionSeen } from '@/lib/diagnosis/actions';
import { createDiagnosis } from '@/lib/diagnosis/diagnosis';
import { TOLD_MEASURES } from '@/lib/dialects/told-measures';
import { createSeriesStore } from '@/lib/store/series/series-store';
import { createTopologyModel } from '@/lib/topology/topology-model';
import { createTeller, nanosAt } from './facts-of';
import { type Fault, inject, type Said } from './faults';
import type { EngineStyle, PipelineSpec } from './pipeline-spec';
import { type Simulation, simulate } from './queue-simulation';
import type { Node } from './queue-state';
import { sum } from './tally';

const ENGINE = 'simulated';
const BUDGET = 1 << 30;
/** Seconds that a restarted node, or engine, is away. */
const NODE_AWAY = 1.5;
const ENGINE_AWAY = 4;
const LEARNS_EVERY = 5;

export interface ControlInRun {
  readonly id: string;
  readonly at: number;
  readonly action: 'restart' | 'config_update';
  /** A node, or `pipeline`. */
  readonly target: string;
}

export interface Plan {
  readonly spec: PipelineSpec;
  readonly seconds: number;
  readonly faults: readonly Fault[];
  readonly control: readonly ControlInRun[];
  /**
   * From this second on it is judged each second; before, diagnosis looks once in five and learns what is usual. Null
   * for a run that tells figures only.
   */
  readonly judgedFrom: number | null;
}

export interface Run {
  /** By second (the first is 1 and stands at 0): one figure after the other, NaN where there was none. */
  readonly figures: readonly Float64Array[];
  /** Items lost by then, by second. */
  readonly lost: readonly number[];
  /** Items that each exporter delivered in all, and item-seconds spent inside, after the faults began. */
  readonly delivered: ReadonlyMap<string, number>;
  readonly itemSeconds: number;
  readonly said: readonly (readonly Said[])[];
}

export function runPlan(plan: Plan): Run {
  const { spec, seconds, faults, control, judgedFrom } = plan;
  const sim = simulate(spec);
  for (const fault of faults) inject(sim, fault);
  const away = restarts(sim, control);
  const begins = Math.min(...faults.map(({ at }) => at), seconds);
  const judge = judgedFrom === null ? null : createJudge(spec, control, judgedFrom);
  const figures: Float64Array[] = [];
  const lost: number[] = [];
  const said: Said[][] = [];
  const delivered = new Map<string, number>();
  let itemSeconds = 0;
  let gone = 0;
  for (let second = 1; second <= seconds; second++) {
    sim.second(second);
    for (const node of sim.nodes.values()) {
      const { tally } = node;
      gone += tally.dropped > 0 || tally.vanished > 0 ? Math.max(tally.dropped, tally.vanished) : 0;
      if (second <= begins || node.spec.role !== 'export') continue;
      delivered.set(node.spec.id, (delivered.get(node.spec.id) ?? 0) + tally.delivered);
    }
    if (second > begins) itemSeconds += sim.inside();
    lost.push(gone);
    figures.push(figuresOf(sim, spec.style));
    said.push(judge ? judge(sim, second, away(second)) : []);
  }
  return { figures, lost, delivered, itemSeconds, said };
}

/** Tells whether the engine was away at the end of a second. */
function restarts(sim: Simulation, control: readonly ControlInRun[]): (second: number) => boolean {
  const engine = control.find(({ action, target }) => action === 'restart' && target === 'pipeline');
  for (const { action, target, at } of control) {
    const node = sim.nodes.get(target);
    if (action !== 'restart' || !node) continue;
    sim.at(at, () => {
      node.faults.down = true;
    });
    sim.at(at + NODE_AWAY, () => {
      node.faults.down = false;
      sim.wake(node);
    });
  }
  if (!engine) return () => false;
  // It drains first: ingress stops, and what is inside goes out.
  sim.at(engine.at - 1, () => {
    for (const source of sim.sources) source.stopped = true;
  });
  sim.at(engine.at, () => sim.empty());
  sim.at(engine.at + ENGINE_AWAY, () => {
    for (const source of sim.sources) {
      source.stopped = false;
      sim.wake(source.node);
    }
  });
  return (second) => second > engine.at && second <= engine.at + ENGINE_AWAY;
}

function createJudge(spec: PipelineSpec, control: readonly ControlInRun[], judgedFrom: number) {
  const clock = createVirtualClock(nanosAt(0));
  const store = createSeriesStore({ budgetBytes: BUDGET, clock });
  const diagnosis = createDiagnosis();
  const teller = createTeller(spec);
  const topology = createTopologyModel();
  topology.apply([teller.topology(0, 1)], nanosAt(0));
  const edges = new Map(topology.current?.edges.map((edge) => [edge.id, edge]));
  let wasAway = false;
  const restartedAt: bigint[] = [];
  return (sim: Simulation, second: number, away: boolean): Said[] => {
    clock.advance(1_000);
    if (wasAway && !away) {
      restartedAt.push(nanosAt(second - 1));
      store.restart(ENGINE);
    }
    wasAway = away;
    if (!away) {
      store.tells(ENGINE, TOLD_MEASURES[spec.style]);
      store.add(ENGINE, teller.facts(sim.nodes, second));
    }
    if (second < judgedFrom && second % LEARNS_EVERY !== 0) return [];
    const actions = control
      .filter(({ at }) => at < second)
      .map(
        ({ id, action, target, at }): ActionSeen => ({
          id,
          action,
          target,
          timeNano: nanosAt(at),
          origin: 'operator',
          outcome: 'applied',
        }),
      );
    const findings = diagnosis.step({
      atNano: nanosAt(second),
      version: topology.current,
      reader: store.reader(ENGINE),
      actions,
      restarts: restartedAt,
    });
    return findings.map((finding) => saidOf(finding, edges));
  };
}

function saidOf(
  finding: Finding,
  edges: ReadonlyMap<string, { readonly from: string; readonly to: string }>,
): Said {
  const edge = finding.edge === undefined ? undefined : edges.get(finding.edge);
  return {
    kind: finding.kind,
    node: finding.node ?? null,
    from: edge?.from ?? null,
    to: edge?.to ?? null,
    followed: finding.followed?.action ?? null,
  };
}

/** Everything that the engine tells, as plain numbers. Settings (capacity, workers) are no figures. */
function figuresOf(sim: Simulation, style: EngineStyle): Float64Array {
  const figures: number[] = [];
  for (const node of sim.nodes.values()) {
    figures.push(...nodeFigures(node, style));
    if (node.channel) figures.push(mean(node.channel.tally.depth));
    if (style === 'collector') continue;
    for (const edge of node.edges) {
      figures.push(sum(edge.sent));
      if (style === 'weir') figures.push(edge.blockedSends);
    }
  }
  return Float64Array.from(figures);
}

function nodeFigures({ tally, spec }: Node, style: EngineStyle): number[] {
  const handled = [...tally.succeeded, ...tally.failed];
  const tellsTime = style === 'collector' ? spec.role !== 'export' : true;
  return [
    sum(tally.itemsIn),
    sum(tally.out.items),
    tally.delivered,
    tally.batchesReturned,
    handled.length > 0 && tellsTime && spec.role !== 'source' && spec.role !== 'retry'
      ? mean(handled)
      : Number.NaN,
    ...(style === 'weir' ? [tally.busy, tally.blocked, mean(tally.inHands), tally.reduced] : []),
    ...(style === 'collector' && spec.role === 'export' ? [mean(tally.inFlight), tally.overflow] : []),
  ];
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}
