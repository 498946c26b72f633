/** From an answer's columns to what a chart draws: the busiest series, one row a step, and a table of the same. */
import type { MetricSeries, MetricsAnswer } from '@/lib/api/metrics';
import { unixMsFromNano } from '@/lib/base/format';

export interface ChartLine {
  /** Key into a row; safe for any id. */
  readonly key: string;
  readonly id: string;
  readonly split: string;
}

export type ChartRow = { readonly t: number } & Readonly<Record<string, number | null>>;

export interface ChartData {
  readonly lines: readonly ChartLine[];
  readonly rows: readonly ChartRow[];
  /** Series that were left out because more than `limit` matched. */
  readonly hidden: number;
}

/** Lines that can be told apart by colour in one chart. */
export const MAX_LINES = 8;

/** What splits a figure, of all ids together, in the answer's order; splits that never counted anything are left out. */
export function acrossIds(series: readonly MetricSeries[]): readonly MetricSeries[] {
  const bySplit = new Map<string, (number | null)[]>();
  for (const { split, values } of series) {
    const sums = bySplit.get(split);
    if (!sums) bySplit.set(split, [...values]);
    else
      values.forEach((value, step) => {
        if (value !== null) sums[step] = (sums[step] ?? 0) + value;
      });
  }
  return [...bySplit]
    .map(([split, values]) => ({ id: '', split, values }))
    .filter(({ values }) => sumOf(values) > 0);
}

/**
 * Keeps the `limit` series with the largest sum. Order among them is by id, then as answered, so that colours do not
 * jump and sizes stand in their order.
 */
export function chartData(
  answer: MetricsAnswer,
  arrange: (series: readonly MetricSeries[]) => readonly MetricSeries[],
  limit = MAX_LINES,
): ChartData {
  const matching = arrange(answer.series);
  const kept = [...matching]
    .sort((a, b) => sumOf(b.values) - sumOf(a.values))
    .slice(0, limit)
    .sort((a, b) => compare(a.id, b.id) || matching.indexOf(a) - matching.indexOf(b));
  const startMs = unixMsFromNano(answer.fromUnixNano) ?? 0;
  const rows = Array.from({ length: answer.steps }, (_, step) => {
    const row: Record<string, number | null> = {};
    kept.forEach((series, index) => {
      row[`s${index}`] = series.values[step] ?? null;
    });
    return { ...row, t: startMs + step * answer.stepMs } as ChartRow;
  });
  return {
    lines: kept.map((series, index) => ({ key: `s${index}`, id: series.id, split: series.split })),
    rows,
    hidden: matching.length - kept.length,
  };
}

/** The newest figure of a line that is known; null where none is. */
export function lastValue(rows: readonly ChartRow[], key: string): number | null {
  for (let i = rows.length - 1; i >= 0; i--) {
    const value = rows[i]?.[key];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** Whole, readable steps on a time axis: at most `count` ticks at multiples of a round number of seconds. */
export function timeTicks(fromMs: number, toMs: number, count: number): number[] {
  const span = Math.max(1, toMs - fromMs);
  const step = ROUND_SECONDS.map((seconds) => seconds * 1_000).find((ms) => span / ms <= count) ?? 3_600_000;
  const ticks: number[] = [];
  for (let tick = Math.ceil(fromMs / step) * step; tick <= toMs; tick += step) ticks.push(tick);
  return ticks;
}

const ROUND_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600];

function sumOf(values: readonly (number | null)[]): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value ?? 0);
  return sum;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
