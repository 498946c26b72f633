/** Medians, quantiles and the bootstrap interval that every reported figure carries. */
import type { Random } from '@/lib/base/random';

export function quantile(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = (sorted.length - 1) * q;
  const below = Math.floor(at);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - below);
}

export function median(values: ArrayLike<number>): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/** Percentile bootstrap, 95 %, of the median. */
export function bootstrapMedian(
  values: ArrayLike<number>,
  random: Random,
  rounds = 1_000,
): readonly [number, number] {
  return bootstrapQuantile(values, 0.5, random, rounds);
}

/** The same of any quantile. */
export function bootstrapQuantile(
  values: ArrayLike<number>,
  q: number,
  random: Random,
  rounds = 1_000,
): readonly [number, number] {
  const medians = new Float64Array(rounds);
  const sample = new Float64Array(values.length);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < sample.length; i++) {
      sample[i] = values[Math.floor(random.next() * values.length)] ?? Number.NaN;
    }
    sample.sort();
    medians[round] = quantile(sample, q);
  }
  medians.sort();
  return [quantile(medians, 0.025), quantile(medians, 0.975)];
}
