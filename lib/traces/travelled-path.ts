/** The part of the topology that a trace went through: its nodes, and the hops between parent and child. */
import type { TravelledPath } from '@/lib/api/traces';
import type { SpanColumns } from '@/lib/store/span-columns';
import { buildSpanTree, type SpanTree } from './span-tree';

/** A trace of any size has few nodes; beyond this many hops the rest is left out of the picture. */
const MAX_HOPS = 500;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export function travelledPath(columns: SpanColumns, tree: SpanTree = buildSpanTree(columns)): TravelledPath {
  const nodes = new Map<number, Writable<TravelledPath['nodes'][number]>>();
  const hops = new Map<number, Writable<TravelledPath['hops'][number]>>();
  const nameOf = (code: number) => columns.nodes[code] ?? '';
  for (let row = 0; row < columns.length; row++) {
    const code = columns.node[row] ?? 0;
    const errors = columns.status[row] === 2 ? 1 : 0;
    const node = nodes.get(code) ?? { id: nameOf(code), spans: 0, errors: 0 };
    nodes.set(code, node);
    node.spans++;
    node.errors += errors;
    const parent = tree.parent[row] ?? -1;
    const from = parent < 0 ? code : (columns.node[parent] ?? 0);
    if (from === code) continue;
    const key = from * columns.nodes.length + code;
    const hop = hops.get(key) ?? { from: nameOf(from), to: nameOf(code), spans: 0, errors: 0, waitMs: null };
    if (hops.size < MAX_HOPS) hops.set(key, hop);
    hop.spans++;
    hop.errors += errors;
    const wait = columns.waitMs[row] ?? Number.NaN;
    if (!Number.isNaN(wait)) hop.waitMs = Math.max(hop.waitMs ?? 0, wait);
  }
  return { nodes: [...nodes.values()], hops: [...hops.values()] };
}
