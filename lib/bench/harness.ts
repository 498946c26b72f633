/**
 * How a figure is obtained on a noisy machine: subject and reference alternate in short slices (A B B A) through one
 * call site, and the median of the paired ratios counts, with its bootstrap interval. The reference against itself
 * (A/A) runs along: outside ±1 % the run is inconclusive, never a pass.
 *
 *   pair k:   A₁ ─ B₁ ─ B₂ ─ A₂      ratio = (A₁ + A₂) / (B₁ + B₂)
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { createRandom } from '@/lib/base/random';
import { bootstrapMedian, median } from './statistics';

/** Does its work `iterations` times. */
export type Arm = (iterations: number) => void;

/** What is read before and after a slice, nanoseconds. */
export type Meter = () => number;

export const wallNs: Meter = () => Number(process.hrtime.bigint());

/**
 * CPU time of the process: whatever else runs on the machine is not counted, only that it takes the caches. Whole
 * microseconds; a reading costs some.
 */
export const cpuNs: Meter = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1e3;
};

export interface PairedOptions {
  /** Wall time where it is not given. */
  readonly meter?: Meter;
  /** Length of a slice; 1.5 to 2 ms keeps both arms within the same weather. */
  readonly sliceMs?: number;
  readonly pairs?: number;
  readonly seed?: number;
}

export interface Paired {
  readonly ratio: number;
  readonly ratioCi: readonly [number, number];
  /** Subject less reference, nanoseconds an iteration. */
  readonly diffNs: number;
  readonly diffCi: readonly [number, number];
  readonly subjectNs: number;
  readonly subjectCi: readonly [number, number];
  readonly referenceNs: number;
  readonly iterations: number;
  /** Raw: nanoseconds an iteration, subject and reference. */
  readonly pairs: readonly (readonly [number, number])[];
}

export interface BenchFigures {
  readonly median: number;
  /** Bootstrap, 95 %; null for a figure that does not vary. */
  readonly ci: readonly [number, number] | null;
  /** The same work by an npm package, and by next to nothing; null where there is none. */
  readonly peer: number | Readonly<Record<string, number>> | null;
  readonly floor: number | null;
  /** Ratio of the reference to itself; null where none was run. */
  readonly aa: number | null;
  readonly samples: number;
  /** Bytes or counts, which weather does not change: conclusive without an A/A. */
  readonly structural?: boolean;
  /** Anything that a reader needs to judge the figure. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Raw pairs, so that the figure can be recomputed. */
  readonly pairs?: readonly (readonly [number, number])[];
}

export interface BenchContext {
  readonly seed: number;
  /** Fewer pairs, for trying a case out; never for a reported figure. */
  readonly quick: boolean;
  /** How many, for a case that runs many of something. */
  readonly runs?: number;
  /** Where a case that makes a page writes it. */
  readonly page?: string;
}

export interface BenchCase {
  readonly name: string;
  readonly unit: string;
  run(context: BenchContext): Promise<BenchFigures> | BenchFigures;
}

export const AA_TOLERANCE = 0.01;

/** The one call site of every slice, so that no arm is inlined where the other is not. */
function timeSlice(arm: Arm, iterations: number, meter: Meter): number {
  const start = meter();
  arm(iterations);
  return meter() - start;
}

function iterationsFor(arm: Arm, sliceMs: number, meter: Meter): number {
  let iterations = 1;
  for (;;) {
    const slice = () => timeSlice(arm, iterations, meter);
    const ns = Math.min(slice(), slice(), slice());
    if (ns >= sliceMs * 1e6) return iterations;
    iterations = Math.max(iterations + 1, Math.ceil(iterations * Math.min(8, (sliceMs * 1e6) / (ns + 1))));
  }
}

export function comparePaired(subject: Arm, reference: Arm, options: PairedOptions = {}): Paired {
  const { sliceMs = 1.75, pairs: count = 500, seed = 1, meter = wallNs } = options;
  for (let warm = 0; warm < 3; warm++) {
    iterationsFor(reference, sliceMs, meter);
    iterationsFor(subject, sliceMs, meter);
  }
  // The compiler works beside the arms, and on a busy machine takes its time.
  const first = iterationsFor(reference, sliceMs, meter);
  for (let warm = 0; warm < WARM_SLICES; warm++) {
    timeSlice(reference, first, meter);
    timeSlice(subject, first, meter);
  }
  const iterations = Math.min(
    iterationsFor(reference, sliceMs, meter),
    iterationsFor(subject, sliceMs, meter),
  );
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < count; i++) {
    const a1 = timeSlice(subject, iterations, meter);
    const b1 = timeSlice(reference, iterations, meter);
    const b2 = timeSlice(reference, iterations, meter);
    const a2 = timeSlice(subject, iterations, meter);
    pairs.push([(a1 + a2) / (2 * iterations), (b1 + b2) / (2 * iterations)]);
  }
  return summarised(pairs, iterations, seed);
}

/**
 * The same for arms that leave something to the event loop (answers that are waited for): `between` lets it happen,
 * outside of what is measured. `iterations` is the length of a slice.
 */
export async function comparePairedBetween(
  subject: Arm,
  reference: Arm,
  iterations: number,
  between: () => Promise<void>,
  options: PairedOptions = {},
): Promise<Paired> {
  const { pairs: count = 500, seed = 1, meter = wallNs } = options;
  const slice = async (arm: Arm) => {
    const ns = timeSlice(arm, iterations, meter);
    await between();
    return ns;
  };
  for (let warm = 0; warm < WARM_SLICES; warm++) {
    await slice(reference);
    await slice(subject);
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < count; i++) {
    const a1 = await slice(subject);
    const b1 = await slice(reference);
    const b2 = await slice(reference);
    const a2 = await slice(subject);
    pairs.push([(a1 + a2) / (2 * iterations), (b1 + b2) / (2 * iterations)]);
  }
  return summarised(pairs, iterations, seed);
}

const WARM_SLICES = 100;

function summarised(pairs: readonly (readonly [number, number])[], iterations: number, seed: number): Paired {
  const ratios = pairs.map(([a, b]) => a / b);
  const diffs = pairs.map(([a, b]) => a - b);
  const subjects = pairs.map(([a]) => a);
  const random = createRandom(seed);
  return {
    ratio: median(ratios),
    ratioCi: bootstrapMedian(ratios, random),
    diffNs: median(diffs),
    diffCi: bootstrapMedian(diffs, random),
    subjectNs: median(subjects),
    subjectCi: bootstrapMedian(subjects, random),
    referenceNs: median(pairs.map(([, b]) => b)),
    iterations,
    pairs,
  };
}

/** The control: the reference as both arms. */
export function compareToItself(reference: Arm, options: PairedOptions = {}): number {
  return comparePaired(reference, reference, options).ratio;
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch (error) {
    return `unknown (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
  }
}

/** Runs a case and gives its JSON line. */
export async function runCase(benchCase: BenchCase, context: BenchContext): Promise<string> {
  const figures = await benchCase.run(context);
  const { pairs, detail, structural = false, ...rest } = figures;
  // A time without an A/A is neither a pass nor a miss.
  const conclusive = figures.aa === null ? structural : Math.abs(figures.aa - 1) <= AA_TOLERANCE;
  return JSON.stringify({
    name: benchCase.name,
    unit: benchCase.unit,
    ...rest,
    conclusive,
    ...(detail ? { detail } : {}),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    seed: context.seed,
    commit: commit(),
    ...(pairs
      ? { pairs: pairs.map(([a, b]) => [Math.round(a * 1e3) / 1e3, Math.round(b * 1e3) / 1e3]) }
      : {}),
  });
}
