/** The page of a trace. Engine and time of the present URL go along: who is looked at, and when. */
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
