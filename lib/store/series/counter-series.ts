/**
 * A counter: amounts over stretches of time, spread evenly over the bins that the stretch covers. So a source that
 * reports each 2 s reads as smoothly as one that reports each 250 ms, and a window's sum is exact where its ends fall
 * on reports. `total` is everything added since the last `restart`.
 */
import { COARSE_BINS, COARSE_SECONDS, FINE_BINS, overlap, RETENTION_SECONDS } from './resolution';

export interface CounterSeries {
  readonly kind: 'counter';
  readonly total: number;
  /** End of the newest stretch, Unix seconds. */
  readonly newest: number;
  readonly bytes: number;
  /** The first report since the last `restart`: its end (0 where none came) and amount. */
  readonly firstAt: number;
  readonly firstAmount: number;
  add(from: number, to: number, amount: number): void;
  /** Amount within [from, to]; NaN where no bin of it was ever written. */
  sum(from: number, to: number): number;
  /** Forgets the total: a new incarnation counts from zero. */
  restart(): void;
  /** Stretches and amounts within [from, to], oldest first, of the finest bins that are left. */
  stretches(from: number, to: number): CounterStretch[];
  /** Puts back what `stretches` gave, beside the total that belongs to it. */
  restore(
    stretches: readonly CounterStretch[],
    known: { readonly total: number; readonly firstAt: number; readonly firstAmount: number },
  ): void;
}

/** From, to (Unix seconds), amount. */
export type CounterStretch = readonly [number, number, number];

/** What the objects around cost, measured. */
const RING_OBJECTS = 350;
const SERIES_OBJECTS = 1_580;

interface Ring {
  readonly width: number;
  readonly values: Float64Array;
  readonly bins: Int32Array;
}

export function createCounterSeries(fine: boolean): CounterSeries {
  const fineRing = fine ? ring(1, FINE_BINS) : null;
  const coarse = ring(COARSE_SECONDS, COARSE_BINS);
  let total = 0;
  let newest = 0;
  let firstAt = 0;
  let firstAmount = 0;

  const bytes = SERIES_OBJECTS + size(coarse) + (fineRing ? size(fineRing) : 0);
  /** Fine bins from this second on are whole. */
  const fineFrom = () => (fineRing ? Math.floor(newest) - FINE_BINS + 1 : Number.POSITIVE_INFINITY);

  const series: CounterSeries = {
    kind: 'counter',
    bytes,
    get total() {
      return total;
    },
    get newest() {
      return newest;
    },
    get firstAt() {
      return firstAt;
    },
    get firstAmount() {
      return firstAmount;
    },
    add(from, to, amount) {
      total += amount;
      if (firstAt === 0) {
        firstAt = to;
        firstAmount = amount;
      }
      if (to > newest) newest = to;
      const start = Math.max(Math.min(from, to), newest - RETENTION_SECONDS);
      if (to < start) return;
      const perSecond = to > from ? amount / (to - from) : 0;
      spread(coarse, start, to, perSecond, amount, Number.NEGATIVE_INFINITY);
      if (fineRing) spread(fineRing, Math.max(start, fineFrom()), to, perSecond, amount, fineFrom());
    },
    sum(from, to) {
      const border = fineFrom();
      let found = false;
      let sum = 0;
      const read = (source: Ring, low: number, high: number) => {
        if (high < low) return;
        const last = Math.ceil(high / source.width) - 1;
        const first = Math.max(Math.floor(low / source.width), last - source.bins.length + 1);
        for (let bin = first; bin <= last; bin++) {
          const at = bin % source.bins.length;
          if (source.bins[at] !== bin) continue;
          const share = shareWithin(bin, source.width, low, high, newest);
          if (share === 0) continue;
          found = true;
          sum += (source.values[at] as number) * share;
        }
      };
      if (from < border) read(coarse, from, Math.min(to, border));
      if (fineRing && to > border) read(fineRing, Math.max(from, border), to);
      return found ? sum : Number.NaN;
    },
    restart() {
      total = 0;
      firstAt = 0;
      firstAmount = 0;
    },
    stretches(from, to) {
      const found: CounterStretch[] = [];
      const border = fineFrom();
      const read = (source: Ring, low: number, high: number) => {
        for (let bin = Math.floor(low / source.width); bin * source.width < high; bin++) {
          const at = bin % source.bins.length;
          const value = source.values[at] as number;
          if (source.bins[at] !== bin) continue;
          const start = bin * source.width;
          const end = Math.min(start + source.width, newest);
          if (end > start) found.push([start, end, value]);
        }
      };
      // A coarse bin that reaches over the border would count its fine ones twice.
      const fine = fineRing ? Math.ceil(border / COARSE_SECONDS) * COARSE_SECONDS : Number.POSITIVE_INFINITY;
      if (from < fine) read(coarse, from, Math.min(to, fine));
      if (fineRing && to > fine) read(fineRing, Math.max(from, fine), to);
      return found;
    },
    restore(stretches, known) {
      for (const [from, to, amount] of stretches) series.add(from, to, amount);
      total = known.total;
      firstAt = known.firstAt;
      firstAmount = known.firstAmount;
    },
  };
  return series;
}

/** The newest bin holds what came until `newest`, not until its end: its amount lies in that part of it. */
function shareWithin(bin: number, width: number, low: number, high: number, newest: number): number {
  const start = bin * width;
  if (newest >= start + width) return overlap(bin, width, low, high);
  if (high >= newest) return low <= start ? 1 : Math.max(0, (newest - low) / (newest - start));
  return newest <= start ? 0 : Math.max(0, (high - Math.max(low, start)) / (newest - start));
}

function spread(
  target: Ring,
  from: number,
  to: number,
  perSecond: number,
  whole: number,
  oldest: number,
): void {
  const last = Math.max(Math.floor(from / target.width), Math.ceil(to / target.width) - 1);
  const first = Math.max(Math.floor(from / target.width), last - target.bins.length + 1);
  for (let bin = first; bin <= last; bin++) {
    if (bin * target.width < oldest) continue;
    const share = overlap(bin, target.width, from, to) * target.width;
    // A stretch without length (start time not told) falls into the bin of its end.
    const amount = perSecond === 0 && to <= from ? whole : share * perSecond;
    put(target, bin, amount);
  }
}

function put(target: Ring, bin: number, amount: number): void {
  const at = bin % target.bins.length;
  const held = target.bins[at] as number;
  if (held > bin) return;
  if (held < bin) {
    target.bins[at] = bin;
    target.values[at] = 0;
  }
  target.values[at] = (target.values[at] as number) + amount;
}

/** Columns of one buffer: a buffer of its own for each would cost as much again as many of them hold. */
function ring(width: number, length: number): Ring {
  const buffer = new ArrayBuffer(length * (8 + 4));
  return {
    width,
    values: new Float64Array(buffer, 0, length),
    bins: new Int32Array(buffer, 8 * length, length).fill(-1),
  };
}

function size(target: Ring): number {
  return target.values.byteLength + target.bins.byteLength + RING_OBJECTS;
}
