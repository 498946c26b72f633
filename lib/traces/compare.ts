/** Two traces side by side: aligned by node, in order, with what differs in time, errors and events. */
import type { NodeTimes, TraceAnswer } from '@/lib/api/traces';

export interface ComparedNode {
  readonly node: string;
  readonly a: NodeTimes | null;
  readonly b: NodeTimes | null;
  /** b − a of waiting, working, blocked and held together, milliseconds; a missing side counts as 0. */
  readonly deltaMs: number;
  /** Events by name whose counts differ. */
  readonly events: readonly { readonly name: string; readonly a: number; readonly b: number }[];
}

export interface Comparison {
  readonly nodes: readonly ComparedNode[];
  /** Nodes that both went through, in another order. */
  readonly reordered: boolean;
  readonly deltaMs: number;
}

export type Comparable = Pick<TraceAnswer, 'trace' | 'spans' | 'statistics'>;

export function compareTraces(a: Comparable, b: Comparable): Comparison {
  const [nodesA, nodesB] = [a.statistics.map((each) => each.node), b.statistics.map((each) => each.node)];
  const nodes = alignNodes(nodesA, nodesB).map((node): ComparedNode => {
    const timesA = a.statistics.find((each) => each.node === node) ?? null;
    const timesB = b.statistics.find((each) => each.node === node) ?? null;
    return {
      node,
      a: timesA,
      b: timesB,
      deltaMs: spent(timesB) - spent(timesA),
      events: differingEvents(a, b, node),
    };
  });
  const shared = new Set(nodesA.filter((node) => nodesB.includes(node)));
  const sequence = (ids: readonly string[]) => ids.filter((node) => shared.has(node)).join('\u0000');
  return {
    nodes,
    reordered: sequence(nodesA) !== sequence(nodesB),
    deltaMs: b.trace.durationMs - a.trace.durationMs,
  };
}

/**
 * Both lists as one, each node once: those of the longest common subsequence stay in line, and what only one of them
 * has stands where it was met.
 */
export function alignNodes(a: readonly string[], b: readonly string[]): string[] {
  const common = commonSubsequence(a, b);
  const merged: string[] = [];
  let [i, j] = [0, 0];
  for (const node of [...common, null]) {
    while (i < a.length && a[i] !== node) merged.push(a[i++] ?? '');
    while (j < b.length && b[j] !== node) merged.push(b[j++] ?? '');
    if (node !== null) merged.push(node);
    i++;
    j++;
  }
  return [...new Set(merged)];
}

function commonSubsequence(a: readonly string[], b: readonly string[]): string[] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const below = lengths[(i + 1) * width + j] ?? 0;
      const right = lengths[i * width + j + 1] ?? 0;
      const diagonal = lengths[(i + 1) * width + j + 1] ?? 0;
      lengths[i * width + j] = a[i] === b[j] ? diagonal + 1 : Math.max(below, right);
    }
  }
  const common: string[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      common.push(a[i] ?? '');
      i++;
      j++;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++;
    else j++;
  }
  return common;
}

function differingEvents(a: Comparable, b: Comparable, node: string): ComparedNode['events'] {
  const [countsA, countsB] = [countEvents(a, node), countEvents(b, node)];
  return [...new Set([...countsA.keys(), ...countsB.keys()])]
    .map((name) => ({ name, a: countsA.get(name) ?? 0, b: countsB.get(name) ?? 0 }))
    .filter((event) => event.a !== event.b);
}

function countEvents(answer: Comparable, node: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const span of answer.spans) {
    if (span.nodeId !== node) continue;
    for (const event of span.events) counts.set(event.name, (counts.get(event.name) ?? 0) + 1);
  }
  return counts;
}

function spent(times: NodeTimes | null): number {
  return times ? times.waitMs + times.workMs + times.blockedMs + times.heldMs : 0;
}
