/** Attributes and events of a trace's spans as text that can be searched. */
import type { SpanDetail } from '@/lib/model/span';
import type { TelemetryStore } from '@/lib/store/telemetry-store';

/** Attributes and events are searched in the first so many spans; names, ids and times in all. */
export const MAX_SEARCHED_SPANS = 20_000;
const PAGE = 2_000;

/** By row. */
export async function searchableTexts(
  store: TelemetryStore,
  traceId: string,
  length: number,
): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let offset = 0; offset < Math.min(length, MAX_SEARCHED_SPANS); offset += PAGE) {
    for (const span of await store.traceSpans(traceId, offset, PAGE)) texts.push(spanText(span));
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
