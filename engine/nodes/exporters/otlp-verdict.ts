/** What an OTLP/HTTP answer means, as the specification says: success, come again, or never. */
import type { OtlpSignal } from '@/engine/core/payload';
import { decodeExportResponse, exportResponseFromJson } from '@/lib/otlp/export-response';
import { parseJsonBytes } from '@/lib/otlp/parse-json';
import { decodeRpcStatus, rpcStatusFromJson } from '@/lib/otlp/rpc-status';
import type { HttpReply } from './http-post';

export type Verdict =
  /** `rejected` items were refused by a partial success, with the destination's `message`. */
  | { readonly kind: 'success'; readonly status: number; readonly rejected: number; readonly message: string }
  /** `retryAfterMs` is the destination's wish, `null` where it has none. */
  | { readonly kind: 'retry'; readonly message: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'refused'; readonly message: string };

const RETRYABLE = new Set([429, 502, 503, 504]);
const MAX_MESSAGE = 300;
const MAX_RETRY_AFTER_MS = 600_000;

export function judgeReply(signal: OtlpSignal, reply: HttpReply, nowUnixMs: number): Verdict {
  if (reply.kind === 'unreachable') return { kind: 'retry', message: reply.message, retryAfterMs: null };
  const { status } = reply;
  if (status >= 200 && status < 300) {
    const partial = partialSuccess(signal, reply);
    return {
      kind: 'success',
      status,
      rejected: partial?.rejected ?? 0,
      message: partial?.errorMessage ?? '',
    };
  }
  const said = answerText(reply);
  const message = said === '' ? `${status}` : `${status}: ${said}`;
  if (!RETRYABLE.has(status)) return { kind: 'refused', message };
  return { kind: 'retry', message, retryAfterMs: parseRetryAfter(reply.retryAfter, nowUnixMs) };
}

/** Seconds or an HTTP date; `null` where there is none or it is neither. */
export function parseRetryAfter(text: string, nowUnixMs: number): number | null {
  if (text === '') return null;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowUnixMs;
  return Number.isNaN(ms) ? null : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms));
}

type Answer = Extract<HttpReply, { kind: 'answer' }>;

/** An answer that is no OTLP is a success all the same: only the status counts. */
function partialSuccess(signal: OtlpSignal, { contentType, body }: Answer) {
  if (body.length === 0) return null;
  if (contentType.startsWith('application/x-protobuf')) {
    const response = decodeExportResponse(signal, body);
    return response.ok ? response.value : null;
  }
  if (!contentType.startsWith('application/json')) return null;
  const json = parseJsonBytes(body);
  const response = json.ok ? exportResponseFromJson(signal, json.value) : json;
  return response.ok ? response.value : null;
}

/** The message of a `google.rpc.Status`, or the text as it stands. */
function answerText({ contentType, body }: Answer): string {
  if (contentType.startsWith('application/x-protobuf')) {
    const status = decodeRpcStatus(body);
    return status.ok ? clip(status.value.message) : '';
  }
  if (contentType.startsWith('application/json')) {
    const json = parseJsonBytes(body);
    const status = json.ok ? rpcStatusFromJson(json.value) : json;
    if (status.ok && status.value.message !== '') return clip(status.value.message);
  }
  return clip(new TextDecoder().decode(body));
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
}
