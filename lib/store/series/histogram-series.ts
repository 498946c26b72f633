/**
 * A histogram over time: sparse buckets of scale 7 by the second for five minutes and by ten seconds for fifteen,
 * then few quantiles (`KEPT_QUANTILES`) by ten seconds up to an hour. A report is written to second and decade at once;
 * a decade becomes quantiles when its place is wanted for a newer one. A histogram is not spread over its stretch:
 * it falls into the bin in which the stretch ends.
 */
import type { ExponentialHistogram } from '@/lib/histogram/types';
import { COARSE_BINS, COARSE_SECONDS, FINE_BINS, overlap } from './resolution';
import {
  createSparse,
  denseOf,
  mergeSparse,
  type SparseHistogram,
  sparseBytes,
  sumSparse,
} from './sparse-histogram';
import { KEPT_QUANTILES, WindowHistogram } from './window-histogram';

const DECADE_BINS = 96;
/** Of an old decade: count, sum, max, and the quantiles. */
const OLD_FIELDS = 3 + KEPT_QUANTILES.length;

export interface HistogramSeries {
  readonly kind: 'histogram';
  readonly newest: number;
  readonly bytes: number;
  add(at: number, histogram: ExponentialHistogram): void;
  /** Adds what lies in [from, to] to `into`; a bin counts where its middle is inside. True where there was any. */
  sumInto(from: number, to: number, into: WindowHistogram): boolean;
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
  const seconds: (SparseHistogram | null)[] = fine ? new Array(FINE_BINS).fill(null) : [];
  const decades: (SparseHistogram | null)[] = new Array(DECADE_BINS).fill(null);
  let old: { readonly bins: Int32Array; readonly values: Float32Array } | null = null;
  let newest = 0;
  let fineFloor = Number.NEGATIVE_INFINITY;
  let bytes = 256 + 8 * (seconds.length + DECADE_BINS);

  const fineFrom = () =>
    seconds.length === 0
      ? Number.POSITIVE_INFINITY
      : Math.max(fineFloor, roundUp(Math.floor(newest) - FINE_BINS + 1));

  const retire = (decade: SparseHistogram) => {
    const window = new WindowHistogram();
    sumSparse(decade, window);
    const quantiles = KEPT_QUANTILES.map((q) => window.quantile(q));
    keepOld(decade.bin, [window.count, window.sum, window.max, ...quantiles]);
  };

  const write = (
    places: (SparseHistogram | null)[],
    bin: number,
    histogram: ExponentialHistogram,
    leaving: (gone: SparseHistogram) => void,
  ) => {
    const at = bin % places.length;
    let place = places[at] ?? null;
    if (place && place.bin > bin) return;
    if (place && place.bin < bin) {
      bytes -= sparseBytes(place);
      leaving(place);
      place = null;
    }
    if (!place) {
      place = createSparse(bin);
      places[at] = place;
      bytes += sparseBytes(place);
    }
    bytes += mergeSparse(place, histogram);
  };

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
      return bytes + (old ? old.bins.byteLength + old.values.byteLength : 0);
    },
    add(at, histogram) {
      if (at > newest) newest = at;
      // A stretch that ends on a border belongs to the bin before it.
      const second = Math.ceil(at) - 1;
      if (seconds.length > 0 && second >= fineFrom()) write(seconds, second, histogram, () => undefined);
      write(decades, Math.ceil(at / COARSE_SECONDS) - 1, histogram, retire);
    },
    sumInto(from, to, into) {
      let found = false;
      const border = fineFrom();
      const readSparse = (places: (SparseHistogram | null)[], width: number, low: number, high: number) => {
        for (const place of places) {
          if (!place || overlap(place.bin, width, low, high) < 0.5) continue;
          sumSparse(place, into);
          found = true;
        }
      };
      if (to > border) readSparse(seconds, 1, Math.max(from, border), to);
      const until = Math.min(to, border);
      if (from >= until) return found;
      readSparse(decades, COARSE_SECONDS, from, until);
      if (!old) return found;
      for (let i = 0; i < COARSE_BINS; i++) {
        const bin = old.bins[i] as number;
        if (bin < 0 || decades[bin % DECADE_BINS]?.bin === bin) continue;
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
      const read = (
        places: readonly (SparseHistogram | null)[],
        width: number,
        low: number,
        high: number,
      ) => {
        for (const place of places) {
          if (!place || place.bin * width < low || place.bin * width >= high) continue;
          found.push({ at: Math.min((place.bin + 1) * width, newest), histogram: denseOf(place) });
        }
      };
      read(seconds, 1, Math.max(from, border), to);
      read(decades, COARSE_SECONDS, from, Math.min(to, border));
      for (let i = 0; old && i < COARSE_BINS; i++) {
        const bin = old.bins[i] as number;
        const start = bin * COARSE_SECONDS;
        if (
          bin < 0 ||
          decades[bin % DECADE_BINS]?.bin === bin ||
          start < from ||
          start >= Math.min(to, border)
        )
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
      for (const [i, place] of seconds.entries()) {
        if (!place || place.bin >= floor) continue;
        bytes -= sparseBytes(place);
        seconds[i] = null;
      }
    },
  };
}

/** The border between seconds and decades lies on a decade, so that nothing is read twice or missed. */
function roundUp(second: number): number {
  return Math.ceil(second / COARSE_SECONDS) * COARSE_SECONDS;
}
