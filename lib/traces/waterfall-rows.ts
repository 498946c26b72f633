/** What a waterfall draws, as columns: a window of the rows that are shown, with true totals. */
import type { RowsAnswer } from '@/lib/api/traces';
import type { AnalysedTrace } from './analysed-trace';
import { layoutRows } from './row-layout';
import type { RowsWindow } from './rows-window';
import { searchRows } from './span-search';

const MAX_MATCHES = 2_000;

/** What the columns tell; what decoded spans add comes to it. */
export type RowsOfTrace = Omit<RowsAnswer, 'revision' | 'marks'>;

/** `extra` adds searchable text of a row (attributes, events), in lower case. */
export function rowsAnswer(
  trace: AnalysedTrace,
  window: RowsWindow,
  extra?: (row: number) => string,
): RowsOfTrace {
  const { columns, tree, similar } = trace;
  const found = window.query === '' ? null : searchRows(columns, window.query, extra);
  const wanted = found ? found.slice() : new Uint8Array(columns.length);
  const revealRow = window.reveal === null ? -1 : columns.spanIds.rowOf(window.reveal);
  if (revealRow >= 0) wanted[revealRow] = 1;
  const { shown, opened, folded } = layoutRows(
    columns,
    tree,
    window,
    wanted,
    window.foldSimilar ? similar : null,
  );
  const rows = [...shown.slice(window.offset, window.offset + window.limit)];
  const revealed = revealRow < 0 ? -1 : shown.indexOf(revealRow);
  return {
    ...drawnColumns(trace, rows),
    ...parentsOf(trace, shown, rows),
    totalRows: shown.length,
    offset: window.offset,
    opened: rows.map((row) => opened[row] === 1 || tree.descendants[row] === 0),
    similar: rows.map((row) => similar.others.get(row) ?? 0),
    folded: rows.map((row) => folded.get(row) ?? 0),
    matches: found && matchesOf(shown, found),
    revealed: revealed < 0 ? null : revealed,
  };
}

/** What stands above a row is shown wherever the row is. */
function parentsOf({ columns, tree }: AnalysedTrace, shown: Int32Array, rows: readonly number[]) {
  const place = new Int32Array(columns.length).fill(-1);
  for (let index = 0; index < shown.length; index++) place[shown[index] ?? 0] = index;
  const parents = rows.map((row) => tree.parent[row] ?? -1);
  return {
    parentRow: parents.map((row) => place[row] ?? -1),
    parentSpanId: parents.map((row) => columns.spanIds.at(row)),
  };
}

function drawnColumns({ columns, tree, critical, endMs }: AnalysedTrace, rows: readonly number[]) {
  const pick = (values: Float64Array) => rows.map((row) => finite(values[row]));
  return {
    originUnixNano: columns.originUnixNano.toString(),
    totalSpans: columns.length,
    endMs,
    spanId: rows.map((row) => columns.spanIds.at(row)),
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
    critical: rows.map((row) => critical[row] === 1),
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

function finite(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
