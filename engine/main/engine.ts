/** Puts the engine together: pipeline, telemetry, management. What can go wrong on the way is one line for people. */

import { createNodeTypes } from '@/engine/core/node-types';
import { createPipeline } from '@/engine/core/pipeline';
import { formatProblem, type Pipeline } from '@/engine/core/pipeline-api';
import { parsePipeline } from '@/engine/core/pipeline-yaml';
import { createImmediateScheduler } from '@/engine/core/scheduler';
import type { EngineTelemetry } from '@/engine/core/telemetry';
import { createAgent } from '@/engine/management/agent';
import { effectiveConfig, redactedBody } from '@/engine/management/effective-config';
import { applyDesiredState, healthOf, type SteerableTracing } from '@/engine/management/managed-pipeline';
import { ALL_NODES } from '@/engine/nodes/all-nodes';
import { createEngineTelemetry, type RunningTelemetry } from '@/engine/telemetry/engine-telemetry';
import { createHttpTransport } from '@/engine/telemetry/transport';
import { createRandom } from '@/lib/base/random';
import { err, ok, type Result } from '@/lib/base/result';
import { createSystemClock } from '@/lib/base/system-clock';
import { INITIAL_DESIRED_STATE } from '@/lib/opamp/remote-config';
import { withScenario } from '@/lib/opamp/scenarios';
import { compilePolicies } from '@/lib/sampling/compile';
import type { EngineArgs } from './args';
import { createIdentity, describe } from './identity';
import { type PipelineText, readDemo, readPipeline } from './pipeline-source';

const DEFAULT_SERVER_URL = 'http://127.0.0.1:4318';
/** Together below the two seconds that a stop may take. */
const DRAIN_MS = 900;
const FLUSH_MS = 300;

type Log = (level: 'info' | 'warn' | 'error', message: string) => void;

export interface EngineOptions {
  readonly args: EngineArgs;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
}

export interface RunningEngine {
  readonly pipeline: Pipeline;
  /** Drains within a deadline and says good-bye; within two seconds in all. */
  stop(reason: string): Promise<void>;
}

export async function startEngine({ args, env, log }: EngineOptions): Promise<Result<RunningEngine, string>> {
  const serverUrl = env.WEIR_URL || DEFAULT_SERVER_URL;
  if (!isHttpUrl(serverUrl)) return err(`WEIR_URL is no http URL: ${serverUrl}`);
  const clock = createSystemClock();
  const random = createRandom(Date.now());
  const source = args.pipeline === null ? await readDemo(random) : await readPipeline(args.pipeline);
  if (!source.ok) return source;
  const config = parsePipeline(source.value.text, {
    file: source.value.file,
    nodeTypes: createNodeTypes(ALL_NODES),
    env: source.value.env,
  });
  if (!config.ok) return failed(source.value, config.error.map(formatProblem).join('\n'));
  const identity = createIdentity(env, Date.now());
  const scheduler = createImmediateScheduler();
  const { identifying, nonIdentifying } = describe(identity, config.value.id);
  const telemetry = createEngineTelemetry({
    resource: { ...identifying, ...nonIdentifying },
    clock,
    seed: random.nextUint32(),
    mode: INITIAL_DESIRED_STATE.tracing.mode,
    tailSampling: INITIAL_DESIRED_STATE.tracing.tailSampling,
    transport: createHttpTransport({ url: serverUrl }),
  });
  const tracing = steerable(telemetry);
  const pipeline = createPipeline({
    config: config.value,
    clock,
    random,
    telemetry: withoutCredentials(telemetry),
    scheduler,
    log,
  });
  const started = await pipeline.start();
  if (!started.ok) return failed(source.value, started.error.map(formatProblem).join('\n'));
  telemetry.start();
  if (args.scenario)
    applyDesiredState(withScenario(INITIAL_DESIRED_STATE, args.scenario), pipeline, tracing, clock);
  const agent = createAgent({
    serverUrl,
    instanceUid: identity.uid,
    clock,
    log,
    engine: {
      identifying,
      nonIdentifying,
      health: () => healthOf(pipeline),
      revision: () => pipeline.revision,
      effectiveConfig: () => effectiveConfig(pipeline.topologyBody()),
      apply: (state) => applyDesiredState(state, pipeline, tracing, clock),
      connected: () => telemetry.announceTopology(),
    },
  });
  log(
    'info',
    `pipeline ${pipeline.id} runs with ${config.value.nodes.length} nodes, reporting to ${serverUrl}`,
  );
  return ok({
    pipeline,
    async stop(reason) {
      await pipeline.shutdown(reason, DRAIN_MS);
      await telemetry.stop(FLUSH_MS);
      await agent.stop();
      await source.value.close();
    },
  });
}

async function failed(source: PipelineText, reason: string): Promise<Result<never, string>> {
  await source.close();
  return err(reason);
}

function steerable(telemetry: RunningTelemetry): SteerableTracing {
  return {
    check({ tailSampling }) {
      try {
        compilePolicies(tailSampling);
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    set: ({ mode, tailSampling }) => telemetry.setTracing(mode, tailSampling),
  };
}

/** Configurations leave the process in the topology event. */
function withoutCredentials(telemetry: RunningTelemetry): EngineTelemetry {
  return {
    hops: telemetry.hops,
    controlAction: (record) => telemetry.controlAction(record),
    layoutChanged: (layout, counters, body) => telemetry.layoutChanged(layout, counters, redactedBody(body)),
  };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
