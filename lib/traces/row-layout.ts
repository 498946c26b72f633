/**
 * Which rows of a waterfall are shown, in order: the tree less what is folded away and what lies outside the time
 * asked for. Ancestors of what is searched or asked for are opened. One pass over the tree's order, no recursion.
 */
import type { SpanColumns } from '@/lib/store/span-columns';
import type { RowsWindow } from './rows-window';
import type { SimilarRows } from './similar-rows';
import type { SpanTree } from './span-tree';

export interface RowLayout {
  /** Rows of the columns, in the order they are drawn. */
  readonly shown: Int32Array;
  /** By row of the columns: 0 where the rows below it are folded away. */
  readonly opened: Uint8Array;
  /** By row that is shown for others like it: how many of them are not shown. */
  readonly folded: ReadonlyMap<number, number>;
}

type Folds = Pick<RowsWindow, 'from' | 'to' | 'depth' | 'toggled' | 'shut' | 'closedNodes' | 'unfolded'>;

export function layoutRows(
  columns: SpanColumns,
  tree: SpanTree,
  window: Folds,
  /** Rows that must be seen: they are never folded behind one like them. */
  wanted: Uint8Array,
  similar: SimilarRows | null,
): RowLayout {
  const forceOpen = ancestorsOf(tree, wanted);
  const opened = openedRows(columns, tree, window, forceOpen);
  const within = rowsWithin(columns, tree, window.from, window.to);
  const behind = (row: number): number => {
    const by = similar?.shownBy[row] ?? -1;
    if (by < 0 || by === row || wanted[row] === 1 || forceOpen[row] === 1 || within[by] === 0) return -1;
    return window.unfolded.size > 0 && window.unfolded.has(columns.spanIds.at(by)) ? -1 : by;
  };
  const folded = new Map<number, number>();
  const shown = new Int32Array(tree.length);
  let count = 0;
  for (let i = 0; i < tree.length; ) {
    const row = tree.order[i] ?? 0;
    if (within[row] === 0) {
      i += 1 + (tree.descendants[row] ?? 0);
      continue;
    }
    const by = behind(row);
    if (by >= 0) {
      folded.set(by, (folded.get(by) ?? 0) + 1);
      i += 1 + (tree.descendants[row] ?? 0);
      continue;
    }
    shown[count++] = row;
    i += opened[row] === 0 ? 1 + (tree.descendants[row] ?? 0) : 1;
  }
  return { shown: shown.slice(0, count), opened, folded };
}

/** Marks the ancestors of each row marked in `rows`. */
export function ancestorsOf(tree: SpanTree, rows: Uint8Array): Uint8Array {
  const above = new Uint8Array(tree.length);
  for (let i = tree.length - 1; i >= 0; i--) {
    const row = tree.order[i] ?? 0;
    const parent = tree.parent[row] ?? -1;
    if (parent >= 0 && (rows[row] === 1 || above[row] === 1)) above[parent] = 1;
  }
  return above;
}

function openedRows(
  columns: SpanColumns,
  tree: SpanTree,
  window: Pick<RowsWindow, 'depth' | 'toggled' | 'shut' | 'closedNodes'>,
  forceOpen: Uint8Array,
): Uint8Array {
  const opened = new Uint8Array(tree.length);
  const closed = columns.nodes.map((node) => window.closedNodes.has(node));
  for (let row = 0; row < tree.length; row++) {
    const shallow = window.depth === null || (tree.depth[row] ?? 0) < window.depth;
    const byDepth = shallow && closed[columns.node[row] ?? 0] !== true;
    const toggled = window.toggled.size > 0 && window.toggled.has(columns.spanIds.at(row));
    const shut = window.shut.size > 0 && window.shut.has(columns.spanIds.at(row));
    opened[row] = !shut && (byDepth !== toggled || forceOpen[row] === 1) ? 1 : 0;
  }
  return opened;
}

/** Rows that touch [from, to], waiting included, or have one below them that does. */
function rowsWithin(
  columns: SpanColumns,
  tree: SpanTree,
  from: bigint | null,
  to: bigint | null,
): Uint8Array {
  const within = new Uint8Array(tree.length).fill(1);
  if (from === null && to === null) return within;
  const fromNs = from === null ? Number.NEGATIVE_INFINITY : Number(from - columns.originUnixNano);
  const toNs = to === null ? Number.POSITIVE_INFINITY : Number(to - columns.originUnixNano);
  for (let row = 0; row < tree.length; row++) {
    const wait = columns.waitMs[row] ?? 0;
    const begin = (columns.startNs[row] ?? 0) - (wait > 0 ? wait * 1e6 : 0);
    within[row] = begin <= toNs && (columns.endNs[row] ?? 0) >= fromNs ? 1 : 0;
  }
  const above = ancestorsOf(tree, within);
  for (let row = 0; row < tree.length; row++) if (above[row] === 1) within[row] = 1;
  return within;
}
