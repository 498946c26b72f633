/** The batches within one trace, and what leads from one to another: splits inside it, links to other traces. */
import type { ColumnLink, SpanColumns } from '@/lib/store/span-columns';
import { buildSpanTree, type SpanTree } from './span-tree';

export interface TraceBatch {
  readonly traceId: string;
  readonly batchId: string;
  /** The batch's first span in tree order. */
  readonly rootRow: number;
  readonly fromNs: number;
  readonly toNs: number;
  readonly items: number | null;
  readonly failed: boolean;
  readonly spans: number;
  readonly nodeIds: readonly string[];
  readonly contributors: number;
}

export interface BatchEdge {
  readonly from: BatchRef;
  readonly to: BatchRef;
  readonly type: ColumnLink['type'];
  readonly items: number | null;
  readonly heldMs: number | null;
}

/** A batch is told by one of its spans, because only span ids are on both ends of a link. */
export interface BatchRef {
  readonly traceId: string;
  readonly spanId: string;
}

export function batchesOf(columns: SpanColumns, tree: SpanTree = buildSpanTree(columns)): TraceBatch[] {
  const rowsOf = new Map<number, number[]>();
  for (const row of tree.order) {
    const batch = columns.batch[row] ?? 0;
    const rows = rowsOf.get(batch);
    if (rows) rows.push(row);
    else rowsOf.set(batch, [row]);
  }
  const contributors = new Map<number, number>();
  for (const { row, type } of columns.links) {
    const batch = columns.batch[row] ?? 0;
    if (type === 'merge') contributors.set(batch, (contributors.get(batch) ?? 0) + 1);
  }
  return [...rowsOf].map(([batch, rows]) =>
    describeBatch(columns, batch, rows, contributors.get(batch) ?? 0),
  );
}

function describeBatch(
  columns: SpanColumns,
  batch: number,
  rows: readonly number[],
  contributors: number,
): TraceBatch {
  const rootRow = rows[0] ?? 0;
  const wait = columns.waitMs[rootRow] ?? 0;
  let fromNs = (columns.startNs[rootRow] ?? 0) - (wait > 0 ? wait * 1e6 : 0);
  let toNs = 0;
  for (const row of rows) {
    fromNs = Math.min(fromNs, columns.startNs[row] ?? 0);
    toNs = Math.max(toNs, columns.endNs[row] ?? 0);
  }
  return {
    traceId: columns.traceId,
    batchId: columns.batches[batch] ?? '',
    rootRow,
    fromNs,
    toNs,
    items: known(columns.items[rootRow]),
    failed: rows.some((row) => columns.status[row] === 2),
    spans: rows.length,
    nodeIds: [...new Set(rows.map((row) => columns.nodes[columns.node[row] ?? 0] ?? ''))],
    contributors,
  };
}

/**
 * Edges into the batches of this trace: a child span of another batch than its parent's is a split; a link leads from
 * the span it names. Retries and control links within one batch are no lineage; control links never are.
 */
export function edgesInto(columns: SpanColumns, tree: SpanTree = buildSpanTree(columns)): BatchEdge[] {
  const edges: BatchEdge[] = [];
  const ref = (row: number): BatchRef => ({ traceId: columns.traceId, spanId: columns.spanIds.at(row) });
  for (const row of tree.order) {
    const parent = tree.parent[row] ?? -1;
    if (parent < 0 || columns.batch[parent] === columns.batch[row]) continue;
    edges.push({
      from: ref(parent),
      to: ref(row),
      type: 'split',
      items: known(columns.items[row]),
      heldMs: null,
    });
  }
  for (const link of columns.links) {
    const local = link.traceId === columns.traceId;
    if (link.type === 'control' || (local && link.type !== 'merge')) continue;
    edges.push({
      from: { traceId: link.traceId, spanId: link.spanId },
      to: ref(link.row),
      type: link.type,
      items: known(link.items),
      heldMs: known(link.heldMs),
    });
  }
  return edges;
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
