/**
 * The critical path of a trace: the chain of causes of the last thing to finish. Waiting for an outcome is not
 * finishing (a receiver ends last because it waits for all others). A retry was caused by the attempt that failed.
 *
 *     recv  ██──────────────     on it
 *       a    ░██                 not
 *       b    ░░████              on it
 *         c      ░░░░████        on it: nothing ends later
 */
import type { ColumnLink, SpanColumns } from '@/lib/store/span-columns';
import type { AnalysedTrace } from './analysed-trace';
import { buildSpanTree, type SpanTree } from './span-tree';

/** Rows on the critical path, root first. */
export function criticalRows(columns: SpanColumns, tree: SpanTree = buildSpanTree(columns)): number[] {
  if (columns.length === 0) return [];
  return causesWithRetries(columns, tree, lastToFinish(columns, tree));
}

/** The span ids of it, root first. */
export function criticalPath(columns: SpanColumns, tree?: SpanTree): string[] {
  return criticalRows(columns, tree).map((row) => columns.spanIds.at(row));
}

/** Descends from the root whose tree ends last, always into the child whose tree ends last; ties to the earlier. */
function lastToFinish(columns: SpanColumns, tree: SpanTree): number {
  const { length } = columns;
  const ends = new Float64Array(length);
  const latestChild = new Int32Array(length).fill(-1);
  let latestRoot = -1;
  for (let i = length - 1; i >= 0; i--) {
    const row = tree.order[i] ?? 0;
    ends[row] = Math.max(ends[row] ?? 0, finishedAt(columns, row));
    const above = tree.parent[row] ?? -1;
    // Children come before their parents here, later ones first: `>=` leaves a tie to the earlier.
    if (above < 0) {
      if (latestRoot < 0 || (ends[row] ?? 0) >= (ends[latestRoot] ?? 0)) latestRoot = row;
      continue;
    }
    const best = latestChild[above] ?? -1;
    if (best < 0 || (ends[row] ?? 0) >= (ends[best] ?? 0)) latestChild[above] = row;
    ends[above] = Math.max(ends[above] ?? 0, ends[row] ?? 0);
  }
  let row = latestRoot;
  for (let next = row; next >= 0; next = latestChild[next] ?? -1) row = next;
  return row;
}

function finishedAt(columns: SpanColumns, row: number): number {
  const outcome = columns.outcomeWaitMs[row] ?? Number.NaN;
  return (columns.endNs[row] ?? 0) - (outcome > 0 ? outcome * 1e6 : 0);
}

/** Rows from the root to `row`; before an attempt come the attempts that failed, before both the retrying span. */
export function causesWithRetries(columns: SpanColumns, tree: SpanTree, row: number): number[] {
  const failed = failedAttempts(columns);
  const chain: number[] = [];
  const seen = new Set<number>();
  for (let at = row; at >= 0 && !seen.has(at); ) {
    seen.add(at);
    chain.push(at);
    const before = failed.get(at);
    const sibling = before !== undefined && !seen.has(before) && tree.parent[before] === tree.parent[at];
    at = sibling ? before : (tree.parent[at] ?? -1);
  }
  return chain.reverse();
}

function failedAttempts(columns: SpanColumns): Map<number, number> {
  const attempts = new Map<number, number>();
  const retries = columns.links.filter((link) => link.type === 'retry' && link.traceId === columns.traceId);
  if (retries.length === 0) return attempts;
  for (const link of retries) {
    const row = columns.spanIds.rowOf(link.spanId);
    if (row >= 0 && row !== link.row) attempts.set(link.row, row);
  }
  return attempts;
}

export interface MergeWait {
  /** The contributor that came last: what the merge waited for. */
  readonly last: ColumnLink;
  /** The others, longest held first. */
  readonly held: readonly ColumnLink[];
}

/** Of the batches merged into `row`, the one absorbed last (held the shortest); null where nothing was merged. */
export function mergeWait(columns: SpanColumns, row: number): MergeWait | null {
  const merged = columns.links
    .filter((link) => link.row === row && link.type === 'merge')
    .sort((a, b) => held(b) - held(a));
  const last = merged.at(-1);
  return last ? { last, held: merged.slice(0, -1) } : null;
}

function held(link: ColumnLink): number {
  return Number.isNaN(link.heldMs) ? Number.POSITIVE_INFINITY : link.heldMs;
}

export interface JourneyStep {
  readonly traceId: string;
  readonly spanId: string;
}

/** The critical path through merges: before a merge comes the way of its last contributor, in its own trace. */
export function journeyCriticalPath(
  traces: ReadonlyMap<string, Pick<AnalysedTrace, 'columns' | 'tree' | 'criticalRows'>>,
  traceId: string,
): readonly JourneyStep[] {
  const start = traces.get(traceId);
  if (!start) return [];
  let steps: JourneyStep[] = [];
  let here: typeof start | undefined = start;
  let rows = start.criticalRows;
  const seen = new Set<string>();
  while (here && !seen.has(here.columns.traceId)) {
    const { columns }: { readonly columns: SpanColumns } = here;
    seen.add(columns.traceId);
    steps = [...rows.map((row) => ({ traceId: columns.traceId, spanId: columns.spanIds.at(row) })), ...steps];
    const before: ColumnLink | undefined = mergeWait(columns, rows[0] ?? -1)?.last;
    here = before && traces.get(before.traceId);
    const row = before && here ? here.columns.spanIds.rowOf(before.spanId) : -1;
    if (!here || row < 0) break;
    rows = causesWithRetries(here.columns, here.tree, row);
  }
  return steps;
}
