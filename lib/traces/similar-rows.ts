/**
 * Rows that are alike, so that a waterfall can show one of them for all: siblings whose whole subtrees are the same
 * nodes with the same names and fates, in the same order. Shown is one that matters, of the critical path or the longest.
 *
 *     split        ████████                          split        ████████
 *       exp          ██                                exp          ████  ×4,812 similar
 *       exp           ███               becomes        exp          █     ● 503
 *       exp          ████
 *       exp          █      ● 503
 */
import { PairNumbers } from '@/lib/base/pair-numbers';
import { runAtOnce, type Sliced } from '@/lib/base/slices';
import type { SpanColumns } from '@/lib/store/span-columns';
import type { SpanTree } from './span-tree';

/** Fewer than this many alike are shown one by one. */
export const MIN_SIMILAR = 10;
const ROWS_A_SLICE = 8_192;

export interface SimilarRows {
  /** By row: the row shown for it, itself where it is shown for others, −1 where it is like no other. */
  readonly shownBy: Int32Array;
  /** By shown row: how many rows it stands for, itself not counted. */
  readonly others: ReadonlyMap<number, number>;
}

export function similarRows(columns: SpanColumns, tree: SpanTree, critical: Uint8Array): SimilarRows {
  return runAtOnce(similarRowsSteps(columns, tree, critical));
}

export function* similarRowsSteps(
  columns: SpanColumns,
  tree: SpanTree,
  critical: Uint8Array,
): Sliced<SimilarRows> {
  const { length } = tree;
  const shapes = yield* subtreeShapes(columns, tree);
  const groups = new PairNumbers(length);
  const groupOf = new Uint32Array(length);
  const sizes = new Uint32Array(length);
  const shown = new Int32Array(length).fill(-1);
  for (let i = 0; i < length; i++) {
    if (i % ROWS_A_SLICE === ROWS_A_SLICE - 1) yield;
    const row = tree.order[i] as number;
    const group = groups.of((tree.parent[row] as number) + 1, shapes[row] as number);
    groupOf[row] = group;
    sizes[group] = (sizes[group] as number) + 1;
    const best = shown[group] as number;
    if (best < 0 || isWorthMore(columns, critical, row, best)) shown[group] = row;
  }
  yield;
  const shownBy = new Int32Array(length).fill(-1);
  for (let row = 0; row < length; row++) {
    const group = groupOf[row] as number;
    if ((sizes[group] as number) >= MIN_SIMILAR) shownBy[row] = shown[group] as number;
  }
  const others = new Map<number, number>();
  for (let group = 0; group < groups.size; group++) {
    const size = sizes[group] as number;
    if (size >= MIN_SIMILAR) others.set(shown[group] as number, size - 1);
  }
  return { shownBy, others };
}

/** A number for each subtree; two are the same exactly where the subtrees are, but for their times. */
function* subtreeShapes(columns: SpanColumns, tree: SpanTree): Sliced<Uint32Array> {
  const kinds = new PairNumbers();
  // Both subtrees and lists of children are numbered here; of a flat trace they are few.
  const lists = new PairNumbers();
  const shapes = new Uint32Array(tree.length);
  // Children of a row so far, last child first; 0 is no child.
  const below = new Uint32Array(tree.length);
  for (let i = tree.length - 1; i >= 0; i--) {
    if (i % ROWS_A_SLICE === 1) yield;
    const row = tree.order[i] as number;
    const failed = columns.status[row] === 2 ? 1 : 0;
    const kind = kinds.of((columns.node[row] as number) * 2 + failed, columns.name[row] as number);
    // One numbering for both: the second of a subtree is even, that of a list of children odd.
    const shape = lists.of(kind, (below[row] as number) * 2) + 1;
    shapes[row] = shape;
    const parent = tree.parent[row] as number;
    if (parent >= 0) below[parent] = lists.of(shape, (below[parent] as number) * 2 + 1) + 1;
  }
  return shapes;
}

/** What is on the critical path before what is not, then the longest; the earlier of two alike. */
function isWorthMore(columns: SpanColumns, critical: Uint8Array, row: number, best: number): boolean {
  if (critical[best] === 1) return false;
  return critical[row] === 1 || lengthOf(columns, row) > lengthOf(columns, best);
}

function lengthOf({ startNs, endNs }: SpanColumns, row: number): number {
  return (endNs[row] as number) - (startNs[row] as number);
}
