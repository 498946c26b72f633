/** The path of a question to the API with its ids as names, so that all questions of a kind are one. Pure. */
const IDS: Readonly<Record<string, string>> = {
  traces: '{traceId}',
  spans: '{spanId}',
  engines: '{id}',
  actions: '{id}',
  scenarios: '{name}',
};
/** Words that stand where an id may stand. */
const WORDS: ReadonlySet<string> = new Set(['compare']);

/** Null for what is no question to the API, or one that never ends. */
export function endpointOf(method: string, url: string): string | null {
  const path = url.split('?', 1)[0] ?? '';
  const segments = path.split('/').filter((segment) => segment !== '');
  if (segments[0] !== 'api' || segments[1] !== 'v1' || segments.length < 3 || segments.length > 7)
    return null;
  if (segments[2] === 'stream') return null;
  const named = segments.slice(2).map((segment, i, all) => {
    const id = i === 0 ? undefined : IDS[all[i - 1] as string];
    return id && !WORDS.has(segment) ? id : segment;
  });
  return `${method === 'GET' ? '' : `${method} `}${named.join('/')}`;
}
