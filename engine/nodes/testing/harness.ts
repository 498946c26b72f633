/**
 * Real pipelines in virtual time, with a door that the test admits through (`receiver:door`) and destinations whose
 * answers it decides (`exporter:shelf`). Everything else is the engine's own.
 */
import { z } from 'zod';
import type { Hop, NodeType, ReceiverHandle } from '@/engine/core/node';
import { createNodeTypes } from '@/engine/core/node-types';
import { NOOP_TELEMETRY } from '@/engine/core/noop-telemetry';
import type { OtlpData, Payload } from '@/engine/core/payload';
import type { Outcome } from '@/engine/core/pdata';
import { createPipeline } from '@/engine/core/pipeline';
import { formatProblem, type Pipeline } from '@/engine/core/pipeline-api';
import { parsePipeline } from '@/engine/core/pipeline-yaml';
import { createVirtualScheduler } from '@/engine/core/scheduler';
import type { EngineTelemetry } from '@/engine/core/telemetry';
import { createRandom } from '@/lib/base/random';
import { createVirtualClock, type VirtualClock } from '@/lib/base/virtual-clock';
import type { Signal } from '@/lib/semconv/signals';
import { ALL_NODES } from '../all-nodes';
import { countPayload } from '../count-payload';
import { defineExporter, defineReceiver } from '../define';

export interface Arrival {
  readonly node: string;
  readonly signal: Signal;
  readonly items: number;
  readonly payload: Payload;
  readonly atMs: number;
}

/** What a shelf does with a batch; takes it where it says nothing. */
export type Answer = 'take' | 'refuse' | 'refuse for good';

export interface Harness {
  readonly pipeline: Pipeline;
  readonly clock: VirtualClock;
  readonly arrivals: Arrival[];
  readonly messages: string[];
  /** Answers of the shelves, first come first served; `take` when there are no more. */
  readonly answers: Answer[];
  admit(payload: Payload, signal?: Signal): Promise<Outcome>;
  settle(): Promise<void>;
  pass(ms: number): Promise<void>;
  /** Items of all arrivals at a node. */
  arrived(node: string): number;
}

export async function startPipeline(
  yaml: string,
  seed = 1,
  telemetryOf: (clock: VirtualClock) => EngineTelemetry = () => NOOP_TELEMETRY,
): Promise<Harness> {
  const clock = createVirtualClock();
  const scheduler = createVirtualScheduler();
  const arrivals: Arrival[] = [];
  const answers: Answer[] = [];
  const messages: string[] = [];
  const doors: ReceiverHandle[] = [];
  const shelf = (node: string, hop: Hop): void => {
    const { signal, items, payload } = hop.pdata;
    const answer = answers.shift() ?? 'take';
    if (answer !== 'take') {
      hop.nack(answer, { permanent: answer === 'refuse for good' });
      return;
    }
    arrivals.push({ node, signal, items, payload, atMs: clock.nowNs() / 1e6 });
    hop.deliver();
  };
  const types = createNodeTypes([...ALL_NODES, door(doors), shelfType(shelf)]);
  const config = parsePipeline(yaml, { file: 'test.yaml', nodeTypes: types });
  if (!config.ok) throw new Error(config.error.map(formatProblem).join('\n'));
  const pipeline = createPipeline({
    config: config.value,
    clock,
    random: createRandom(seed),
    telemetry: telemetryOf(clock),
    scheduler,
    log: (_level, message) => messages.push(message),
  });
  const settle = async () => {
    do {
      await promisesSettled();
      while (scheduler.runOne()) await promisesSettled();
    } while (scheduler.pending > 0);
  };
  const started = await pipeline.start();
  if (!started.ok) throw new Error(started.error.map(formatProblem).join('\n'));
  await settle();
  return {
    pipeline,
    clock,
    arrivals,
    messages,
    answers,
    admit(payload, signal = payload.signal) {
      const [handle] = doors;
      if (!handle) throw new Error('the pipeline has no door');
      return handle.admit({
        signal,
        payload,
        items: countPayload(payload),
        port: 'default',
        source: 'received',
      });
    },
    settle,
    async pass(ms) {
      await settle();
      let due = false;
      clock.setTimer(() => {
        due = true;
      }, ms + 1e-6);
      while (!due && clock.step()) await settle();
    },
    arrived: (node) => arrivals.filter((one) => one.node === node).reduce((sum, one) => sum + one.items, 0),
  };
}

function door(doors: ReceiverHandle[]): NodeType {
  return defineReceiver({
    typeId: 'door',
    config: z.strictObject({}),
    ports: () => ['default'],
    create: () => ({
      async start(node) {
        doors.push(node);
      },
      async stop() {
        doors.length = 0;
      },
    }),
  });
}

function shelfType(take: (node: string, hop: Hop) => void): NodeType {
  return defineExporter({
    typeId: 'shelf',
    // Passes the check, and is refused only by the node that gets it.
    config: z.strictObject({ refused: z.string().optional() }),
    create: (_config, node) => ({
      process: (hop) => take(node.id, hop),
      control(message) {
        const refused = message.kind === 'config_update' ? message.change.config?.refused : undefined;
        if (typeof refused === 'string') throw new Error(refused);
      },
    }),
  });
}

/** One turn of the real event loop: every promise that can settle by then has. */
function promisesSettled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The data of a payload, for looking at. */
export function logsOf(payload: Payload): Extract<OtlpData, { signal: 'logs' }>['data'] {
  const data = payload.decoded();
  if (data.signal !== 'logs') throw new Error(`no logs but ${data.signal}`);
  return data.data;
}
