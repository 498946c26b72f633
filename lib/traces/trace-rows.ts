/** The rows of a stored trace: columns for all of it, decoded spans only for the rows of the window. */
import type { RowsAnswer } from '@/lib/api/traces';
import { NO_MARKS, rowMarks } from './row-marks';
import type { RowsWindow } from './rows-window';
import type { TraceReader } from './trace-reader';
import { rowsAnswer } from './waterfall-rows';

/** Null where the trace is not held. */
export async function traceRows(
  reader: TraceReader,
  traceId: string,
  window: RowsWindow,
): Promise<RowsAnswer | null> {
  const { store } = reader;
  const [revision, trace] = await Promise.all([store.traceRevision(traceId), reader.read(traceId)]);
  if (!trace || revision === null) return null;
  const { columns } = trace;
  const texts = window.query === '' ? null : await reader.texts(trace);
  const answer = rowsAnswer(trace, window, texts ? (row) => texts[row] ?? '' : undefined);
  const spans = await store.spans(traceId, answer.spanId);
  const marks = spans.map((span) => (span ? rowMarks(span, columns.originUnixNano) : NO_MARKS));
  return { ...answer, revision, marks };
}
