/**
 * A histogram over time: sparse buckets of scale 7 by the second for five minutes and by ten seconds for fifteen,
 * then few quantiles (`KEPT_QUANTILES`) by ten seconds up to an hour. A report is written to second and decade at once;
 * a decade becomes quantiles when its place is wanted for a newer one. A histogram is not spread over its stretch:
 * it falls into the bin in which the stretch ends.
 */
import type { ExponentialHistogram } from '@/lib/histogram/types';
import { HistogramRing } from './histogram-ring';
import { COARSE_BINS, COARSE_SECONDS, FINE_BINS, overlap } from './resolution';
import { denseOf, type SparseHistogram, sumSparse } from './sparse-histogram';
import { KEPT_QUANTILES, WindowHistogram } from './window-histogram';

/** Seconds and decades are packed in groups of so many; one group more than is asked for, since the newest fills up. */
const GROUP_SECONDS = COARSE_SECONDS;
const GROUP_DECADES = 6;
const SECOND_GROUPS = FINE_BINS / GROUP_SECONDS + 1;
const DECADE_GROUPS = 96 / GROUP_DECADES + 1;
/** What the objects around cost, measured. */
const SERIES_OBJECTS = 1_400;
/** Of an old decade: count, sum, max, and the quantiles. */
const OLD_FIELDS = 3 + KEPT_QUANTILES.length;

export interface HistogramSeries {
  readonly kind: 'histogram';
  readonly newest: number;
  readonly bytes: number;
  add(at: number, histogram: ExponentialHistogram): void;
  /**
   * Adds what lies in [from, to] to `into`; a bin counts where its middle is inside. True where there was any. `latest`
   * is the newest moment of all series that are set against each other: they change from seconds to decades together,
   * else a rare outcome would stand by the second beside a frequent one that no longer does.
   */
  sumInto(from: number, to: number, into: WindowHistogram, latest?: number): boolean;
  /** Gives up the seconds older than `seconds`, to save room. */
  thin(seconds: number): void;
  /** Stretches that end within (from, to], oldest first; of those that are only quantiles any more, their figures. */
  stretches(from: number, to: number): HistogramStretch[];
  /** A stretch of which only figures are left. */
  addOld(at: number, values: readonly number[]): void;
}

export type HistogramStretch =
  | { readonly at: number; readonly histogram: ExponentialHistogram }
  /** Count, sum, max and the quantiles kept. */
  | { readonly at: number; readonly values: readonly number[] };

export function createHistogramSeries(fine: boolean): HistogramSeries {
  const seconds = fine ? new HistogramRing(SECOND_GROUPS, GROUP_SECONDS) : null;
  const decades = new HistogramRing(DECADE_GROUPS, GROUP_DECADES);
  let old: { readonly bins: Int32Array; readonly values: Float32Array } | null = null;
  let newest = 0;
  let fineFloor = Number.NEGATIVE_INFINITY;

  const fineFrom = (latest = newest) =>
    seconds
      ? Math.max(fineFloor, roundUp(Math.floor(Math.max(newest, latest)) - FINE_BINS + 1))
      : Number.POSITIVE_INFINITY;

  const retire = (decade: SparseHistogram) => {
    const window = new WindowHistogram();
    sumSparse(decade, window);
    const quantiles = KEPT_QUANTILES.map((q) => window.quantile(q));
    keepOld(decade.bin, [window.count, window.sum, window.max, ...quantiles]);
  };

  const readRing = (
    ring: HistogramRing,
    width: number,
    from: number,
    to: number,
    visit: (stretch: SparseHistogram) => void,
  ) => ring.read(Math.floor(from / width), Math.ceil(to / width), visit);

  const keepOld = (bin: number, values: ArrayLike<number>) => {
    old ??= {
      bins: new Int32Array(COARSE_BINS).fill(-1),
      values: new Float32Array(COARSE_BINS * OLD_FIELDS),
    };
    const at = bin % COARSE_BINS;
    if ((old.bins[at] as number) > bin) return;
    old.bins[at] = bin;
    old.values.set(values, at * OLD_FIELDS);
  };

  return {
    kind: 'histogram',
    get newest() {
      return newest;
    },
    get bytes() {
      const rings = (seconds?.bytes ?? 0) + decades.bytes;
      return SERIES_OBJECTS + rings + (old ? old.bins.byteLength + old.values.byteLength : 0);
    },
    add(at, histogram) {
      if (at > newest) newest = at;
      // A stretch that ends on a border belongs to the bin before it.
      const second = Math.ceil(at) - 1;
      if (seconds && second >= fineFrom()) seconds.write(second, histogram, () => undefined);
      decades.write(Math.ceil(at / COARSE_SECONDS) - 1, histogram, retire);
    },
    sumInto(from, to, into, latest) {
      let found = false;
      const border = fineFrom(latest);
      const readSparse = (ring: HistogramRing, width: number, low: number, high: number) =>
        readRing(ring, width, low, high, (stretch) => {
          if (overlap(stretch.bin, width, low, high) < 0.5) return;
          sumSparse(stretch, into);
          found = true;
        });
      if (seconds && to > border) readSparse(seconds, 1, Math.max(from, border), to);
      const until = Math.min(to, border);
      if (from >= until) return found;
      readSparse(decades, COARSE_SECONDS, from, until);
      if (!old) return found;
      for (let i = 0; i < COARSE_BINS; i++) {
        const bin = old.bins[i] as number;
        if (bin < 0 || decades.has(bin)) continue;
        if (overlap(bin, COARSE_SECONDS, from, until) < 0.5) continue;
        const base = i * OLD_FIELDS;
        const count = old.values[base] as number;
        into.addTotals(count, old.values[base + 1] as number, Number.NaN, old.values[base + 2] as number, 0);
        into.addQuantiles(count, old.values, base + 3);
        found = true;
      }
      return found;
    },
    stretches(from, to) {
      const found: HistogramStretch[] = [];
      const border = fineFrom();
      const read = (ring: HistogramRing, width: number, low: number, high: number) =>
        readRing(ring, width, low, high, (stretch) => {
          // One that the beginning cuts ends inside, and belongs to what is asked for.
          if ((stretch.bin + 1) * width <= low || stretch.bin * width >= high) return;
          found.push({ at: Math.min((stretch.bin + 1) * width, newest), histogram: denseOf(stretch) });
        });
      if (seconds) read(seconds, 1, Math.max(from, border), to);
      read(decades, COARSE_SECONDS, from, Math.min(to, border));
      for (let i = 0; old && i < COARSE_BINS; i++) {
        const bin = old.bins[i] as number;
        const start = bin * COARSE_SECONDS;
        if (bin < 0 || decades.has(bin) || start + COARSE_SECONDS <= from || start >= Math.min(to, border))
          continue;
        const values = [...old.values.subarray(i * OLD_FIELDS, (i + 1) * OLD_FIELDS)];
        found.push({ at: start + COARSE_SECONDS, values });
      }
      return found.sort((a, b) => a.at - b.at);
    },
    addOld(at, values) {
      if (at > newest) newest = at;
      if (values.length === OLD_FIELDS) keepOld(Math.ceil(at / COARSE_SECONDS) - 1, values);
    },
    thin(keep) {
      const floor = roundUp(Math.floor(newest) - keep);
      if (floor <= fineFloor) return;
      fineFloor = floor;
      seconds?.dropBefore(floor);
    },
  };
}

/** The border between seconds and decades lies on a decade, so that nothing is read twice or missed. */
function roundUp(second: number): number {
  return Math.ceil(second / COARSE_SECONDS) * COARSE_SECONDS;
}
