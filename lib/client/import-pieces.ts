/** An OTLP JSON request cut so that each piece is a request of its own that a server takes. */
import { type OtlpFileSignal, type OtlpJsonRequest, REQUEST_KEY } from '@/lib/otlp/json-lines';

export interface ImportPiece {
  readonly signal: OtlpFileSignal;
  /** A whole request, as text. */
  readonly body: string;
}

export const PIECE_CHARS = 2 << 20;

/** Cuts between resources, never within one; a resource that is longer alone is a piece of its own. */
export function piecesOf(request: OtlpJsonRequest, maxChars = PIECE_CHARS): ImportPiece[] {
  const { signal, json } = request;
  const key = REQUEST_KEY[signal];
  const parts = json[key];
  const pieces: ImportPiece[] = [];
  let open: string[] = [];
  let length = 0;
  const close = () => {
    if (open.length > 0) pieces.push({ signal, body: `{"${key}":[${open.join(',')}]}` });
    open = [];
    length = 0;
  };
  for (const part of Array.isArray(parts) ? parts : []) {
    const text = JSON.stringify(part);
    if (length + text.length > maxChars) close();
    open.push(text);
    length += text.length;
  }
  close();
  return pieces;
}

/** Ids of the traces whose spans are in a request, at most `most` of them. */
export function traceIdsOf(json: unknown, most: number): string[] {
  const found = new Set<string>();
  const walk = (value: unknown, depth: number) => {
    if (found.size >= most || depth > MAX_DEPTH || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const each of value) walk(each, depth + 1);
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      if (name === 'traceId' && typeof inner === 'string' && /^[0-9a-fA-F]{32}$/.test(inner))
        found.add(inner.toLowerCase());
      else if (DOWN.has(name)) walk(inner, depth + 1);
    }
  };
  walk(json, 0);
  return [...found];
}

/** From a request down to its spans: a link's trace is another one, and an attribute may be called anything. */
const DOWN = new Set(['resourceSpans', 'scopeSpans', 'spans']);
const MAX_DEPTH = 8;
