/** The part of the topology that a trace went through: its nodes, and the hops between parent and child. */
import type { TravelledPath } from '@/lib/api/traces';
import { PairNumbers } from '@/lib/base/pair-numbers';
import type { SpanColumns } from '@/lib/store/span-columns';
import { buildSpanTree, type SpanTree } from './span-tree';

/** A trace of any size has few nodes; beyond this many hops the rest is left out of the picture. */
const MAX_HOPS = 500;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export function travelledPath(columns: SpanColumns, tree: SpanTree = buildSpanTree(columns)): TravelledPath {
  const nodes: Writable<TravelledPath['nodes'][number]>[] = [];
  const hops: Writable<TravelledPath['hops'][number]>[] = [];
  const nodeAt = new Int32Array(columns.nodes.length + 1).fill(-1);
  const pairs = new PairNumbers();
  const nameOf = (code: number) => columns.nodes[code] ?? '';
  for (let row = 0; row < columns.length; row++) {
    const code = columns.node[row] as number;
    const errors = columns.status[row] === 2 ? 1 : 0;
    let at = nodeAt[code] as number;
    if (at < 0) {
      at = nodes.push({ id: nameOf(code), spans: 0, errors: 0 }) - 1;
      nodeAt[code] = at;
    }
    const node = nodes[at] as Writable<TravelledPath['nodes'][number]>;
    node.spans++;
    node.errors += errors;
    const parent = tree.parent[row] as number;
    const from = parent < 0 ? code : (columns.node[parent] as number);
    if (from === code) continue;
    const number = pairs.of(from, code);
    if (number >= MAX_HOPS) continue;
    if (number === hops.length)
      hops.push({ from: nameOf(from), to: nameOf(code), spans: 0, errors: 0, waitMs: null });
    const hop = hops[number] as Writable<TravelledPath['hops'][number]>;
    hop.spans++;
    hop.errors += errors;
    const wait = columns.waitMs[row] as number;
    if (!Number.isNaN(wait)) hop.waitMs = Math.max(hop.waitMs ?? 0, wait);
  }
  return { nodes, hops };
}
