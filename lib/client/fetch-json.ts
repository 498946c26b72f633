/** The one way the browser asks the API: JSON in, JSON out, `ApiError` for everything else. */
import { ApiError } from './api-error';

export type QueryValue = string | number | boolean | null | undefined;

export interface FetchOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly query?: Readonly<Record<string, QueryValue | readonly string[]>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Keys with `null`, `undefined` or an empty text are left out; a list repeats its key. */
export function withQuery(path: string, query: FetchOptions['query']): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value === null || value === undefined || value === '') continue;
    if (typeof value === 'object') for (const item of value) params.append(key, item);
    else params.set(key, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

export async function fetchJson<T>(path: string, options: FetchOptions = {}): Promise<T> {
  const { method = 'GET', query, body, signal } = options;
  const response = await send(withQuery(path, query), {
    method,
    headers: method === 'GET' ? {} : { 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    ...(signal ? { signal } : {}),
  });
  return answerOf<T>(response);
}

/** Posts what is JSON already. */
export async function fetchText<T>(path: string, body: string): Promise<T> {
  return answerOf<T>(
    await send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
  );
}

async function answerOf<T>(response: Response): Promise<T> {
  const parsed = parse(await response.text());
  if (!response.ok) throw toApiError(response.status, parsed);
  return parsed as T;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'unreachable', 'Weir does not answer. Is the server running?');
  }
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function toApiError(status: number, body: unknown): ApiError {
  if (typeof body === 'object' && body !== null && 'error' in body) {
    const { error } = body;
    if (typeof error === 'object' && error !== null && 'message' in error) {
      const code = 'code' in error ? String(error.code) : String(status);
      return new ApiError(status, code, String(error.message));
    }
  }
  return new ApiError(status, String(status), `The server answered ${status}.`);
}
