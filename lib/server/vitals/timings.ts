/** Durations by name over the last minute, in slices of ten seconds; the oldest slice is used again. */
import type { Quantiles } from '@/lib/api/vitals';
import { bucketIndex } from '@/lib/histogram/buckets';
import { WindowHistogram } from '@/lib/store/series/window-histogram';

const SLICE_MS = 10_000;
const SLICES = 6;
/** Names beyond it share one. */
const MAX_NAMES = 64;
const OTHERS = 'other';

export interface Timings {
  record(name: string, ms: number): void;
  quantiles(name: string): Quantiles;
  /** Milliseconds in all, over the time that `seconds` tells. */
  sumMs(name: string): number;
  /** How long is looked back on. */
  readonly seconds: number;
  readonly names: readonly string[];
}

interface Slice {
  number: number;
  readonly byName: Map<string, WindowHistogram>;
}

export function createTimings(nowMs: () => number): Timings {
  const slices: Slice[] = Array.from({ length: SLICES }, () => ({ number: -1, byName: new Map() }));
  const names = new Set<string>();
  const beganMs = nowMs();
  const numberOf = (ms: number) => Math.floor(ms / SLICE_MS);

  const current = (): Slice => {
    const number = numberOf(nowMs());
    const slice = slices[number % SLICES] as Slice;
    if (slice.number !== number) {
      slice.number = number;
      slice.byName.clear();
    }
    return slice;
  };
  const window = (name: string): WindowHistogram => {
    const oldest = numberOf(nowMs()) - SLICES;
    const sum = new WindowHistogram();
    for (const { number, byName } of slices) {
      const held = number > oldest ? byName.get(name) : undefined;
      if (!held) continue;
      sum.addTotals(held.count, held.sum, held.min, held.max, 0);
      for (const { index, count } of held.buckets()) sum.addBucket(index, count);
    }
    return sum;
  };

  return {
    record(name, ms) {
      const known = names.has(name) || names.size < MAX_NAMES ? name : OTHERS;
      names.add(known);
      const { byName } = current();
      let held = byName.get(known);
      if (!held) {
        held = new WindowHistogram();
        byName.set(known, held);
      }
      const value = Math.max(ms, 1e-6);
      held.addTotals(1, value, value, value, 0);
      held.addBucket(bucketIndex(value), 1);
    },
    quantiles(name) {
      const { count, max, ...rest } = summary(window(name));
      return { count, p50Ms: rest.p50, p99Ms: rest.p99, maxMs: max };
    },
    sumMs: (name) => window(name).sum,
    get seconds() {
      const now = nowMs();
      // The slice that runs is not full yet; before the first minute is over there is less to look back on.
      const slices = Math.min(now - beganMs, (SLICES - 1) * SLICE_MS + (now % SLICE_MS));
      return Math.max(0.001, slices / 1_000);
    },
    get names() {
      return [...names];
    },
  };
}

function summary(histogram: WindowHistogram) {
  if (histogram.count === 0) return { count: 0, p50: null, p99: null, max: null };
  const { count, max } = histogram;
  return { count, p50: histogram.quantile(0.5), p99: histogram.quantile(0.99), max };
}
