/** Keys of the URL that a change of page keeps: who is looked at, and when. */
const KEPT = ['engine', 'pipeline', 'window', 'at', 'range'] as const;

export function hrefKeeping(href: string, search: URLSearchParams): string {
  const given = new URLSearchParams(href.split('?')[1] ?? '');
  const kept = new URLSearchParams();
  for (const key of KEPT) {
    const value = search.get(key);
    if (value && !given.has(key)) kept.set(key, value);
  }
  const text = kept.toString();
  if (text === '') return href;
  return `${href}${href.includes('?') ? '&' : '?'}${text}`;
}
