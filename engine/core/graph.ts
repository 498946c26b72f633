/** The shape of a pipeline: order, cycles, and what no receiver reaches. Nodes are indices. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
}

/** Every node after all that feed it; `null` where there is a cycle. Stable: otherwise in the given order. */
export function topologicalOrder(count: number, edges: readonly GraphEdge[]): readonly number[] | null {
  const indegree = new Array<number>(count).fill(0);
  for (const { to } of edges) indegree[to] = (indegree[to] ?? 0) + 1;
  const next = successors(count, edges);
  const order: number[] = [];
  const ready = [...indegree.keys()].filter((node) => indegree[node] === 0);
  for (let at = 0; at < ready.length; at++) {
    const node = ready[at] as number;
    order.push(node);
    for (const to of next[node] ?? []) {
      const left = (indegree[to] ?? 0) - 1;
      indegree[to] = left;
      if (left === 0) ready.push(to);
    }
  }
  return order.length === count ? order : null;
}

/** One cycle, as the nodes along it; `null` where there is none. Iterative, since a chain may be as long as the bound. */
export function findCycle(count: number, edges: readonly GraphEdge[]): readonly number[] | null {
  const next = successors(count, edges);
  const state = new Uint8Array(count);
  for (let start = 0; start < count; start++) {
    if (state[start] !== 0) continue;
    const path = [start];
    const cursor = [0];
    state[start] = 1;
    while (path.length > 0) {
      const node = path[path.length - 1] as number;
      const at = cursor[cursor.length - 1] as number;
      const to = next[node]?.[at];
      if (to === undefined) {
        state[node] = 2;
        path.pop();
        cursor.pop();
        continue;
      }
      cursor[cursor.length - 1] = at + 1;
      if (state[to] === 1) return path.slice(path.indexOf(to));
      if (state[to] === 2) continue;
      state[to] = 1;
      path.push(to);
      cursor.push(0);
    }
  }
  return null;
}

export function reachableFrom(
  count: number,
  edges: readonly GraphEdge[],
  starts: readonly number[],
): ReadonlySet<number> {
  const next = successors(count, edges);
  const seen = new Set(starts);
  for (const node of seen) for (const to of next[node] ?? []) seen.add(to);
  return seen;
}

function successors(count: number, edges: readonly GraphEdge[]): readonly (readonly number[])[] {
  const next: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of edges) next[from]?.push(to);
  return next;
}
