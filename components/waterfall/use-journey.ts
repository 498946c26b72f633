'use client';
/** What the page needs of the other traces of a journey: their overview and sums. Bounded; the rest is rows. */
import { useQueries } from '@tanstack/react-query';
import type { NodeTimes, TraceAnswer, TravelledPath } from '@/lib/api/traces';
import { ALL_SPANS, FEW_SPANS, traceQuery } from '@/lib/client/queries';
import { addNodeTimes } from '@/lib/traces/node-times';
import type { Stroke } from './overview-strip';
import type { WaterfallData } from './waterfall-groups';

const MOST_TRACES = 24;

export function useJourneyAnswers(data: WaterfallData | null, main: TraceAnswer): readonly TraceAnswer[] {
  const ids = (data?.groups ?? [])
    .filter((group) => group.state === 'held' && group.traceId !== main.trace.traceId)
    .map((group) => group.traceId)
    .slice(0, MOST_TRACES);
  const answers = useQueries({ queries: ids.map((traceId) => traceQuery(traceId, FEW_SPANS)) });
  return [main, ...answers.flatMap((answer) => (answer.data ? [answer.data] : []))];
}

/** The same traces with all their spans, for views that read them. */
export function useFullAnswers(answers: readonly TraceAnswer[]): readonly TraceAnswer[] {
  const full = useQueries({
    queries: answers.map((answer) => ({
      ...traceQuery(answer.trace.traceId, ALL_SPANS),
      enabled: answer.spans.length < Math.min(answer.total, ALL_SPANS),
    })),
  });
  return answers.map((answer, i) => full[i]?.data ?? answer);
}

/** The overviews below one another, in the order of the groups, on the time of the page. */
export function overviewStrokes(
  answers: readonly TraceAnswer[],
  data: WaterfallData,
): { readonly strokes: Stroke[]; readonly lanes: number } {
  const byTrace = new Map(answers.map((answer) => [answer.trace.traceId, answer]));
  const strokes: Stroke[] = [];
  let lanes = 0;
  for (const group of data.groups) {
    const overview = byTrace.get(group.traceId)?.overview;
    if (!overview) continue;
    const offset = Number(BigInt(overview.originUnixNano) - data.originUnixNano) / 1e6;
    overview.lane.forEach((lane, i) => {
      strokes.push({
        lane: lanes + lane,
        fromMs: (overview.fromMs[i] ?? 0) + offset,
        toMs: (overview.toMs[i] ?? 0) + offset,
        kind: overview.kind[i] ?? 1,
      });
    });
    lanes += overview.lanes;
  }
  return { strokes, lanes };
}

export function joinStatistics(answers: readonly TraceAnswer[]): NodeTimes[] {
  return addNodeTimes(answers.map((answer) => answer.statistics));
}

/** All ways of the journey as one; where a merge joins them, the merging node is the same node. */
export function joinPaths(answers: readonly TraceAnswer[]): TravelledPath {
  const nodes = new Map<string, TravelledPath['nodes'][number]>();
  const hops = new Map<string, TravelledPath['hops'][number]>();
  for (const { path } of [...answers.slice(1), ...answers.slice(0, 1)]) {
    for (const node of path.nodes) {
      const same = nodes.get(node.id);
      nodes.set(
        node.id,
        same ? { ...node, spans: node.spans + same.spans, errors: node.errors + same.errors } : node,
      );
    }
    for (const hop of path.hops) {
      const key = `${hop.from}\u0000${hop.to}`;
      const same = hops.get(key);
      const waitMs = Math.max(hop.waitMs ?? -1, same?.waitMs ?? -1);
      hops.set(key, {
        ...hop,
        spans: hop.spans + (same?.spans ?? 0),
        errors: hop.errors + (same?.errors ?? 0),
        waitMs: waitMs < 0 ? null : waitMs,
      });
    }
  }
  return { nodes: [...nodes.values()], hops: [...hops.values()] };
}
