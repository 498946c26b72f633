/** A whole trace in a bounded number of strokes, for the strip above the waterfall. */
import type { TraceOverview } from '@/lib/api/traces';
import type { SpanColumns } from '@/lib/store/span-columns';
import { type HopTimeKind, hopSegments } from './hop-times';
import { buildSpanTree, type SpanTree } from './span-tree';

const MAX_LANES = 150;
const MAX_STROKES = 600;
export const OVERVIEW_KINDS: readonly HopTimeKind[] = ['waiting', 'working', 'held', 'blocked', 'outcome'];

/** Rows are thinned evenly where there are more than lanes; each lane then shows the first row that falls into it. */
export function traceOverview(columns: SpanColumns, tree: SpanTree = buildSpanTree(columns)): TraceOverview {
  const lanes = Math.min(MAX_LANES, columns.length);
  const overview = {
    originUnixNano: columns.originUnixNano.toString(),
    endMs: lastMoment(columns),
    lanes,
    lane: [] as number[],
    fromMs: [] as number[],
    toMs: [] as number[],
    kind: [] as number[],
  };
  // What a merge held, it held before it began: that is drawn where its contributors are.
  const merged = new Set(columns.links.filter((link) => link.type === 'merge').map((link) => link.row));
  for (let lane = 0; lane < lanes; lane++) {
    const row = tree.order[Math.floor((lane * columns.length) / lanes)] ?? 0;
    const start = (columns.startNs[row] ?? 0) / 1e6;
    const segments = hopSegments({
      startMs: start,
      durationMs: (columns.endNs[row] ?? 0) / 1e6 - start,
      waitMs: finite(columns.waitMs[row]),
      workMs: finite(columns.workMs[row]),
      blockedMs: finite(columns.blockedMs[row]),
      outcomeWaitMs: finite(columns.outcomeWaitMs[row]),
      heldMs: merged.has(row) ? null : finite(columns.heldMs[row]),
    });
    for (const segment of segments) {
      if (overview.lane.length >= MAX_STROKES) return overview;
      overview.lane.push(lane);
      overview.fromMs.push(segment.fromMs);
      overview.toMs.push(segment.toMs);
      overview.kind.push(OVERVIEW_KINDS.indexOf(segment.kind));
    }
  }
  return overview;
}

function lastMoment(columns: SpanColumns): number {
  let last = 0;
  for (let row = 0; row < columns.length; row++) last = Math.max(last, columns.endNs[row] ?? 0);
  return last / 1e6;
}

function finite(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
