/**
 * The tree of a trace's spans, made safe: a parent that never came, points at itself or closes a cycle is no parent.
 * Everything that walks a trace walks this, so that it ends.
 */
import { runAtOnce, type Sliced } from '@/lib/base/slices';
import type { SpanColumns } from '@/lib/store/span-columns';

export interface SpanTree {
  readonly length: number;
  /** Row of the parent, −1 where there is none that can be followed. */
  readonly parent: Int32Array;
  /** Rows in the order of a waterfall: each span before its children, children by start. */
  readonly order: Int32Array;
  /** By row. */
  readonly depth: Int32Array;
  /** By row: rows below it. */
  readonly descendants: Int32Array;
}

/** Rows after which other work may run. */
const ROWS_A_SLICE = 16_384;

export function buildSpanTree(columns: SpanColumns): SpanTree {
  return runAtOnce(spanTreeSteps(columns));
}

export function* spanTreeSteps(columns: SpanColumns): Sliced<SpanTree> {
  const { length } = columns;
  const parent = yield* safeParents(columns.parent, length);
  // Children as chains of rows; built from the last, so that each chain is by start.
  const firstChild = new Int32Array(length).fill(-1);
  const nextSibling = new Int32Array(length).fill(-1);
  let firstRoot = -1;
  for (let row = length - 1; row >= 0; row--) {
    const above = at(parent, row);
    nextSibling[row] = above < 0 ? firstRoot : at(firstChild, above);
    if (above < 0) firstRoot = row;
    else firstChild[above] = row;
    if (row % ROWS_A_SLICE === 1) yield;
  }
  const order = new Int32Array(length);
  const depth = new Int32Array(length);
  let placed = 0;
  let row = firstRoot;
  while (row >= 0) {
    const above = at(parent, row);
    depth[row] = above < 0 ? 0 : at(depth, above) + 1;
    order[placed++] = row;
    if (placed % ROWS_A_SLICE === 0) yield;
    row = following(row, parent, firstChild, nextSibling);
  }
  const descendants = new Int32Array(length);
  for (let i = length - 1; i >= 0; i--) {
    const below = at(order, i);
    const above = at(parent, below);
    if (above >= 0) descendants[above] = at(descendants, above) + at(descendants, below) + 1;
  }
  return { length, parent, order, depth, descendants };
}

/** Rows from the root down to `row`, both included. */
export function causesOf(tree: SpanTree, row: number): number[] {
  const chain: number[] = [];
  for (let at = row; at >= 0; at = tree.parent[at] ?? -1) chain.push(at);
  return chain.reverse();
}

function following(row: number, parent: Int32Array, firstChild: Int32Array, nextSibling: Int32Array): number {
  const child = at(firstChild, row);
  if (child >= 0) return child;
  for (let up = row; up >= 0; up = at(parent, up)) {
    const sibling = at(nextSibling, up);
    if (sibling >= 0) return sibling;
  }
  return -1;
}

/** Follows every chain once; the earliest row of a cycle becomes a root. */
function* safeParents(given: Int32Array, length: number): Sliced<Int32Array> {
  const parent = new Int32Array(length).fill(-1);
  const settled = new Uint8Array(length);
  const onPath = new Int32Array(length).fill(-1);
  for (let from = 0; from < length; from++) {
    if (from % ROWS_A_SLICE === ROWS_A_SLICE - 1) yield;
    const parentOfIt = at(given, from);
    // Nearly every parent starts before its children, and so is settled when they come.
    if (parentOfIt < from && settled[from] === 0) {
      parent[from] = parentOfIt < 0 ? -1 : parentOfIt;
      settled[from] = 1;
      continue;
    }
    const path: number[] = [];
    let row = from;
    while (row >= 0 && row < length && settled[row] === 0 && onPath[row] !== from) {
      onPath[row] = from;
      path.push(row);
      row = at(given, row);
    }
    const closes = row >= 0 && row < length && settled[row] === 0;
    const cycleRoot = closes ? Math.min(...path.slice(path.indexOf(row))) : -1;
    for (const each of path) {
      const above = at(given, each);
      parent[each] = each === cycleRoot || above < 0 || above >= length ? -1 : above;
      settled[each] = 1;
    }
  }
  return parent;
}

function at(array: Int32Array, index: number): number {
  return array[index] ?? -1;
}
