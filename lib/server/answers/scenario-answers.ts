/** Incidents that can be played on the demo pipeline. */
import { ok } from '@/lib/base/result';
import type { EngineId } from '@/lib/model/engine';
import { findScenario, SCENARIOS, type Scenario } from '@/lib/opamp/scenarios';
import { type Answer, refused } from '../http/answer';
import type { Hub } from '../hub';
import { isPlaying } from '../steering/scenario-state';

export interface ScenariosAnswer {
  /** The engine that they are played on; null where none runs a pipeline that they fit. */
  readonly engine: string | null;
  readonly scenarios: readonly {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly expect: string;
    readonly ends: string;
    readonly active: boolean;
  }[];
}

export function scenariosFor(hub: Hub): Answer<ScenariosAnswer> {
  const engine = SCENARIOS.map((scenario) => stageOf(hub, scenario)).find((id) => id !== null) ?? null;
  const state = engine === null ? null : hub.steering.stateOf(engine).state;
  return ok({
    engine,
    scenarios: SCENARIOS.map((scenario) => ({
      name: scenario.name,
      title: scenario.title,
      description: scenario.description,
      expect: scenario.expect,
      ends: scenario.ends,
      active: state !== null && isPlaying(state, scenario),
    })),
  });
}

export function switchScenario(hub: Hub, name: string, on: boolean): Answer<{ readonly revision: number }> {
  const scenario = findScenario(name);
  if (!scenario) return refused(404, 'not_found', `There is no scenario ${name.slice(0, 64)}.`);
  const engine = stageOf(hub, scenario);
  if (engine === null)
    return refused(409, 'not_connected', 'No connected engine runs the demo pipeline that it is made for.');
  const playing = isPlaying(hub.steering.stateOf(engine).state, scenario);
  if (playing === on) return ok({ revision: hub.steering.stateOf(engine).state.revision });
  const { steering } = hub;
  return ok({ revision: on ? steering.play(engine, scenario) : steering.stop(engine, scenario) });
}

/** A connected engine that can be told, and has every node that the scenario changes. */
function stageOf(hub: Hub, scenario: Scenario): EngineId | null {
  const wanted = Object.keys(scenario.nodes);
  for (const { id } of hub.directory.list()) {
    const engine = id as EngineId;
    if (hub.directory.controlOf(engine).kind !== 'actions' || !hub.directory.isAgentConnected(engine))
      continue;
    const has = new Set(hub.analysis.nodesOf(engine));
    const channels = Object.keys(scenario.channels).map((channel) => channel.replace(/^pdata:/, ''));
    if ([...wanted, ...channels].every((node) => has.has(node))) return engine;
  }
  return null;
}
