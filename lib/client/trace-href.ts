/** The page of a trace; who is looked at, and when, go along as between any two pages. */
import { hrefKeeping } from './kept-query';

export function traceHref(
  traceId: string,
  search: URLSearchParams,
  more: Readonly<Record<string, string>> = {},
): string {
  const params = new URLSearchParams(Object.entries(more).filter(([, value]) => value !== ''));
  const text = params.toString();
  return hrefKeeping(`/traces/${encodeURIComponent(traceId)}${text === '' ? '' : `?${text}`}`, search);
}
