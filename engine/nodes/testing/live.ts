/** A pipeline on the real clock and real sockets, from YAML, ended by the test. */
import { createNodeTypes } from '@/engine/core/node-types';
import { NOOP_TELEMETRY } from '@/engine/core/noop-telemetry';
import { createPipeline } from '@/engine/core/pipeline';
import { formatProblem, type Pipeline } from '@/engine/core/pipeline-api';
import { parsePipeline } from '@/engine/core/pipeline-yaml';
import { createImmediateScheduler } from '@/engine/core/scheduler';
import { createRandom } from '@/lib/base/random';
import { createSystemClock } from '@/lib/base/system-clock';
import { ALL_NODES } from '../all-nodes';

export interface Live {
  readonly pipeline: Pipeline;
  /** Of the receiver that listens on any free port. */
  readonly port: number;
}

export async function startLive(yaml: string): Promise<Live> {
  const config = parsePipeline(yaml, { file: 'test.yaml', nodeTypes: createNodeTypes(ALL_NODES) });
  if (!config.ok) throw new Error(config.error.map(formatProblem).join('\n'));
  let port = 0;
  const pipeline = createPipeline({
    config: config.value,
    clock: createSystemClock(),
    random: createRandom(1),
    telemetry: NOOP_TELEMETRY,
    scheduler: createImmediateScheduler(),
    log(_level, message) {
      const listening = /http:\/\/127\.0\.0\.1:(\d+)/.exec(message);
      if (listening) port = Number(listening[1]);
    },
  });
  const started = await pipeline.start();
  if (!started.ok) throw new Error(started.error.map(formatProblem).join('\n'));
  return { pipeline, port };
}
