/** `GET /api/v1/traces/{traceId}`: the trace as a whole. Decoded spans are the first 2,000; all figures are of all. */
import type { ControlActionRow } from '@/lib/api/control';
import type { SamplingDecision, TraceAnswer } from '@/lib/api/traces';
import type { TelemetryStore } from '@/lib/store/telemetry-store';
import { controlEvents } from './control-events';
import { criticalPath } from './critical-path';
import { nodeTimes } from './node-times';
import { buildSpanTree } from './span-tree';
import { traceOverview } from './trace-overview';
import { travelledPath } from './travelled-path';

export const MAX_ANSWER_SPANS = 2_000;

export interface AroundTrace {
  /** Control actions, of which those in the window of the trace are taken. */
  readonly actions: readonly ControlActionRow[];
  readonly decision: SamplingDecision | null;
  /** Fewer spans than the most, down to none. */
  readonly limit?: number;
}

/** Null where the trace is not held. */
export async function traceAnswer(
  store: TelemetryStore,
  traceId: string,
  around: AroundTrace,
): Promise<TraceAnswer | null> {
  const [trace, columns] = await Promise.all([store.traceSummary(traceId), store.traceColumns(traceId)]);
  if (!trace || !columns) return null;
  const limit = Math.min(around.limit ?? MAX_ANSWER_SPANS, MAX_ANSWER_SPANS);
  const spans = await store.traceSpans(traceId, 0, MAX_ANSWER_SPANS);
  const tree = buildSpanTree(columns);
  const overview = traceOverview(columns, tree);
  const from = columns.originUnixNano;
  const to = from + BigInt(Math.ceil(overview.endMs * 1e6));
  return {
    trace,
    spans: spans.slice(0, limit),
    controlEvents: controlEvents(spans, around.actions, from, to),
    criticalPath: criticalPath(columns, tree),
    truncated: columns.length > Math.min(limit, spans.length),
    total: columns.length,
    path: travelledPath(columns, tree),
    statistics: nodeTimes(columns, tree),
    overview,
    decision: around.decision,
  };
}
