/** A pipeline in virtual time, and how a test moves it. */
import { createRandom } from '@/lib/base/random';
import { createVirtualClock, type VirtualClock } from '@/lib/base/virtual-clock';
import { createPipeline } from '../pipeline';
import type { Pipeline } from '../pipeline-api';
import { createVirtualScheduler } from '../scheduler';
import type { EngineTelemetry } from '../telemetry';
import { type CheckingTelemetry, createCheckingTelemetry } from './checking-telemetry';
import { pipelineFromText } from './pipeline-text';
import { createTestWorld, type TestWorld } from './test-nodes';

/** What a test can do with a pipeline in virtual time, whatever its telemetry. */
export interface Bench extends TestWorld {
  readonly pipeline: Pipeline;
  readonly clock: VirtualClock;
  readonly messages: string[];
  /** Lets everything happen that needs no time to pass. */
  settle(): Promise<void>;
  /** Lets `ms` pass, timer by timer. */
  pass(ms: number): Promise<void>;
  /** The process is suspended for `ms`, then runs what became due meanwhile. */
  leap(ms: number): Promise<void>;
}

export interface Harness extends Bench {
  readonly telemetry: CheckingTelemetry;
}

export interface BenchOptions {
  readonly seed?: number;
  /** Called after each run of the engine's loop. */
  readonly check?: (pipeline: Pipeline) => void;
}

export async function startPipeline(
  text: string,
  options: BenchOptions & { readonly recording?: boolean } = {},
): Promise<Harness> {
  const telemetry = createCheckingTelemetry(options.recording ?? true);
  return { ...(await startBench(text, () => telemetry, options)), telemetry };
}

export async function startBench(
  text: string,
  telemetryOf: (clock: VirtualClock) => EngineTelemetry,
  options: BenchOptions = {},
): Promise<Bench> {
  const world = createTestWorld();
  const clock = createVirtualClock();
  const scheduler = createVirtualScheduler();
  const messages: string[] = [];
  const pipeline = createPipeline({
    config: pipelineFromText(text, world.types),
    clock,
    random: createRandom(options.seed ?? 1),
    telemetry: telemetryOf(clock),
    scheduler,
    log: (level, message) => messages.push(`${level} ${message}`),
  });
  const settle = async () => {
    do {
      await promisesSettled();
      while (scheduler.runOne()) {
        options.check?.(pipeline);
        await promisesSettled();
      }
    } while (scheduler.pending > 0);
  };
  const pass = async (ms: number) => {
    await settle();
    let due = false;
    // A mark a nanosecond after the last timer that counts: they are run one by one, with all that follows from each.
    clock.setTimer(() => {
      due = true;
    }, ms + 1e-6);
    while (!due && clock.step()) await settle();
  };
  const leap = async (ms: number) => {
    await settle();
    clock.leap(ms);
    await pass(0);
  };
  const started = await pipeline.start();
  if (!started.ok) throw new Error(started.error.map(({ reason }) => reason).join());
  return { ...world, pipeline, clock, messages, settle, pass, leap };
}

/** One turn of the real event loop: every promise that can settle by then has. */
function promisesSettled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
