/** What a waterfall draws, as columns: a window of the rows that are shown, with true totals. */
import type { RowsAnswer } from '@/lib/api/traces';
import type { SpanColumns } from '@/lib/store/span-columns';
import { criticalRows } from './critical-path';
import { ancestorsOf, layoutRows } from './row-layout';
import type { RowsWindow } from './rows-window';
import { searchRows } from './span-search';
import { buildSpanTree, type SpanTree } from './span-tree';

const MAX_MATCHES = 2_000;

/** `extra` adds searchable text of a row (attributes, events), in lower case. */
export function rowsAnswer(
  columns: SpanColumns,
  window: RowsWindow,
  extra?: (row: number) => string,
): RowsAnswer {
  const tree = buildSpanTree(columns);
  const found = window.query === '' ? null : searchRows(columns, window.query, extra);
  const wanted = found ? found.slice() : new Uint8Array(columns.length);
  const revealRow = window.reveal === null ? -1 : columns.spanIds.indexOf(window.reveal);
  if (revealRow >= 0) wanted[revealRow] = 1;
  const { shown, opened } = layoutRows(columns, tree, window, ancestorsOf(tree, wanted));
  const rows = [...shown.slice(window.offset, window.offset + window.limit)];
  const revealed = revealRow < 0 ? -1 : shown.indexOf(revealRow);
  return {
    ...drawnColumns(columns, tree, rows),
    totalRows: shown.length,
    offset: window.offset,
    opened: rows.map((row) => opened[row] === 1 || tree.descendants[row] === 0),
    marks: [],
    matches: found && matchesOf(shown, found),
    revealed: revealed < 0 ? null : revealed,
  };
}

function drawnColumns(columns: SpanColumns, tree: SpanTree, rows: readonly number[]) {
  const critical = new Set(criticalRows(columns, tree));
  const pick = (values: Float64Array) => rows.map((row) => finite(values[row]));
  return {
    originUnixNano: columns.originUnixNano.toString(),
    totalSpans: columns.length,
    endMs: lastMoment(columns),
    spanId: rows.map((row) => columns.spanIds[row] ?? ''),
    depth: rows.map((row) => tree.depth[row] ?? 0),
    descendants: rows.map((row) => tree.descendants[row] ?? 0),
    node: rows.map((row) => columns.nodes[columns.node[row] ?? 0] ?? ''),
    name: rows.map((row) => columns.names[columns.name[row] ?? 0] ?? ''),
    batch: rows.map((row) => columns.batches[columns.batch[row] ?? 0] ?? ''),
    startMs: rows.map((row) => (columns.startNs[row] ?? 0) / 1e6),
    durationMs: rows.map((row) => ((columns.endNs[row] ?? 0) - (columns.startNs[row] ?? 0)) / 1e6),
    waitMs: pick(columns.waitMs),
    workMs: pick(columns.workMs),
    blockedMs: pick(columns.blockedMs),
    outcomeWaitMs: pick(columns.outcomeWaitMs),
    heldMs: pick(columns.heldMs),
    items: pick(columns.items),
    status: rows.map((row) => columns.status[row] ?? 0),
    critical: rows.map((row) => critical.has(row)),
  };
}

function matchesOf(shown: Int32Array, found: Uint8Array): { rows: number[]; total: number } {
  const rows: number[] = [];
  let total = 0;
  for (let index = 0; index < shown.length; index++) {
    if (found[shown[index] ?? 0] !== 1) continue;
    total++;
    if (rows.length < MAX_MATCHES) rows.push(index);
  }
  return { rows, total };
}

export function lastMoment(columns: SpanColumns): number {
  let last = 0;
  for (let row = 0; row < columns.length; row++) last = Math.max(last, columns.endNs[row] ?? 0);
  return last / 1e6;
}

function finite(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
