/** Answers about what is wished of engines: tracing settings, control actions, configurations. */
import type { z } from 'zod';
import type { ControlActionsAnswer, ControlRequest } from '@/lib/api/control';
import type { TracingSettings, TracingSettingsAnswer, WhatIfAnswer } from '@/lib/api/settings';
import { ok } from '@/lib/base/result';
import type { EngineId } from '@/lib/model/engine';
import type { TailSamplingConfig } from '@/lib/sampling/config';
import { type ConfigAnswer, configAnswer } from '../agents/effective-config';
import { type Answer, refused } from '../http/answer';
import type { rangeQuery } from '../http/parameters';
import type { Hub } from '../hub';
import { mergedTrail } from '../steering/trail';
import { engineOf } from './topology-answers';

/** An engine that has reported; 404 where there is none. */
function knownEngine(hub: Hub, engine: string | undefined): Answer<EngineId> {
  const id = engineOf(hub, engine);
  if (!id.ok) return id;
  return id.value === null ? refused(404, 'not_found', 'No engine has reported yet.') : ok(id.value);
}

/** An engine that can be told something now. */
function steerableEngine(hub: Hub, engine: string | undefined): Answer<EngineId> {
  const id = knownEngine(hub, engine);
  if (!id.ok) return id;
  if (!hub.directory.takesConfig(id.value))
    return refused(409, 'takes_no_config', `${id.value} has no agent that takes configuration from here.`);
  if (!hub.directory.isAgentConnected(id.value))
    return refused(409, 'not_connected', `${id.value} is not connected.`);
  return id;
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
  const id = steerableEngine(hub, engine);
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
  const engine = steerableEngine(hub, request.engine);
  if (!engine.ok) return engine;
  const running = hub.analysis.runningConfig(engine.value, request.target);
  const issued = hub.steering.order(request, engine.value, running);
  return issued.ok ? ok({ id: issued.value.id }) : refused(400, 'bad_request', issued.error);
}

export function undoControlAction(hub: Hub, id: string): Answer<{ readonly id: string }> {
  const act = hub.steering.acts.get(id);
  if (!act) return refused(404, 'not_found', `No action ${id.slice(0, 64)} was ordered here.`);
  const engine = steerableEngine(hub, act.engine);
  if (!engine.ok) return engine;
  const issued = hub.steering.undo(id);
  return issued.ok ? ok({ id: issued.value.id }) : refused(409, 'not_undoable', issued.error);
}

export function configFor(hub: Hub, engine: string): Answer<ConfigAnswer> {
  const id = knownEngine(hub, engine);
  if (!id.ok) return id;
  const agent = hub.directory.agentOf(id.value);
  if (!agent?.files || agent.configHash === null)
    return refused(404, 'not_reported', `${id.value} has not reported an effective configuration.`);
  return ok(configAnswer(agent.files, agent.configHash));
}

export function putConfig(hub: Hub, engine: string): Answer<never> {
  const id = knownEngine(hub, engine);
  if (!id.ok) return id;
  return refused(
    409,
    'takes_no_config',
    `${id.value} takes no whole configuration from here: change its nodes by control actions.`,
  );
}
