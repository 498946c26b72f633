/** `GET /api/v1/traces/{traceId}`: the trace as a whole. Decoded spans are the first 2,000; all figures are of all. */
import type { ControlActionRow } from '@/lib/api/control';
import type { SamplingDecision, TraceAnswer } from '@/lib/api/traces';
import { continuation } from './continuation';
import { controlLane } from './control-lane';
import type { TraceReader } from './trace-reader';

export const MAX_ANSWER_SPANS = 2_000;

export interface AroundTrace {
  /** Control actions, of which those in the window of the trace are taken. */
  readonly actions: readonly ControlActionRow[];
  readonly decision: SamplingDecision | null;
  /** Fewer spans than the most, down to none. */
  readonly limit?: number;
  /** Leaves the control lane of a large trace to be asked for by itself: all of its spans have to be read for it. */
  readonly laneLater?: boolean;
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
  const later = around.laneLater === true && columns.length > MAX_ANSWER_SPANS;
  const [spans, control] = await Promise.all([
    store.traceSpans(traceId, 0, limit),
    later ? null : controlLane(reader, analysed, revision, around.actions),
  ]);
  return {
    trace,
    revision,
    spans,
    controlEvents: control?.events ?? [],
    control,
    criticalPath: analysed.criticalRows.map((row) => columns.spanIds.at(row)),
    truncated: columns.length > spans.length,
    total: columns.length,
    path: analysed.path,
    statistics: analysed.statistics,
    overview,
    decision: around.decision,
    continuation: continuation(columns, overview.endMs),
  };
}
