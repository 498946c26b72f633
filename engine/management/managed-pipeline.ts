/** A pipeline and its tracing as one thing that can be steered: everything is checked before anything changes. */
import { formatProblem, type Pipeline } from '@/engine/core/pipeline-api';
import type { Clock } from '@/lib/base/clock';
import { err, ok, type Result } from '@/lib/base/result';
import type { DesiredState } from '@/lib/opamp/remote-config';
import type { AgentHealth, LateRefusal } from './agent';
import { desiredPipeline } from './desired-pipeline';

/** What steering needs of telemetry. */
export interface SteerableTracing {
  /** Why the settings cannot be used; `null` where they can. */
  check(tracing: DesiredState['tracing']): string | null;
  set(tracing: DesiredState['tracing']): void;
}

const MAX_PROBLEMS_TOLD = 3;

export function applyDesiredState(
  state: DesiredState,
  pipeline: Pipeline,
  tracing: SteerableTracing,
  clock: Clock,
): Result<LateRefusal, string> {
  const wrong = tracing.check(state.tracing);
  if (wrong !== null) return err(`tracing: ${wrong}`);
  const nowUnixNano = clock.epoch + BigInt(Math.round(clock.nowNs()));
  const applied = pipeline.apply(desiredPipeline(state, nowUnixNano));
  if (!applied.ok) {
    const told = applied.error.slice(0, MAX_PROBLEMS_TOLD).map(formatProblem);
    const more = applied.error.length - told.length;
    return err(`${told.join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
  }
  tracing.set(state.tracing);
  return ok(applied.value.refused);
}

export function healthOf(pipeline: Pipeline): AgentHealth {
  const { nodes } = pipeline.topologyBody();
  return {
    healthy: pipeline.state === 'running',
    status: pipeline.state,
    lastError: '',
    components: Object.fromEntries(
      nodes.map(({ id, state }) => [id, { healthy: state === 'running', status: state }]),
    ),
  };
}
