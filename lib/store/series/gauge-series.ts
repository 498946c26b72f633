/** A gauge: of each bin the mean, the greatest and the last value. Between reports it is what it last was. */
import { COARSE_BINS, COARSE_SECONDS, FINE_BINS } from './resolution';

export interface GaugeSeries {
  readonly kind: 'gauge';
  readonly newest: number;
  readonly bytes: number;
  /** The first report since the last `restart`: its time (0 where none came) and value. */
  readonly firstAt: number;
  readonly firstValue: number;
  restart(): void;
  add(at: number, value: number): void;
  /** The newest value at or before `at` (whole bins), not older than `maxAge` seconds; NaN where there is none. */
  last(at: number, maxAge: number): number;
  /** Mean over the bins of [from, to] that were written; NaN where none was. */
  mean(from: number, to: number): number;
  max(from: number, to: number): number;
  /** Reports within [from, to], oldest first, as few as give the same bins: their last, greatest and mean values. */
  reports(from: number, to: number): GaugeReport[];
}

/** Unix seconds, value. */
export type GaugeReport = readonly [number, number];

/** Reports that stand for one bin: those of a bin with more are fewer and as great on the whole. */
const MAX_REPORTS = 12;
/** Bin, four figures and a count. */
const BIN_BYTES = 4 + 4 * 4 + 2;
/** What the objects around cost, measured. */
const RING_OBJECTS = 750;
const SERIES_OBJECTS = 1_650;

interface Ring {
  readonly width: number;
  readonly bins: Int32Array;
  readonly sums: Float32Array;
  readonly counts: Uint16Array;
  readonly greatest: Float32Array;
  readonly lasts: Float32Array;
  /** When the last one was taken, as an offset into the bin: a late point does not replace a newer one. */
  readonly when: Float32Array;
}

export function createGaugeSeries(fine: boolean): GaugeSeries {
  const fineRing = fine ? ring(1, FINE_BINS) : null;
  const coarse = ring(COARSE_SECONDS, COARSE_BINS);
  let newest = 0;
  let firstAt = 0;
  let firstValue = 0;
  const fineFrom = () => (fineRing ? Math.floor(newest) - FINE_BINS + 1 : Number.POSITIVE_INFINITY);

  /** Calls back for each written bin in [from, to), newest first; stops on `true`. */
  const scan = (from: number, to: number, visit: (source: Ring, at: number) => boolean): void => {
    const border = fineFrom();
    if (fineRing && to > border && scanRing(fineRing, Math.max(from, border), to, visit)) return;
    if (from < border) scanRing(coarse, from, Math.min(to, border), visit);
  };

  return {
    kind: 'gauge',
    bytes: SERIES_OBJECTS + size(coarse) + (fineRing ? size(fineRing) : 0),
    get newest() {
      return newest;
    },
    get firstAt() {
      return firstAt;
    },
    get firstValue() {
      return firstValue;
    },
    restart() {
      firstAt = 0;
      firstValue = 0;
    },
    add(at, value) {
      if (firstAt === 0) {
        firstAt = at;
        firstValue = value;
      }
      if (at > newest) newest = at;
      put(coarse, at, value);
      if (fineRing && Math.ceil(at) - 1 >= fineFrom()) put(fineRing, at, value);
    },
    last(at, maxAge) {
      let found = Number.NaN;
      scan(at - maxAge, at, (source, index) => {
        found = source.lasts[index] as number;
        return true;
      });
      return found;
    },
    mean(from, to) {
      let sum = 0;
      let count = 0;
      scan(from, to, (source, index) => {
        const weight = source.width;
        sum += ((source.sums[index] as number) / (source.counts[index] as number)) * weight;
        count += weight;
        return false;
      });
      return count === 0 ? Number.NaN : sum / count;
    },
    max(from, to) {
      let greatest = Number.NaN;
      scan(from, to, (source, index) => {
        const value = source.greatest[index] as number;
        if (!(greatest >= value)) greatest = value;
        return false;
      });
      return greatest;
    },
    reports(from, to) {
      const found: GaugeReport[] = [];
      scan(from, to, (source, index) => {
        found.push(...reportsOf(source, index).reverse());
        return false;
      });
      return found.reverse();
    },
  };
}

/** The last value at its time, the greatest and evenly what is left of the sum before it. */
function reportsOf(source: Ring, index: number): GaugeReport[] {
  const count = source.counts[index] as number;
  const last = source.lasts[index] as number;
  const greatest = source.greatest[index] as number;
  const start = (source.bins[index] as number) * source.width;
  const at = start + (source.when[index] as number);
  if (count <= 1) return [[at, last]];
  const shown = Math.min(count, MAX_REPORTS);
  const sum = ((source.sums[index] as number) / count) * shown;
  const others = shown - 1;
  const hasGreatest = greatest !== last && others > 1;
  const rest = others - (hasGreatest ? 1 : 0);
  const even = (sum - last - (hasGreatest ? greatest : 0)) / rest;
  const values = [...new Array<number>(rest).fill(even), ...(hasGreatest ? [greatest] : [])];
  const reports = values.map(
    (value, i): GaugeReport => [start + ((at - start) * (i + 1)) / (shown + 1), value],
  );
  return [...reports, [at, last]];
}

function scanRing(
  source: Ring,
  from: number,
  to: number,
  visit: (source: Ring, at: number) => boolean,
): boolean {
  const last = Math.ceil(to / source.width) - 1;
  const first = Math.max(Math.floor(from / source.width), last - source.bins.length + 1);
  for (let bin = last; bin >= first; bin--) {
    const at = bin % source.bins.length;
    if (source.bins[at] === bin && visit(source, at)) return true;
  }
  return false;
}

function put(target: Ring, time: number, value: number): void {
  // A report is of the time before it: what is told on a border belongs to the bin that ends there.
  const bin = Math.ceil(time / target.width) - 1;
  const at = bin % target.bins.length;
  const held = target.bins[at] as number;
  if (held > bin) return;
  const offset = time - bin * target.width;
  if (held < bin) {
    target.bins[at] = bin;
    target.sums[at] = 0;
    target.counts[at] = 0;
    target.greatest[at] = value;
    target.when[at] = -1;
  }
  target.sums[at] = (target.sums[at] as number) + value;
  target.counts[at] = (target.counts[at] as number) + 1;
  if (value > (target.greatest[at] as number)) target.greatest[at] = value;
  if (offset >= (target.when[at] as number)) {
    target.lasts[at] = value;
    target.when[at] = offset;
  }
}

/** Columns of one buffer: a buffer of its own for each would cost as much again as many of them hold. */
function ring(width: number, length: number): Ring {
  const buffer = new ArrayBuffer(length * BIN_BYTES);
  const floats = (column: number) => new Float32Array(buffer, 4 * length * column, length);
  return {
    width,
    bins: new Int32Array(buffer, 0, length).fill(-1),
    sums: floats(1),
    greatest: floats(2),
    lasts: floats(3),
    when: floats(4),
    counts: new Uint16Array(buffer, 4 * length * 5, length),
  };
}

function size(target: Ring): number {
  return target.bins.length * BIN_BYTES + RING_OBJECTS;
}
