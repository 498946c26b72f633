/** Sums per node over the spans of a trace, and over several traces of a journey. */
import type { NodeTimes } from '@/lib/api/traces';
import type { SpanColumns } from '@/lib/store/span-columns';
import { buildSpanTree, type SpanTree } from './span-tree';

type Sums = { -readonly [K in keyof NodeTimes]: NodeTimes[K] };

/** In order of first span. */
export function nodeTimes(columns: SpanColumns, tree: SpanTree = buildSpanTree(columns)): NodeTimes[] {
  const covered = coveredByChildren(columns, tree);
  // What a merge held, it held before its own trace began: that time is its contributors'.
  const merged = new Set(columns.links.filter((link) => link.type === 'merge').map((link) => link.row));
  const byNode: Sums[] = [];
  const place = new Int32Array(columns.nodes.length + 1).fill(-1);
  for (let row = 0; row < columns.length; row++) {
    const code = columns.node[row] as number;
    let at = place[code] as number;
    if (at < 0) {
      at = byNode.push(emptySums(columns.nodes[code] ?? '')) - 1;
      place[code] = at;
    }
    const sums = byNode[at] as Sums;
    const duration = ((columns.endNs[row] as number) - (columns.startNs[row] as number)) / 1e6;
    const work = columns.workMs[row] as number;
    sums.spans++;
    if (columns.status[row] === 2) sums.errors++;
    const items = columns.items[row] as number;
    if (!Number.isNaN(items)) sums.items = (sums.items ?? 0) + items;
    sums.waitMs += known(columns.waitMs[row]);
    sums.workMs += Number.isNaN(work) ? duration : work;
    sums.blockedMs += known(columns.blockedMs[row]);
    sums.outcomeWaitMs += known(columns.outcomeWaitMs[row]);
    sums.heldMs += merged.size > 0 && merged.has(row) ? 0 : known(columns.heldMs[row]);
    sums.maxMs = Math.max(sums.maxMs, duration);
    sums.selfMs += Math.max(0, (Number.isNaN(work) ? duration : work) - (covered[row] ?? 0));
  }
  return byNode;
}

/** One list out of those of several traces. */
export function addNodeTimes(lists: readonly (readonly NodeTimes[])[]): NodeTimes[] {
  const byNode = new Map<string, Sums>();
  for (const times of lists.flat()) {
    const sums = byNode.get(times.node);
    if (!sums) {
      byNode.set(times.node, { ...times });
      continue;
    }
    sums.spans += times.spans;
    sums.errors += times.errors;
    sums.items = times.items === null ? sums.items : (sums.items ?? 0) + times.items;
    sums.waitMs += times.waitMs;
    sums.workMs += times.workMs;
    sums.blockedMs += times.blockedMs;
    sums.outcomeWaitMs += times.outcomeWaitMs;
    sums.heldMs += times.heldMs;
    sums.maxMs = Math.max(sums.maxMs, times.maxMs);
    sums.selfMs += times.selfMs;
  }
  return [...byNode.values()];
}

/**
 * Milliseconds of each span's working time [start, start + work] that its children's spans lie over, overlapping
 * ones counted once: children come by start, so one running end per parent is enough.
 */
function coveredByChildren(columns: SpanColumns, tree: SpanTree): Float64Array {
  const covered = new Float64Array(columns.length);
  const until = new Float64Array(columns.length).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < tree.length; i++) {
    const row = tree.order[i] ?? 0;
    const parent = tree.parent[row] ?? -1;
    if (parent < 0) continue;
    const start = columns.startNs[parent] ?? 0;
    const work = columns.workMs[parent] ?? Number.NaN;
    const workEnd = Number.isNaN(work) ? (columns.endNs[parent] ?? 0) : start + work * 1e6;
    const from = Math.max(columns.startNs[row] ?? 0, until[parent] ?? 0, start);
    const to = Math.min(columns.endNs[row] ?? 0, workEnd);
    if (to > from) covered[parent] = (covered[parent] ?? 0) + (to - from) / 1e6;
    until[parent] = Math.max(until[parent] ?? 0, to);
  }
  return covered;
}

function emptySums(node: string): Sums {
  return {
    node,
    spans: 0,
    errors: 0,
    items: null,
    waitMs: 0,
    workMs: 0,
    blockedMs: 0,
    outcomeWaitMs: 0,
    heldMs: 0,
    maxMs: 0,
    selfMs: 0,
  };
}

function known(ms: number | undefined): number {
  return ms !== undefined && ms > 0 ? ms : 0;
}
