/**
 * What a batch on the same way usually takes, from the metrics of all batches and never from the traces that were kept:
 * those are the odd ones. Waiting and working are medians and 99th percentiles; being blocked is a mean, since a source
 * tells its sum: blocked time of all workers ÷ batches.
 */
import type { MetricSeries } from '@/lib/api/metrics';
import type { EdgeStats, NodeStats } from '@/lib/api/topology';
import type { NodeTimes, TravelledPath } from '@/lib/api/traces';

export interface BaselineNode {
  readonly node: string;
  readonly own: NodeTimes;
  readonly waitP50Ms: number | null;
  readonly waitP99Ms: number | null;
  readonly workP50Ms: number | null;
  readonly workP99Ms: number | null;
  readonly blockedMeanMs: number | null;
  /** The trace's own, a span: what is held against them. */
  readonly waitMs: number;
  readonly workMs: number;
  readonly blockedMs: number;
  /** Where this batch was slower than 99 of 100. */
  readonly slow: readonly ('waiting' | 'working')[];
}

export interface PathFigures {
  readonly path: string;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

export interface MeasuredMap {
  readonly nodes: readonly {
    readonly id: string;
    readonly component: string;
    readonly stats: Pick<NodeStats, 'p50Ms' | 'p99Ms' | 'blockedRatio' | 'concurrency'>;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly stats: Pick<EdgeStats, 'waitP50Ms' | 'waitP99Ms' | 'ratePerSec' | 'rateUnit'>;
  }[];
}

export function pathBaseline(statistics: readonly NodeTimes[], map: MeasuredMap): BaselineNode[] {
  return statistics.map((own) => {
    const node = map.nodes.find((each) => each.component === own.node || each.id === own.node);
    // Edges into one node share its channel, so any of them tells its waits.
    const into = node ? map.edges.filter((edge) => edge.to === node.id) : [];
    const channel = into.find((edge) => edge.stats.waitP50Ms !== null)?.stats;
    const waitP99Ms = channel?.waitP99Ms ?? null;
    const workP99Ms = node?.stats.p99Ms ?? null;
    const each = (sum: number) => sum / Math.max(1, own.spans);
    const [waitMs, workMs] = [each(own.waitMs), each(own.workMs)];
    return {
      node: own.node,
      own,
      waitP50Ms: channel?.waitP50Ms ?? null,
      waitP99Ms,
      workP50Ms: node?.stats.p50Ms ?? null,
      workP99Ms,
      blockedMeanMs: node ? blockedMean(node.id, node.stats, map) : null,
      waitMs,
      workMs,
      blockedMs: each(own.blockedMs),
      slow: [
        ...(waitP99Ms !== null && waitMs > waitP99Ms ? (['waiting'] as const) : []),
        ...(workP99Ms !== null && workMs > workP99Ms ? (['working'] as const) : []),
      ],
    };
  });
}

function blockedMean(
  id: string,
  stats: Pick<NodeStats, 'blockedRatio' | 'concurrency'>,
  { edges }: MeasuredMap,
): number | null {
  const into = edges.filter((edge) => edge.to === id);
  // A receiver has no channel before it: what it sends is what it handled.
  const passed = into.length > 0 ? into : edges.filter((edge) => edge.from === id);
  const told = passed.filter((edge) => edge.stats.rateUnit === 'messages' && edge.stats.ratePerSec !== null);
  const perSec = told.reduce((sum, edge) => sum + (edge.stats.ratePerSec ?? 0), 0);
  if (stats.blockedRatio === null || told.length === 0 || perSec <= 0) return null;
  return (stats.blockedRatio * (stats.concurrency ?? 1) * 1_000) / perSec;
}

/** Latencies of the paths that the trace was on: from its first node on they go through no other nodes than it did. */
export function pathFigures(path: TravelledPath, series: readonly MetricSeries[]): PathFigures[] {
  const nodes = new Set(path.nodes.map((node) => node.id));
  const root = path.nodes[0]?.id ?? '';
  const ids = [...new Set(series.map((each) => each.id))].filter((id) => {
    const steps = id.split('>');
    const from = steps.indexOf(root);
    return from >= 0 && steps.slice(from).every((step) => nodes.has(step));
  });
  const figure = (id: string, split: string) =>
    series
      .find((each) => each.id === id && each.split.startsWith(split))
      ?.values.reduce<number | null>((last, value) => value ?? last, null) ?? null;
  return ids.map((id) => ({
    path: id,
    p50Ms: figure(id, 'p50'),
    p95Ms: figure(id, 'p95'),
    p99Ms: figure(id, 'p99'),
  }));
}
