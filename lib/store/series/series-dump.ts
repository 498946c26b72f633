/**
 * Series of one engine as plain numbers, to be put into a file and back: times in seconds after an origin, so that
 * moving the origin moves them all. What is written back reads as before, bin by bin, where the origin has moved by
 * whole decades (`COARSE_SECONDS`).
 */
import type { Entity, FactAttributes, Measure } from '@/lib/model/facts';
import type { CounterSeries } from './counter-series';
import type { GaugeSeries } from './gauge-series';
import type { HistogramSeries } from './histogram-series';
import type { MeasureGroup } from './measure-groups';
import type { FigureSource, StoredSeries } from './series-store';

export interface SeriesHead {
  readonly interval: number;
  readonly source: FigureSource;
  readonly told: readonly Measure[];
  readonly toldOfAll: readonly Measure[];
  /** For each group the stretches over which it was told: from, to, and how much of it in seconds. */
  readonly coverage: readonly {
    readonly group: MeasureGroup;
    readonly stretches: readonly (readonly number[])[];
  }[];
}

export interface DumpedSeries {
  readonly entity: Entity;
  readonly measure: Measure;
  readonly attributes: FactAttributes;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /**
   * Counter: from, to, amount. Gauge: at, value. Histogram: at, count, sum, min, max, zero count, then index and count
   * of each bucket; one of which only figures are left: at, then those, in `old`. What is not known is null.
   */
  readonly rows: readonly (readonly (number | null)[])[];
  readonly old?: readonly (readonly (number | null)[])[];
  /** Counter: the total, and the first report's time and amount. */
  readonly known?: readonly number[];
}

export function dumpSeries(
  stored: StoredSeries,
  origin: number,
  from: number,
  to: number,
): DumpedSeries | null {
  const { entity, measure, attributes, data } = stored;
  const head = { entity, measure, attributes, kind: data.kind };
  if (data.kind === 'counter') return dumpCounter(head, data, origin, from, to);
  if (data.kind === 'gauge') {
    const rows = data.reports(from, to).map(([at, value]) => [short(at - origin), value]);
    return rows.length > 0 ? { ...head, rows } : null;
  }
  return dumpHistogram(head, data, origin, from, to);
}

type Head = Pick<DumpedSeries, 'entity' | 'measure' | 'attributes' | 'kind'>;

function dumpCounter(
  head: Head,
  data: CounterSeries,
  origin: number,
  from: number,
  to: number,
): DumpedSeries | null {
  const rows = data
    .stretches(from, to)
    .map(([start, end, amount]) => [short(start - origin), short(end - origin), amount]);
  if (rows.length === 0) return null;
  const firstAt = data.firstAt === 0 ? 0 : short(data.firstAt - origin);
  return { ...head, rows, known: [data.total, firstAt, data.firstAmount] };
}

function dumpHistogram(
  head: Head,
  data: HistogramSeries,
  origin: number,
  from: number,
  to: number,
): DumpedSeries | null {
  const rows: (number | null)[][] = [];
  const old: (number | null)[][] = [];
  for (const stretch of data.stretches(from, to)) {
    const at = short(stretch.at - origin);
    if ('values' in stretch) {
      old.push([at, ...stretch.values.map(known)]);
      continue;
    }
    const { count, sum, min, max, zeroCount, offset, buckets } = stretch.histogram;
    const row = [at, count, sum, known(min), known(max), zeroCount];
    for (const [i, held] of buckets.entries()) if (held > 0) row.push(offset + i, held);
    rows.push(row);
  }
  if (rows.length + old.length === 0) return null;
  return { ...head, rows, ...(old.length > 0 ? { old } : {}) };
}

/** Writes rows into a series that is empty and of that kind. */
export function loadSeries(
  data: CounterSeries | GaugeSeries | HistogramSeries,
  dumped: DumpedSeries,
  origin: number,
): void {
  const num = (row: readonly (number | null)[], i: number) => row[i] ?? Number.NaN;
  if (data.kind === 'counter') {
    const [total = 0, firstAt = 0, firstAmount = 0] = dumped.known ?? [];
    const stretches = dumped.rows.map(
      (row) => [num(row, 0) + origin, num(row, 1) + origin, num(row, 2)] as const,
    );
    data.restore(stretches, { total, firstAt: firstAt === 0 ? 0 : firstAt + origin, firstAmount });
  } else if (data.kind === 'gauge') {
    for (const row of dumped.rows) data.add(num(row, 0) + origin, num(row, 1));
  } else {
    const all = [
      ...(dumped.old ?? []).map((row) => ({ row, isOld: true })),
      ...dumped.rows.map((row) => ({ row, isOld: false })),
    ].sort((a, b) => num(a.row, 0) - num(b.row, 0));
    for (const { row, isOld } of all) {
      const at = num(row, 0) + origin;
      if (isOld)
        data.addOld(
          at,
          row.slice(1).map((value) => value ?? Number.NaN),
        );
      else data.add(at, histogramOf(row));
    }
  }
}

function histogramOf(row: readonly (number | null)[]) {
  const num = (i: number) => row[i] ?? Number.NaN;
  const first = row.length > 6 ? num(6) : 0;
  const last = row.length > 6 ? num(row.length - 2) : -1;
  const buckets = new Float64Array(Math.max(0, last - first + 1));
  for (let i = 6; i + 1 < row.length; i += 2) buckets[num(i) - first] = num(i + 1);
  const [count, sum, min, max, zeroCount] = [num(1), num(2), num(3), num(4), num(5)];
  return { scale: 7, count, sum, min, max, zeroCount, offset: first, buckets };
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Microseconds are what a Unix time in a double still tells. */
function short(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
