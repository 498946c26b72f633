/** Figures that are counts, not times: bytes allocated while recording, and how true the published metrics are. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createRandom } from '@/lib/base/random';
import type { BenchCase, BenchContext, BenchFigures } from '@/lib/bench/harness';
import { HistogramCell } from '@/lib/histogram/cell';
import { SECONDS_RANGE } from '@/lib/histogram/histogram-set';
import { histogramQuantile } from '@/lib/histogram/operations';
import { BUNDLES_ENV, RECORD_ALLOC } from './bundles';

interface Allocation {
  readonly spans: number;
  readonly growth: number;
  /** Of the two readings themselves, with nothing in between. */
  readonly reading: number;
  readonly scavenges: number;
  /** Collections of other kinds. */
  readonly others: number;
}

const AUTHOR_SPANS = 300_000;
const ROOMY = ['--min-semi-space-size=128', '--max-semi-space-size=128'];

function measure(spans: number, mode: string, flags: readonly string[] = []): Allocation {
  const folder = process.env[BUNDLES_ENV];
  if (folder === undefined) throw new Error(`${BUNDLES_ENV} says where the bundles are`);
  const out = execFileSync(
    process.execPath,
    [...flags, '--expose-gc', join(folder, RECORD_ALLOC), String(spans), mode],
    { encoding: 'utf8' },
  );
  return JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as Allocation;
}

function recordAlloc(context: BenchContext): BenchFigures {
  const spans = context.quick ? 500_000 : 10_000_000;
  const full = measure(spans, 'full');
  const tail = measure(spans, 'tail');
  // A young generation that nothing has to leave: what grows is what was allocated.
  const author = measure(Math.min(spans, AUTHOR_SPANS), 'author', ROOMY);
  const perSpan = full.growth / full.spans;
  return {
    median: perSpan,
    ci: [perSpan, perSpan],
    peer: null,
    floor: 0,
    aa: null,
    structural: true,
    samples: full.spans,
    detail: {
      full,
      tail,
      authorWithAttributeAndEvent: author,
      authorBytesASpan: author.growth / author.spans,
    },
  };
}

/** Largest relative error of p50, p90, p99 and p99.9 over samples of several shapes, against the sorted samples. */
function metricError(context: BenchContext): BenchFigures {
  const random = createRandom(context.seed);
  const shapes: readonly (() => number)[] = [
    () => 1e-6 + random.next() * 1e-3,
    () => 1e-5 * (-Math.log(1 - random.next()) + 0.01),
    () => 10 ** (-6 + 7 * random.next()),
    () => (random.next() < 0.95 ? 2e-4 : 1.5) * (0.9 + 0.2 * random.next()),
  ];
  let worst = 0;
  let samples = 0;
  for (const shape of shapes) {
    const cell = new HistogramCell(SECONDS_RANGE);
    const values = new Float64Array(context.quick ? 20_000 : 200_000);
    for (let i = 0; i < values.length; i++) {
      values[i] = shape();
      cell.record(values[i] as number);
    }
    values.sort();
    const taken = cell.take();
    for (const q of [0.5, 0.9, 0.99, 0.999]) {
      const exact = values[Math.ceil(q * values.length) - 1] as number;
      worst = Math.max(worst, Math.abs(histogramQuantile(taken, q) - exact) / exact);
    }
    samples += values.length;
  }
  return { median: worst, ci: [worst, worst], peer: null, floor: null, aa: null, samples, structural: true };
}

export const structuralCases: readonly BenchCase[] = [
  { name: 'record-alloc', unit: 'B a span', run: recordAlloc },
  { name: 'metric-error', unit: 'relative', run: metricError },
];
