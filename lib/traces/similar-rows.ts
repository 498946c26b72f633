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
  const shapes = yield* subtreeShapes(columns, tree);
  const groups = new Map<number, number[]>();
  const pairs = new Numbered();
  for (let i = 0; i < tree.length; i++) {
    if (i % ROWS_A_SLICE === ROWS_A_SLICE - 1) yield;
    const row = tree.order[i] ?? 0;
    const key = pairs.of((tree.parent[row] ?? -1) + 1, shapes[row] ?? 0);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const shownBy = new Int32Array(tree.length).fill(-1);
  const others = new Map<number, number>();
  for (const group of groups.values()) {
    if (group.length < MIN_SIMILAR) continue;
    const shown = worthShowing(columns, group, critical);
    for (const row of group) shownBy[row] = shown;
    others.set(shown, group.length - 1);
  }
  return { shownBy, others };
}

/** A number for each subtree; two are the same exactly where the subtrees are, but for their times. */
function* subtreeShapes(columns: SpanColumns, tree: SpanTree): Sliced<Uint32Array> {
  const kinds = new Numbered();
  const lists = new Numbered();
  const shapes = new Uint32Array(tree.length);
  // Children of a row so far, last child first; 0 is no child.
  const below = new Uint32Array(tree.length);
  for (let i = tree.length - 1; i >= 0; i--) {
    if (i % ROWS_A_SLICE === 1) yield;
    const row = tree.order[i] ?? 0;
    const failed = columns.status[row] === 2 ? 1 : 0;
    const kind = kinds.of((columns.node[row] ?? 0) * 2 + failed, columns.name[row] ?? 0);
    // One numbering for both: the second of a subtree is even, that of a list of children odd.
    const shape = lists.of(kind, (below[row] ?? 0) * 2) + 1;
    shapes[row] = shape;
    const parent = tree.parent[row] ?? -1;
    if (parent >= 0) below[parent] = lists.of(shape, (below[parent] ?? 0) * 2 + 1) + 1;
  }
  return shapes;
}

function worthShowing(columns: SpanColumns, group: readonly number[], critical: Uint8Array): number {
  const onPath = group.find((row) => critical[row] === 1);
  if (onPath !== undefined) return onPath;
  const length = (row: number) => (columns.endNs[row] ?? 0) - (columns.startNs[row] ?? 0);
  return group.reduce((longest, row) => (length(row) > length(longest) ? row : longest));
}

/** Numbers pairs of numbers below 2²⁶ in the order they are met. */
class Numbered {
  readonly #numbers = new Map<number, number>();

  of(a: number, b: number): number {
    const key = a * 2 ** 26 + b;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}
