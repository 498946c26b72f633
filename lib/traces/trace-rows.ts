/** The rows of a stored trace: columns for all of it, decoded spans only for the rows of the window. */
import type { RowsAnswer } from '@/lib/api/traces';
import type { SpanDetail } from '@/lib/model/span';
import type { TelemetryStore } from '@/lib/store/telemetry-store';
import { NO_MARKS, rowMarks } from './row-marks';
import type { RowsWindow } from './rows-window';
import type { TraceReader } from './trace-reader';
import { rowsAnswer } from './waterfall-rows';

/** Attributes and events are searched in the first so many spans; names, ids and times in all. */
export const MAX_SEARCHED_SPANS = 20_000;
const PAGE = 2_000;

/** Null where the trace is not held. */
export async function traceRows(
  reader: TraceReader,
  traceId: string,
  window: RowsWindow,
): Promise<RowsAnswer | null> {
  const { store } = reader;
  const trace = await reader.read(traceId);
  if (!trace) return null;
  const { columns } = trace;
  const texts = window.query === '' ? null : await searchableTexts(store, traceId, columns.length);
  const answer = rowsAnswer(
    trace,
    window,
    texts ? (row) => texts.get(columns.spanIds[row] ?? '') ?? '' : undefined,
  );
  const spans = await store.spans(traceId, answer.spanId);
  const marks = spans.map((span) => (span ? rowMarks(span, columns.originUnixNano) : NO_MARKS));
  return { ...answer, marks };
}

async function searchableTexts(
  store: TelemetryStore,
  traceId: string,
  length: number,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (let offset = 0; offset < Math.min(length, MAX_SEARCHED_SPANS); offset += PAGE) {
    for (const span of await store.traceSpans(traceId, offset, PAGE)) texts.set(span.spanId, spanText(span));
  }
  return texts;
}

function spanText(span: SpanDetail): string {
  const events = span.events.map((event) => `${event.name} ${attributesText(event.attributes)}`);
  return `${span.statusMessage} ${attributesText(span.attributes)} ${events.join(' ')}`.toLowerCase();
}

function attributesText(attributes: SpanDetail['attributes']): string {
  return Object.entries(attributes)
    .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ');
}
