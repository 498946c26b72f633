/** A random pipeline under random traffic with the real recorder behind it, and what that exported. Test-only. */
import { invariant } from '@/lib/base/assert';
import { hashString } from '@/lib/base/hash';
import { createRandom } from '@/lib/base/random';
import type { TailSamplingConfig } from '@/lib/sampling/config';
import type { TracingMode } from '@/lib/semconv/signals';
import type { TopologyBody } from '../core/telemetry';
import { startBench } from '../core/testing/harness';
import { randomPipeline } from '../core/testing/random-pipeline';
import { checkBooks, heal, playTraffic } from '../core/testing/simulation';
import { createEngineTelemetry, type RunningTelemetry } from './engine-telemetry';
import { createOracle, type Oracle } from './oracle.testing';
import { type Exported, readBack } from './telemetry.testing';

export interface TracedRun {
  readonly exported: Exported;
  readonly oracle: Oracle;
  readonly stats: ReturnType<RunningTelemetry['stats']>;
  readonly nodeIds: readonly string[];
  readonly channelIds: readonly string[];
  /** Of every byte that left, in order. */
  readonly bytesHash: () => number;
}

/** `atReport` is called after each report, with what has been exported up to it. */
export async function tracedRun(
  seed: number,
  mode: TracingMode,
  tailSampling: TailSamplingConfig,
  atReport: (run: TracedRun) => void = () => undefined,
): Promise<TracedRun> {
  const random = createRandom(seed);
  const shape = randomPipeline(random);
  const exported: Exported = { spans: [], logs: [], metrics: [], requests: [] };
  const bodies: TopologyBody[] = [];
  const made: { readonly telemetry: RunningTelemetry; readonly oracle: Oracle }[] = [];
  const bench = await startBench(
    shape.text,
    (clock) => {
      const telemetry = createEngineTelemetry({
        resource: { 'service.name': 'weir-engine', 'service.instance.id': 'i-1' },
        clock,
        seed,
        mode,
        tailSampling,
        rows: 4_096,
        processCpuNs: () => 0,
        queueBytes: { traces: 2 ** 26, metrics: 2 ** 26, logs: 2 ** 26 },
        transport: {
          send(path, body) {
            readBack(path, body, exported);
            return Promise.resolve('sent');
          },
          close: () => undefined,
        },
      });
      const oracle = createOracle(telemetry, clock);
      made.push({ telemetry, oracle });
      const { layoutChanged } = oracle.telemetry;
      return {
        ...oracle.telemetry,
        layoutChanged(layout, counters, body) {
          bodies.push(body);
          layoutChanged(layout, counters, body);
        },
      };
    },
    { seed, check: checkBooks },
  );
  const [first] = made;
  invariant(first !== undefined, 'the pipeline was given telemetry');
  const { telemetry, oracle } = first;
  const { layout } = bench.pipeline;
  const run = (): TracedRun => ({
    exported,
    oracle,
    stats: telemetry.stats(),
    nodeIds: layout.nodes.map(({ id }) => id),
    channelIds: layout.channels.map(({ id }) => id),
    bytesHash: () =>
      hashString(exported.requests.map(({ body }) => Buffer.from(body).toString('latin1')).join('')),
  });
  const report = async () => {
    telemetry.flush();
    await bench.settle();
    atReport(run());
  };
  const { acts } = await playTraffic(bench, shape, random, async () => {
    if (random.next() < 0.3) await report();
  });
  await heal(bench, shape, () => bodies.at(-1));
  const ended = bench.pipeline.shutdown('end of the run', 600_000);
  await bench.pass(600_000);
  await Promise.all([...acts, ended]);
  await report();
  return run();
}
