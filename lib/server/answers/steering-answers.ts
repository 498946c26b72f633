/** Answers about what is wished of engines: tracing settings, control actions, configurations. */
import type { z } from 'zod';
import type { ConfigPatch, ControlActionsAnswer, ControlRequest } from '@/lib/api/control';
import type { TracingSettings, TracingSettingsAnswer, WhatIfAnswer } from '@/lib/api/settings';
import { err, ok, type Result } from '@/lib/base/result';
import { capacityPatch, nodePatch } from '@/lib/dialects/otap-steering';
import type { EngineId } from '@/lib/model/engine';
import type { TailSamplingConfig } from '@/lib/sampling/config';
import { type ConfigAnswer, configAnswer } from '../agents/effective-config';
import { type Answer, refused } from '../http/answer';
import type { rangeQuery } from '../http/parameters';
import type { Hub } from '../hub';
import { PIPELINE_TARGET } from '../steering/desired-changes';
import type { IssuedAct } from '../steering/pending-acts';
import type { StateOrder, StateRefusal } from '../steering/state-steering';
import { mergedTrail } from '../steering/trail';
import { engineOf } from './topology-answers';

/** An engine that has reported; 404 where there is none. */
function knownEngine(hub: Hub, engine: string | undefined): Answer<EngineId> {
  const id = engineOf(hub, engine);
  if (!id.ok) return id;
  return id.value === null ? refused(404, 'not_found', 'No engine has reported yet.') : ok(id.value);
}

/** An engine that can be told something now, in the way that is asked for. */
function steerableEngine(
  hub: Hub,
  engine: string | undefined,
  ...kinds: readonly ('actions' | 'state')[]
): Answer<EngineId> {
  const id = knownEngine(hub, engine);
  if (!id.ok) return id;
  const control = hub.directory.controlOf(id.value);
  if (control.kind === 'none')
    return refused(409, 'takes_no_config', `${id.value} cannot be changed from here: ${control.why}.`);
  if (!kinds.includes(control.kind)) {
    const how = control.kind === 'state' ? 'takes its whole configuration' : 'is changed by control actions';
    return refused(409, 'takes_no_config', `${id.value} ${how}: this is nothing that it can be told.`);
  }
  return hub.directory.isAgentConnected(id.value) ? id : notConnected(id.value);
}

function notConnected(engine: EngineId): Answer<never> {
  return refused(409, 'not_connected', `${engine} is not connected.`);
}

export function tracingSettings(hub: Hub, engine: EngineId): TracingSettingsAnswer {
  const { state } = hub.steering.stateOf(engine);
  return { engine, revision: state.revision, ...state.tracing };
}

export function tracingSettingsFor(hub: Hub, engine: string | undefined): Answer<TracingSettingsAnswer> {
  const id = knownEngine(hub, engine);
  return id.ok ? ok(tracingSettings(hub, id.value)) : id;
}

export function putTracingSettings(
  hub: Hub,
  engine: string | undefined,
  settings: TracingSettings,
): Answer<{ readonly revision: number }> {
  const id = steerableEngine(hub, engine, 'actions');
  return id.ok ? ok({ revision: hub.steering.setTracing(id.value, settings) }) : id;
}

export async function whatIfFor(
  hub: Hub,
  engine: string | undefined,
  tailSampling: TailSamplingConfig,
): Promise<Answer<WhatIfAnswer>> {
  const id = knownEngine(hub, engine);
  return id.ok ? ok(await hub.analysis.whatIf(id.value, tailSampling)) : id;
}

export function controlActionsFor(hub: Hub, query: z.infer<typeof rangeQuery>): Answer<ControlActionsAnswer> {
  const engine = query.engine ? engineOf(hub, query.engine) : ok(null);
  if (!engine.ok) return engine;
  return ok(
    mergedTrail(hub, {
      engine: engine.value,
      fromUnixNano: query.from ?? 0n,
      toUnixNano: query.to ?? hub.now(),
      limit: query.limit,
    }),
  );
}

export function postControlAction(hub: Hub, request: ControlRequest): Answer<{ readonly id: string }> {
  const engine = steerableEngine(hub, request.engine, 'actions', 'state');
  if (!engine.ok) return engine;
  if (hub.directory.controlOf(engine.value).kind === 'state')
    return idOf(orderState(hub, engine.value, request, request.base ?? null, targetPatch(request)));
  const running = hub.analysis.runningConfig(engine.value, request.target);
  const issued = hub.steering.order(request, engine.value, running);
  return issued.ok ? ok({ id: issued.value.id }) : refused(400, 'bad_request', issued.error);
}

export function undoControlAction(hub: Hub, id: string): Answer<{ readonly id: string }> {
  const act = hub.steering.acts.get(id);
  if (!act) return refused(404, 'not_found', `No action ${id.slice(0, 64)} was ordered here.`);
  const engine = steerableEngine(hub, act.engine, 'actions', 'state');
  if (!engine.ok) return engine;
  if (hub.steering.state.canUndo(id)) {
    const agent = hub.directory.agentOf(engine.value);
    return agent ? idOf(stateAnswer(hub.steering.state.undo(act, agent))) : notConnected(engine.value);
  }
  const issued = hub.steering.undo(id);
  return issued.ok ? ok({ id: issued.value.id }) : refused(409, 'not_undoable', issued.error);
}

export function configFor(hub: Hub, engine: string): Answer<ConfigAnswer> {
  const id = knownEngine(hub, engine);
  if (!id.ok) return id;
  const agent = hub.directory.agentOf(id.value);
  if (!agent?.files || agent.configHash === null) {
    const why = agent?.configProblem ?? 'it has not reported one';
    return refused(404, 'not_reported', `No effective configuration of ${id.value} can be shown: ${why}.`);
  }
  return ok(configAnswer(agent.files, agent.configHash));
}

export function putConfig(
  hub: Hub,
  engine: string,
  { base, patch }: ConfigPatch,
): Answer<{ readonly id: string; readonly revision: number }> {
  const id = steerableEngine(hub, engine, 'state');
  if (!id.ok) return id;
  const request: ControlRequest = { engine, target: PIPELINE_TARGET, action: 'config_update' };
  return orderState(hub, id.value, request, base, () => ok(patch));
}

function orderState(
  hub: Hub,
  engine: EngineId,
  request: ControlRequest,
  base: string | null,
  patch: StateOrder['patch'],
): Answer<{ readonly id: string; readonly revision: number }> {
  const agent = hub.directory.agentOf(engine);
  if (!agent) return notConnected(engine);
  return stateAnswer(hub.steering.state.order({ engine, agent, request, base, patch }));
}

/** What an action on a node or a channel means for the whole configuration. */
function targetPatch({
  target,
  action,
  config,
  capacity,
  concurrency,
  faults,
}: ControlRequest): StateOrder['patch'] {
  return (whole) => {
    if (action !== 'config_update') return err(`it can be told its configuration only, not to ${action}`);
    if (concurrency !== undefined || faults !== undefined)
      return err('it has no concurrency and no faults to set');
    if (capacity !== undefined) return capacityPatch(whole, target, capacity);
    return config === undefined
      ? err('config_update needs config or capacity')
      : nodePatch(whole, target, config);
  };
}

function stateAnswer(
  issued: Result<IssuedAct, StateRefusal>,
): Answer<{ readonly id: string; readonly revision: number }> {
  if (issued.ok) return ok({ id: issued.value.id, revision: issued.value.revision });
  const { code, message } = issued.error;
  const isAsked = code === 'bad_request' || code === 'nothing_to_change';
  return refused(isAsked ? 400 : 409, code, `Nothing was sent: ${message}.`);
}

function idOf(answer: Answer<{ readonly id: string }>): Answer<{ readonly id: string }> {
  return answer.ok ? ok({ id: answer.value.id }) : answer;
}
