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

/** Batches between two visits of the exporter: a quarter of a second of this work, as often as the engine reports. */
const BATCHES_A_REPORT = 64;

/** An engine in one mode, with what its exporter takes kept apart: it works between slices, as it does between turns. */
class MeteredEngine {
  readonly arm: Arm = (batches) => {
    this.engine.run(batches);
    this.waiting += batches;
  };
  private waiting = 0;
  private exported = 0;
  private exportNs = 0;

  constructor(
    private readonly engine: EngineArm,
    mode: TracingMode,
  ) {
    engine.setMode(mode);
  }

  exportIfDue(): void {
    if (this.waiting < BATCHES_A_REPORT) return;
    const from = cpuNs();
    this.engine.flush();
    this.exportNs += cpuNs() - from;
    this.exported += this.waiting;
    this.waiting = 0;
  }

  get exportNsABatch(): number {
    return this.exported === 0 ? 0 : this.exportNs / this.exported;
  }
}

async function engineModes(context: BenchContext): Promise<BenchFigures> {
  const create = async (mode: TracingMode, seed: number) =>
    new MeteredEngine(await createEngineArm('nodes', seed, () => undefined), mode);
  const none = await create('none', context.seed);
  const full = await create('full', context.seed + 1);
  const tail = await create('tail', context.seed + 2);
  const exportAndSettle = () => {
    for (const engine of [none, full, tail]) engine.exportIfDue();
    return between();
  };
  const compare = (subject: MeteredEngine) =>
    comparePairedBetween(subject.arm, none.arm, BATCHES, exportAndSettle, options(context));
  const fullOverNone = await compare(full);
  const tailOverNone = await compare(tail);
  const aa = await compare(none);
  // Handling by paired slices, export as it came out on average: both make what a batch costs.
  const whole = (subject: MeteredEngine, ratio: number, referenceNs: number) =>
    (ratio * referenceNs + subject.exportNsABatch) / (referenceNs + none.exportNsABatch);
  const { ratio, ratioCi, referenceNs } = fullOverNone;
  const [low, high] = ratioCi;
  return {
    median: whole(full, ratio, referenceNs),
    ci: [whole(full, low, referenceNs), whole(full, high, referenceNs)],
    peer: null,
    floor: null,
    aa: aa.ratio,
    samples: fullOverNone.pairs.length,
    detail: {
      recordsABatch: RECORDS,
      hopsABatch: HOPS.nodes,
      handlingMicrosABatch: {
        none: referenceNs / 1e3,
        full: fullOverNone.subjectNs / 1e3,
        tail: tailOverNone.subjectNs / 1e3,
      },
      exportMicrosABatch: {
        none: none.exportNsABatch / 1e3,
        full: full.exportNsABatch / 1e3,
        tail: tail.exportNsABatch / 1e3,
      },
      tailOverNone: whole(tail, tailOverNone.ratio, tailOverNone.referenceNs),
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
