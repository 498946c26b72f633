/** A span in the URL: its id, with its trace before it where that is another than the page's. */
export interface SpanRef {
  readonly traceId: string;
  readonly spanId: string;
}

export function parseSpanRef(text: string, traceId: string): SpanRef | null {
  if (text === '') return null;
  const dot = text.indexOf('.');
  return dot < 0 ? { traceId, spanId: text } : { traceId: text.slice(0, dot), spanId: text.slice(dot + 1) };
}

export function formatSpanRef(ref: SpanRef, traceId: string): string {
  return ref.traceId === traceId ? ref.spanId : `${ref.traceId}.${ref.spanId}`;
}

/** Keys of the URL that go along to another trace: who is looked at, and when. */
const KEPT = ['engine', 'pipeline', 'window', 'at'] as const;

export function traceHref(
  traceId: string,
  search: URLSearchParams,
  more: Readonly<Record<string, string>> = {},
): string {
  const params = new URLSearchParams();
  for (const key of KEPT) {
    const value = search.get(key);
    if (value) params.set(key, value);
  }
  for (const [key, value] of Object.entries(more)) if (value !== '') params.set(key, value);
  const text = params.toString();
  return `/traces/${encodeURIComponent(traceId)}${text === '' ? '' : `?${text}`}`;
}

/** Steps back kept in the URL: `trace.span`, oldest first, at most eight. */
export function parseCrumbs(text: string): SpanRef[] {
  return text
    .split(',')
    .map((part) => parseSpanRef(part, ''))
    .filter((ref): ref is SpanRef => ref !== null && ref.traceId !== '')
    .slice(-8);
}

export function formatCrumbs(crumbs: readonly SpanRef[]): string {
  return crumbs
    .slice(-8)
    .map((ref) => `${ref.traceId}.${ref.spanId}`)
    .join(',');
}
