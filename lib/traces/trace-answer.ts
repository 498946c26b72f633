/** `GET /api/v1/traces/{traceId}`: the trace as a whole. Decoded spans are the first 2,000; all figures are of all. */
import type { ControlActionRow } from '@/lib/api/control';
import type { SamplingDecision, TraceAnswer } from '@/lib/api/traces';
import { continuation } from './continuation';
import { controlEvents } from './control-events';
import type { TraceReader } from './trace-reader';

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
  reader: TraceReader,
  traceId: string,
  around: AroundTrace,
): Promise<TraceAnswer | null> {
  const { store } = reader;
  const [trace, revision, analysed] = await Promise.all([
    store.traceSummary(traceId),
    store.traceRevision(traceId),
    reader.read(traceId),
  ]);
  if (!trace || revision === null || !analysed) return null;
  const { columns, overview } = analysed;
  const limit = Math.min(around.limit ?? MAX_ANSWER_SPANS, MAX_ANSWER_SPANS);
  const spans = await store.traceSpans(traceId, 0, MAX_ANSWER_SPANS);
  const from = columns.originUnixNano;
  const to = from + BigInt(Math.ceil(overview.endMs * 1e6));
  return {
    trace,
    revision,
    spans: spans.slice(0, limit),
    controlEvents: controlEvents(spans, around.actions, from, to),
    criticalPath: analysed.criticalRows.map((row) => columns.spanIds.at(row)),
    truncated: columns.length > Math.min(limit, spans.length),
    total: columns.length,
    path: analysed.path,
    statistics: analysed.statistics,
    overview,
    decision: around.decision,
    continuation: continuation(columns, overview.endMs),
  };
}
