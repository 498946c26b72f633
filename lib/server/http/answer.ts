/** Turns what a handler computed into a response. Handlers return values; only this file knows statuses. */
import type { ZodType } from 'zod';
import { err, ok, type Result } from '@/lib/base/result';
import { currentHub } from '../current-hub';
import type { Hub } from '../hub';

export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export type Answer<T> = Result<T, Refused>;

export function refused(status: number, code: string, message: string): Answer<never> {
  return err({ status, code, message });
}

/** Runs a handler on the hub. A hub that is not there yet is 503: Next may answer before `register` has ended. */
export async function respond<T>(
  handler: (hub: Hub) => Answer<T> | Promise<Answer<T>>,
  okStatus = 200,
): Promise<Response> {
  const hub = currentHub();
  if (!hub)
    return errorResponse({ status: 503, code: 'starting', message: 'The server is starting. Try again.' });
  const answer = await handler(hub);
  if (!answer.ok) return errorResponse(answer.error);
  if (answer.value instanceof Response) return answer.value;
  return Response.json(answer.value, { status: okStatus, headers: { 'Cache-Control': 'no-store' } });
}

export function errorResponse(error: Refused): Response {
  return Response.json(
    { error: { code: error.code, message: error.message } },
    { status: error.status, headers: { 'Cache-Control': 'no-store' } },
  );
}

/** Query parameters through a schema. A parameter given several times becomes a list where the schema wants one. */
export function parseQuery<T>(url: string, schema: ZodType<T>): Answer<T> {
  const raw: Record<string, string | string[]> = {};
  for (const [key, value] of new URL(url).searchParams) {
    const before = raw[key];
    raw[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return parseWith(schema, raw, 'bad_parameter');
}

const MAX_BODY_BYTES = 1 << 20;
/** A map of a thousand nodes with their configurations, or the hour of fifty series. */
export const MAX_BUNDLE_LINE_BYTES = 32 << 20;

export async function parseBody<T>(
  request: Request,
  schema: ZodType<T>,
  maxBytes = MAX_BODY_BYTES,
): Promise<Answer<T>> {
  const bytes = await readBounded(request, maxBytes);
  if (bytes === null) return refused(413, 'too_large', `The body is larger than ${maxBytes} bytes.`);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    return refused(400, 'bad_json', `The body is no JSON: ${String(error)}`);
  }
  return parseWith(schema, value, 'bad_request');
}

/** The whole body, or null where it is longer than that. */
export async function readBounded(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function parseWith<T>(schema: ZodType<T>, value: unknown, code: string): Answer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  return refused(400, code, `${path ? `${path}: ` : ''}${issue?.message ?? 'invalid'}`);
}
