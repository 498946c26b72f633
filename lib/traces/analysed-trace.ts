/** What every answer about a trace needs of it, worked out once: its tree, its critical path, what in it is alike. */
import type { NodeTimes, TraceOverview, TravelledPath } from '@/lib/api/traces';
import { runAtOnce, type Sliced } from '@/lib/base/slices';
import type { SpanColumns } from '@/lib/store/span-columns';
import { criticalRows } from './critical-path';
import { nodeTimes } from './node-times';
import { type SimilarRows, similarRowsSteps } from './similar-rows';
import { type SpanTree, spanTreeSteps } from './span-tree';
import { traceOverview } from './trace-overview';
import { travelledPath } from './travelled-path';
import { wayThrough } from './way-through';

export interface AnalysedTrace {
  readonly columns: SpanColumns;
  readonly tree: SpanTree;
  /** Rows of the critical path, root first; and the same by row, 1 where it is on it. */
  readonly criticalRows: readonly number[];
  readonly critical: Uint8Array;
  readonly similar: SimilarRows;
  /** Latest moment, milliseconds after the origin. */
  readonly endMs: number;
  readonly path: TravelledPath;
  readonly statistics: readonly NodeTimes[];
  readonly overview: TraceOverview;
}

export function analyseTrace(columns: SpanColumns): AnalysedTrace {
  return runAtOnce(analyseTraceSteps(columns));
}

export function* analyseTraceSteps(columns: SpanColumns): Sliced<AnalysedTrace> {
  const tree = yield* spanTreeSteps(columns);
  yield;
  const rows = criticalRows(columns, tree);
  const critical = new Uint8Array(columns.length);
  for (const row of rows) critical[row] = 1;
  yield;
  const similar = yield* similarRowsSteps(columns, tree, critical);
  yield;
  const path = travelledPath(columns, wayThrough(columns, tree));
  yield;
  const statistics = nodeTimes(columns, tree);
  yield;
  const overview = traceOverview(columns, tree);
  return {
    columns,
    tree,
    criticalRows: rows,
    critical,
    similar,
    endMs: overview.endMs,
    path,
    statistics,
    overview,
  };
}
