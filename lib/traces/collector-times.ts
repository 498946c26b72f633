/**
 * What a Collector's trace tells as a whole, in its own attributes and in the shape of its spans: how many items it held, and
 * how long they waited in sending queues. What is not waiting is working, each moment once: an attempt lies inside of the
 * export that makes it, and that inside of nothing that works meanwhile.
 *
 *   enqueue ├─┤                                    waiting  ░░░░░
 *   export      ░░░░░├──────────────┤              working  the moments in which any span runs
 *   attempts         ├──┤      ├────┤
 */
import type { SpanDetail } from '@/lib/model/span';
import type { SpanColumns } from '@/lib/store/span-columns';
import { queueWaitMs } from './collector-spans';

/** Of a receiver's span, in whichever signal; of an export. */
const TAKEN = /^(accepted|refused|failed)_(spans|log_records|metric_points)$/;
const SENT = ['items.sent', 'items.failed'];

/** Null where the span tells of none. */
export function collectorItems({ attributes }: Pick<SpanDetail, 'attributes'>): number | null {
  let items: number | null = null;
  for (const [key, value] of Object.entries(attributes)) {
    if (!TAKEN.test(key) && !SENT.includes(key)) continue;
    const count = Number(value);
    if (Number.isFinite(count)) items = (items ?? 0) + count;
  }
  return items;
}

export interface CollectorTimes {
  readonly waitMs: number;
  readonly workMs: number;
}

export function collectorTimes(columns: SpanColumns): CollectorTimes {
  let waitMs = 0;
  let workNs = 0;
  let until = Number.NEGATIVE_INFINITY;
  // Rows are in order of their start.
  for (let row = 0; row < columns.length; row++) {
    waitMs += queueWaitMs(columns, row) ?? 0;
    const start = columns.startNs[row] as number;
    const end = columns.endNs[row] as number;
    if (end > until) workNs += end - Math.max(start, until);
    until = Math.max(until, end);
  }
  return { waitMs, workMs: workNs / 1e6 };
}

/**
 * Calls in a Collector are synchronous: a span lasts for as long as all below it. Of each row, milliseconds in which none
 * of its children ran; overlapping ones counted once. Rows are in order of their start.
 */
export function ownWork(columns: SpanColumns): Float64Array {
  const work = Float64Array.from(
    columns.startNs,
    (start, row) => ((columns.endNs[row] as number) - start) / 1e6,
  );
  const until = Float64Array.from(columns.startNs);
  for (let row = 0; row < columns.length; row++) {
    const parent = columns.parent[row] as number;
    if (parent < 0) continue;
    const from = Math.max(columns.startNs[row] as number, until[parent] as number);
    const to = Math.min(columns.endNs[row] as number, columns.endNs[parent] as number);
    if (to <= from) continue;
    work[parent] = (work[parent] as number) - (to - from) / 1e6;
    until[parent] = to;
  }
  return work;
}
