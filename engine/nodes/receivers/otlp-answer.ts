/** What an OTLP/HTTP receiver answers, in the encoding that it was asked in; `google.rpc.Status` for every refusal. */

import type { OtlpSignal } from '@/engine/core/payload';
import type { Outcome } from '@/engine/core/pdata';
import { encodeExportResponse, exportResponseToJson, type PartialSuccess } from '@/lib/otlp/export-response';
import { encodeRpcStatus, RPC_CODE, rpcStatusToJson } from '@/lib/otlp/rpc-status';

export type Encoding = 'protobuf' | 'json';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  /** When the sender may come again; absent where it need not. */
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export const CONTENT_TYPE: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

export function malformed(message: string): Refusal {
  return { status: 400, code: RPC_CODE.invalidArgument, message };
}

export function unavailable(message: string, retryAfterSeconds: number): Refusal {
  return { status: 503, code: RPC_CODE.unavailable, message, retryAfterSeconds };
}

export function tooLarge(limit: number): Refusal {
  return {
    status: 413,
    code: RPC_CODE.invalidArgument,
    message: `the request is larger than ${limit} bytes`,
  };
}

export function successAnswer(
  signal: OtlpSignal,
  encoding: Encoding,
  partial: PartialSuccess | null,
): Answer {
  const body =
    encoding === 'json'
      ? Buffer.from(JSON.stringify(exportResponseToJson(signal, partial)))
      : encodeExportResponse(signal, partial);
  return { status: 200, headers: { 'Content-Type': CONTENT_TYPE[encoding] }, body };
}

export function refusalAnswer(refusal: Refusal, encoding: Encoding): Answer {
  const { code, message, retryAfterSeconds } = refusal;
  const retry = retryAfterSeconds === undefined ? {} : { retryDelayMs: retryAfterSeconds * 1_000 };
  const status = { code, message, ...retry };
  const body =
    encoding === 'json' ? Buffer.from(JSON.stringify(rpcStatusToJson(status))) : encodeRpcStatus(status);
  return {
    status: refusal.status,
    headers: {
      ...refusal.headers,
      'Content-Type': CONTENT_TYPE[encoding],
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    },
    body,
  };
}

/** One admitted part of a request, and what became of it. */
export interface Settled {
  readonly items: number;
  readonly outcome: Outcome;
}

/**
 * The outcomes of a request's parts as one verdict. A nack that may be tried again wins: the sender has to come with
 * all of it once more, which can deliver a part twice but loses none. Permanent ones beside acks are a partial success.
 */
export function verdictOf(
  parts: readonly Settled[],
  retryAfterSeconds: number,
): PartialSuccess | Refusal | null {
  const nacks = parts.flatMap(({ items, outcome }) => (outcome.kind === 'nack' ? [{ items, outcome }] : []));
  const [first] = nacks;
  if (!first) return null;
  const retryable = nacks.find(({ outcome }) => !outcome.permanent);
  if (retryable) return unavailable(reasonOf(retryable.outcome), retryAfterSeconds);
  if (nacks.length === parts.length) return malformed(reasonOf(first.outcome));
  const rejected = nacks.reduce((sum, { items }) => sum + items, 0);
  return { rejected, errorMessage: reasonOf(first.outcome) };
}

function reasonOf({ reason, cause }: { readonly reason: string; readonly cause: string }): string {
  return cause === '' ? reason : `${cause}: ${reason}`;
}

export function isRefusal(verdict: PartialSuccess | Refusal): verdict is Refusal {
  return 'status' in verdict;
}
