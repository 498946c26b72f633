/**
 * What recording costs a hop, by the same three-hop traces in every arm: Full against None at two sizes of work, Tail
 * against Full, and the OpenTelemetry JS SDK on the same hops. CPU time, since whatever else runs on a machine takes wall
 * time from slices of this length.
 */
import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import {
  createScratchPipeline,
  HOPS_A_TRACE,
  type ScratchPipeline,
} from '@/engine/telemetry/scratch-pipeline';
import { createSystemClock } from '@/lib/base/system-clock';
import {
  type Arm,
  type BenchCase,
  type BenchContext,
  type BenchFigures,
  comparePaired,
  compareToItself,
  cpuNs,
  type PairedOptions,
} from '@/lib/bench/harness';
import { compilePolicies } from '@/lib/sampling/compile';
import { DEFAULT_TAIL_SAMPLING } from '@/lib/sampling/config';
import { spin, spinIterations } from './spin';

const ROWS = 65_536;
/** Traces between two visits of the queue, as a turn of the event loop would see them. */
const TRACES_A_TURN = 64;
const LONG_TRACES_A_TURN = 16;

function scratch(seed: number): ScratchPipeline {
  return createScratchPipeline({
    clock: createSystemClock(),
    seed,
    rows: ROWS,
    policies: compilePolicies(DEFAULT_TAIL_SAMPLING),
  });
}

/** An iteration is a turn of traces: 192 hops. */
function recordedArm(
  pipeline: ScratchPipeline,
  mode: 'none' | 'full' | 'tail',
  work: () => void,
  traces = TRACES_A_TURN,
): Arm {
  return (iterations) => {
    pipeline.setMode(mode);
    for (let i = 0; i < iterations; i++) {
      pipeline.run(traces, work);
      pipeline.drain();
    }
  };
}

const HOPS_A_TURN = TRACES_A_TURN * HOPS_A_TRACE;

function pairsOf(context: BenchContext): PairedOptions {
  return { pairs: context.quick ? 60 : 500, seed: context.seed, meter: cpuNs };
}

function work(ns: number): () => void {
  const iterations = spinIterations(ns);
  return () => spin(iterations);
}

function fullOverNone(context: BenchContext): BenchFigures {
  const pipeline = scratch(context.seed);
  const hop = work(12_000);
  // 64 traces of this much work would be longer than a slice.
  const none = recordedArm(pipeline, 'none', hop, LONG_TRACES_A_TURN);
  const full = recordedArm(pipeline, 'full', hop, LONG_TRACES_A_TURN);
  const paired = comparePaired(full, none, pairsOf(context));
  const hops = LONG_TRACES_A_TURN * HOPS_A_TRACE;
  return {
    median: paired.ratio,
    ci: paired.ratioCi,
    peer: null,
    floor: null,
    aa: compareToItself(none, pairsOf(context)),
    samples: paired.pairs.length,
    detail: { nsAHop: paired.diffNs / hops, workNs: paired.referenceNs / hops },
    pairs: paired.pairs,
  };
}

/** The SDK's spans for the same three hops: parents by context, the attributes of a hop, events where Weir has them. */
function sdkArm(hop: () => void): { readonly arm: Arm; stop(): Promise<void> } {
  const exporter: SpanExporter = {
    export: (_spans, done) => done({ code: 0 }),
    shutdown: () => Promise.resolve(),
  };
  const processor = new BatchSpanProcessor(exporter, { maxQueueSize: ROWS, maxExportBatchSize: 512 });
  const provider = new BasicTracerProvider({ spanProcessors: [processor] });
  const tracer = provider.getTracer('bench');
  const names = ['receiver/scratch/rcv', 'processor/scratch/proc', 'exporter/scratch/exp'];
  const kinds = [SpanKind.SERVER, SpanKind.INTERNAL, SpanKind.CLIENT];
  const arm: Arm = (iterations) => {
    for (let i = 0; i < iterations; i++) {
      for (let t = 0; t < TRACES_A_TURN; t++) {
        let context = ROOT_CONTEXT;
        for (let h = 0; h < HOPS_A_TRACE; h++) {
          const span = tracer.startSpan(
            names[h] as string,
            {
              kind: kinds[h] as SpanKind,
              attributes: {
                'node.id': 'n',
                'node.type': 'urn:otel:processor:scratch',
                'signal.type': 'logs',
                'pdata.id': 'batch-1',
                'pdata.batch.size': 512,
                'channel.wait.ms': 0.1,
                'channel.queue_depth': 1,
              },
            },
            context,
          );
          hop();
          span.addEvent('port_selected', { 'out.port': 'default', 'channel.send.queue_depth': 1 });
          span.setAttribute('out.port', 'default');
          span.end();
          context = trace.setSpan(context, span);
        }
      }
    }
  };
  return { arm, stop: () => provider.shutdown() };
}

async function fullHop(context: BenchContext): Promise<BenchFigures> {
  const pipeline = scratch(context.seed);
  const hop = work(1_000);
  const none = recordedArm(pipeline, 'none', hop);
  const paired = comparePaired(recordedArm(pipeline, 'full', hop), none, pairsOf(context));
  const aa = compareToItself(none, pairsOf(context));
  const sdk = sdkArm(hop);
  const peerPairs = context.quick ? 40 : 200;
  const peerOptions = { pairs: peerPairs, seed: context.seed, meter: cpuNs };
  const peer = comparePaired(sdk.arm, none, peerOptions);
  await sdk.stop();
  const clock = createSystemClock();
  const now = new Float64Array(8);
  const floorArm: Arm = (iterations) => {
    for (let i = 0; i < iterations * HOPS_A_TURN; i++) {
      hop();
      clock.readInto(now, 0);
      for (let store = 1; store < 8; store++) now[store] = i;
    }
  };
  const floor = comparePaired(floorArm, none, peerOptions);
  const nsAHop = paired.diffNs / HOPS_A_TURN;
  const sdkNs = peer.diffNs / HOPS_A_TURN;
  return {
    median: nsAHop,
    ci: [paired.diffCi[0] / HOPS_A_TURN, paired.diffCi[1] / HOPS_A_TURN],
    peer: { 'sdk-trace-base + BatchSpanProcessor': sdkNs },
    floor: floor.diffNs / HOPS_A_TURN,
    aa,
    samples: paired.pairs.length,
    detail: { timesCheaper: sdkNs / nsAHop, ratio: paired.ratio },
    pairs: paired.pairs,
  };
}

function tailOverFull(context: BenchContext): BenchFigures {
  const hop = work(1_000);
  const one = scratch(context.seed);
  const other = scratch(context.seed);
  const full = recordedArm(one, 'full', hop);
  const paired = comparePaired(recordedArm(other, 'tail', hop), full, pairsOf(context));
  return {
    median: paired.diffNs / HOPS_A_TURN,
    ci: [paired.diffCi[0] / HOPS_A_TURN, paired.diffCi[1] / HOPS_A_TURN],
    peer: null,
    floor: null,
    aa: compareToItself(full, pairsOf(context)),
    samples: paired.pairs.length,
    detail: { ratio: paired.ratio, policies: DEFAULT_TAIL_SAMPLING.policies.length },
    pairs: paired.pairs,
  };
}

export const recorderCases: readonly BenchCase[] = [
  { name: 'full-over-none-12us', unit: 'ratio', run: fullOverNone },
  { name: 'full-hop-1us', unit: 'ns', run: fullHop },
  { name: 'tail-over-full', unit: 'ns', run: tailOverFull },
];
