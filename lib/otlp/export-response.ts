/**
 * `Export*ServiceResponse` of the three services: empty on full success, else `partial_success` with the number of
 * rejected items and a message for people. With a message and no rejection it is a warning.
 */
import type { Result } from '@/lib/base/result';
import type { Signal } from '@/lib/semconv/signals';
import { decodeMessage } from './decode-message';
import { encodeMessage } from './encode-message';
import { messageFromJson, messageToJson } from './json-message';
import { attempt, type MalformedOtlp } from './malformed';
import { message, one, type Schema, scalar } from './schema';
import { WireReader } from './wire-reader';
import { WireWriter } from './wire-writer';

export interface PartialSuccess {
  readonly rejected: number;
  readonly errorMessage: string;
}

const TRACES = responseSchema('rejectedSpans');
const LOGS = responseSchema('rejectedLogRecords');
const METRICS = responseSchema('rejectedDataPoints');

export function encodeExportResponse(signal: Signal, partial: PartialSuccess | null): Uint8Array {
  const writer = new WireWriter(64);
  const { schema, rejectedKey } = responseOf(signal);
  encodeMessage(schema, toResponse(rejectedKey, partial), writer);
  return writer.finish();
}

export function exportResponseToJson(signal: Signal, partial: PartialSuccess | null): unknown {
  const { schema, rejectedKey } = responseOf(signal);
  return messageToJson(schema, toResponse(rejectedKey, partial));
}

/** What a receiver answered; `null` on full success. */
export function decodeExportResponse(
  signal: Signal,
  bytes: Uint8Array,
): Result<PartialSuccess | null, MalformedOtlp> {
  const { schema, rejectedKey } = responseOf(signal);
  return attempt(() => toPartial(rejectedKey, decodeMessage(schema, new WireReader(bytes))));
}

export function exportResponseFromJson(
  signal: Signal,
  json: unknown,
): Result<PartialSuccess | null, MalformedOtlp> {
  const { schema, rejectedKey } = responseOf(signal);
  return attempt(() => toPartial(rejectedKey, messageFromJson(schema, json, '')));
}

interface AnyResponse {
  readonly partialSuccess: Readonly<Record<string, bigint | string>> | undefined;
}

function responseOf(signal: Signal): { readonly schema: Schema<AnyResponse>; readonly rejectedKey: string } {
  if (signal === 'traces') return { schema: TRACES, rejectedKey: 'rejectedSpans' };
  if (signal === 'metrics') return { schema: METRICS, rejectedKey: 'rejectedDataPoints' };
  return { schema: LOGS, rejectedKey: 'rejectedLogRecords' };
}

function responseSchema(rejectedKey: string): Schema<AnyResponse> {
  const partial = message<Record<string, bigint | string>>({
    [rejectedKey]: scalar(1, 'int64'),
    errorMessage: scalar(2, 'string'),
  });
  return message<AnyResponse>({ partialSuccess: one(1, partial) });
}

function toResponse(rejectedKey: string, partial: PartialSuccess | null): AnyResponse {
  if (partial === null) return { partialSuccess: undefined };
  return {
    partialSuccess: { [rejectedKey]: BigInt(partial.rejected), errorMessage: partial.errorMessage },
  };
}

function toPartial(rejectedKey: string, response: AnyResponse): PartialSuccess | null {
  const { partialSuccess } = response;
  if (partialSuccess === undefined) return null;
  return {
    rejected: Number(partialSuccess[rejectedKey] ?? 0n),
    errorMessage: String(partialSuccess.errorMessage ?? ''),
  };
}
