/**
 * The whole engine: what its modes cost a batch, and what is left of tracing where it is off. CPU time, since whatever
 * else runs on a machine takes wall time from slices of this length.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Arm,
  type BenchCase,
  type BenchContext,
  type BenchFigures,
  comparePairedBetween,
  cpuNs,
  type PairedOptions,
} from '@/lib/bench/harness';
import type { TracingMode } from '@/lib/semconv/signals';
import { BARE_ENGINE, BUNDLES_ENV } from './bundles';
import { createEngineArm, type EngineArm, HOPS, RECORDS } from './engine-arm';
import { spin, spinIterations } from './spin';

/** Batches of one slice; one of 512 records is some milliseconds of work. */
const BATCHES = 1;
const LIGHT_BATCHES = 300;
const WORK_NS = 1_000;

/** Answers, microtasks and immediates that a slice leaves behind. */
const between = () => new Promise<void>((resolve) => setImmediate(resolve));

function options({ quick, seed }: BenchContext): PairedOptions {
  return { pairs: quick ? 40 : 500, seed, meter: cpuNs };
}

function armIn(engine: EngineArm, mode: TracingMode): Arm {
  return (batches) => {
    engine.setMode(mode);
    engine.run(batches);
    engine.flush();
  };
}

async function engineModes(context: BenchContext): Promise<BenchFigures> {
  const nothing = () => undefined;
  // An engine for each mode: none of them shares its ring or its optimised code's feedback with another's state.
  const engines = await Promise.all(
    [0, 1, 2].map((n) => createEngineArm('nodes', context.seed + n, nothing)),
  );
  const [none, full, tail] = (['none', 'full', 'tail'] as const).map((mode, i) =>
    armIn(engines[i] as EngineArm, mode),
  ) as [Arm, Arm, Arm];
  const compare = (subject: Arm, reference: Arm) =>
    comparePairedBetween(subject, reference, BATCHES, between, options(context));
  const fullOverNone = await compare(full, none);
  const tailOverNone = await compare(tail, none);
  const aa = await compare(none, none);
  return {
    median: fullOverNone.ratio,
    ci: fullOverNone.ratioCi,
    peer: null,
    floor: null,
    aa: aa.ratio,
    samples: fullOverNone.pairs.length,
    detail: {
      recordsABatch: RECORDS,
      hopsABatch: HOPS.nodes,
      cpuMicrosABatch: {
        none: fullOverNone.referenceNs / 1e3,
        full: fullOverNone.subjectNs / 1e3,
        tail: tailOverNone.subjectNs / 1e3,
      },
      tailOverNone: { ratio: tailOverNone.ratio, ci: tailOverNone.ratioCi },
      tailPairs: tailOverNone.pairs,
    },
    pairs: fullOverNone.pairs,
  };
}

async function bareEngine(): Promise<typeof createEngineArm> {
  const folder = process.env[BUNDLES_ENV];
  if (folder === undefined) throw new Error(`${BUNDLES_ENV} says where the bundles are`);
  const loaded = (await import(pathToFileURL(join(folder, BARE_ENGINE)).href)) as {
    readonly createEngineArm: typeof createEngineArm;
  };
  return loaded.createEngineArm;
}

/** The engine in None against the same engine without tracing in its code; both go on counting. */
async function noneOverBare(context: BenchContext): Promise<BenchFigures> {
  const createBare = await bareEngine();
  const iterations = spinIterations(WORK_NS);
  const work = () => spin(iterations);
  const engine = await createEngineArm('pass', context.seed, work);
  const bare = await createBare('pass', context.seed, work);
  const none: Arm = (batches) => engine.run(batches);
  const reference: Arm = (batches) => bare.run(batches);
  const compare = (subject: Arm, to: Arm) =>
    comparePairedBetween(subject, to, LIGHT_BATCHES, between, options(context));
  const paired = await compare(none, reference);
  const aa = await compare(reference, reference);
  return {
    median: paired.ratio,
    ci: paired.ratioCi,
    peer: null,
    floor: null,
    aa: aa.ratio,
    samples: paired.pairs.length,
    detail: {
      nsAHop: paired.diffNs / HOPS.pass,
      nsAHopCi: paired.diffCi.map((ns) => ns / HOPS.pass),
      hopNs: paired.referenceNs / HOPS.pass,
      workNs: WORK_NS,
    },
    pairs: paired.pairs,
  };
}

export const engineCases: readonly BenchCase[] = [
  { name: 'engine-modes', unit: 'ratio', run: engineModes },
  { name: 'none-over-bare', unit: 'ratio', run: noneOverBare },
];
