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
