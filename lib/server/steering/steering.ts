/** The desired state of every engine: wishes in, offers out, and what became of each. */
import { randomUUID } from 'node:crypto';
import type { ControlRequest } from '@/lib/api/control';
import type { TracingSettings } from '@/lib/api/settings';
import { err, ok, type Result } from '@/lib/base/result';
import type { EngineId } from '@/lib/model/engine';
import type { ControlFact } from '@/lib/model/facts';
import { type Act, type DesiredState, INITIAL_DESIRED_STATE } from '@/lib/opamp/remote-config';
import { type Scenario, withoutScenario, withScenario } from '@/lib/opamp/scenarios';
import { CONTROL_OUTCOMES } from '@/lib/semconv/control';
import { targetBefore, withoutActs, withRequest, withTracing, withUndo } from './desired-changes';
import {
  type AgentRemoteReport,
  afterReport,
  baseOf,
  type DesiredRecord,
  initialRecord,
  wish,
} from './desired-record';
import { type ActLedger, createActLedger, DEFAULT_ACT_DEADLINE_MS, type IssuedAct } from './pending-acts';
import { createStateSteering, type StateSteering } from './state-steering';
import { summarize } from './summarize';

export interface Steering {
  readonly acts: ActLedger;
  /** Of engines that take their whole configuration. */
  readonly state: StateSteering;
  stateOf(engine: EngineId): DesiredRecord;
  /** What its agent should have; null while nothing is wished. */
  offerFor(engine: EngineId): { readonly bytes: Uint8Array; readonly hash: string } | null;
  agentReported(engine: EngineId, report: AgentRemoteReport): void;
  setTracing(engine: EngineId, settings: TracingSettings): number;
  order(
    request: ControlRequest,
    engine: EngineId,
    running: Readonly<Record<string, unknown>> | null,
  ): Result<IssuedAct, string>;
  undo(id: string): Result<IssuedAct, string>;
  /** Lays a scenario over the desired state, or takes it back; gives the revision. */
  play(engine: EngineId, scenario: Scenario): number;
  stop(engine: EngineId, scenario: Scenario): number;
  /** A `dataflow.control` record of the engine: the act it belongs to is carried no longer. */
  outcomeReported(engine: EngineId, fact: Pick<ControlFact, 'id' | 'outcome' | 'message'>): void;
  /** Ends acts that are past their deadline. */
  expire(): void;
}

export function createSteering(deps: {
  readonly nowMs: () => number;
  readonly nowUnixNano: () => bigint;
  /** A wish changed: the agent of that engine is to be told. */
  readonly onWish: (engine: EngineId) => void;
  /** A change of a whole configuration has its outcome, which no telemetry of the engine will tell. */
  readonly onStateSettled: (act: IssuedAct) => void;
}): Steering {
  const { nowMs, nowUnixNano, onWish, onStateSettled } = deps;
  /** One for each engine that is a member, which bounds it. */
  const records = new Map<EngineId, DesiredRecord>();
  const acts = createActLedger();
  /** What a scenario was laid over, by engine and name; at most as many as there are scenarios. */
  const beforeScenario = new Map<string, DesiredState>();

  const stateOf = (engine: EngineId) => records.get(engine) ?? initialRecord();
  const change = (engine: EngineId, state: DesiredState) => {
    records.set(engine, wish(stateOf(engine), state));
    onWish(engine);
  };
  const drop = (engine: EngineId, ids: ReadonlySet<string>) => {
    const record = records.get(engine);
    if (!record) return;
    const state = withoutActs(record.state, ids);
    // The engine keeps acts apart by id, so a shorter list is not worth another offer: it goes with the next wish.
    if (state !== record.state)
      records.set(engine, { ...record, state, applied: withoutActs(record.applied, ids) });
  };
  const failPending = (engine: EngineId, revision: number, error: string) => {
    for (const act of acts.pending(engine)) {
      if (act.revision > revision) continue;
      act.outcome = 'failed';
      act.message = error;
      drop(engine, new Set([act.id]));
    }
  };
  const issue = (
    request: ControlRequest,
    engine: EngineId,
    id: string,
    revision: number,
    rest: Pick<IssuedAct, 'summary' | 'before'>,
  ): IssuedAct => {
    const act: IssuedAct = {
      id,
      engine,
      request,
      issuedAtUnixNano: nowUnixNano(),
      issuedMs: nowMs(),
      deadlineMs: request.deadlineMs ?? DEFAULT_ACT_DEADLINE_MS,
      revision,
      outcome: 'pending',
      message: '',
      ...rest,
    };
    acts.add(act);
    return act;
  };
  /** A scenario's change as one revision, with an act for everything that it changes, so that the trail shows it. */
  const lay = (
    engine: EngineId,
    base: DesiredState,
    state: DesiredState,
    scenario: Scenario,
    acts: Scenario['acts'],
  ): number => {
    const revision = base.revision + 1;
    const nodes = Object.entries(scenario.nodes).filter(
      ([, { state: _, ...rest }]) => Object.keys(rest).length > 0,
    );
    const changed = [...nodes.map(([id]) => id), ...Object.keys(scenario.channels)];
    const updates = changed.map((target) => ({ target, action: 'config_update' as const }));
    const issued = [...updates, ...acts].map((wanted) => {
      const request: ControlRequest = { engine, ...wanted };
      const act = newAct(request);
      const before = targetBefore(base, wanted.target);
      issue(request, engine, act.id, revision, { summary: `scenario: ${scenario.title}`, before });
      return act;
    });
    change(engine, { ...state, revision, actions: [...base.actions, ...issued] });
    return revision;
  };
  const newAct = (request: ControlRequest): Act => ({
    id: randomUUID(),
    target: request.target,
    action: request.action,
    issuedAtUnixNano: String(nowUnixNano()),
    ...(request.deadlineMs === undefined ? {} : { deadlineMs: request.deadlineMs }),
  });

  const state = createStateSteering({
    issue: (request, engine, revision, summary) =>
      issue(request, engine, randomUUID(), revision, { summary, before: { node: null, capacity: null } }),
    onWish,
    onSettled: onStateSettled,
  });

  return {
    acts,
    state,
    stateOf,
    offerFor(engine) {
      const record = records.get(engine);
      // A refused state is not offered again: it would be refused again.
      return record?.offered && record.status !== 'failed'
        ? { bytes: record.bytes, hash: record.hash }
        : null;
    },
    agentReported(engine, report) {
      const before = stateOf(engine);
      const after = afterReport(before, report);
      if (after === before) return;
      records.set(engine, after);
      if (after.status === 'failed' && before.status !== 'failed') {
        failPending(engine, after.state.revision, after.error);
      }
    },
    setTracing(engine, settings) {
      const state = withTracing(baseOf(stateOf(engine)), settings);
      change(engine, state);
      return state.revision;
    },
    order(request, engine, running) {
      const base = baseOf(stateOf(engine));
      const act = newAct(request);
      const state = withRequest(base, request, act);
      if (!state.ok) return state;
      const before = targetBefore(base, request.target);
      const issued = issue(request, engine, act.id, state.value.revision, {
        summary: summarize(request, before, running),
        before,
      });
      change(engine, state.value);
      return ok(issued);
    },
    undo(id) {
      const done = acts.get(id);
      if (!done) return err('it was not ordered here, or too long ago');
      if (done.outcome === 'failed') return err('it failed, so there is nothing to undo');
      const base = baseOf(stateOf(done.engine));
      const request: ControlRequest = {
        engine: done.engine,
        target: done.request.target,
        action: done.request.action === 'config_update' ? 'config_update' : 'restart',
      };
      const act = newAct(request);
      const state = withUndo(base, done.request.target, done.before, act);
      const issued = issue(request, done.engine, act.id, state.revision, {
        summary: `undo: ${done.summary}`,
        before: targetBefore(base, done.request.target),
      });
      change(done.engine, state);
      return ok(issued);
    },
    play(engine, scenario) {
      const base = baseOf(stateOf(engine));
      beforeScenario.set(`${engine}\0${scenario.name}`, base);
      return lay(engine, base, withScenario(base, scenario), scenario, scenario.acts);
    },
    stop(engine, scenario) {
      const key = `${engine}\0${scenario.name}`;
      const base = baseOf(stateOf(engine));
      const state = withoutScenario(base, scenario, beforeScenario.get(key) ?? INITIAL_DESIRED_STATE);
      beforeScenario.delete(key);
      const rested = Object.entries(scenario.nodes).filter(([, node]) => node.state !== undefined);
      const restarts = rested.map(([target]) => ({ target, action: 'restart' as const }));
      return lay(engine, base, state, scenario, restarts);
    },
    outcomeReported(engine, { id, outcome: told, message }) {
      const outcome = CONTROL_OUTCOMES.find((known) => known === told) ?? 'applied';
      const act = acts.get(id);
      if (act && act.outcome === 'pending') {
        act.outcome = outcome;
        act.message = message;
      }
      drop(engine, new Set([id]));
    },
    expire() {
      const late = acts.expire(nowMs());
      for (const act of late) drop(act.engine, new Set([act.id]));
      state.expire();
    },
  };
}
