/** `google.rpc.Status`, the body of every refusal, with `google.rpc.RetryInfo` where the sender may come again. */
import type { Result } from '@/lib/base/result';
import { decodeMessage } from './decode-message';
import { encodeMessage } from './encode-message';
import { messageFromJson } from './json-message';
import { attempt, type MalformedOtlp } from './malformed';
import { enumeration, message, scalar } from './schema';
import { WireReader } from './wire-reader';
import { WIRE } from './wire-types';
import { WireWriter } from './wire-writer';

/** The gRPC codes that OTLP receivers answer with. */
export const RPC_CODE = {
  ok: 0,
  unknown: 2,
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

export interface RpcStatus {
  readonly code: number;
  readonly message: string;
  /** When to come again, as RetryInfo in the details; written only. */
  readonly retryDelayMs?: number;
}

const RETRY_INFO_TYPE = 'type.googleapis.com/google.rpc.RetryInfo';
const STATUS = message<{ readonly code: number; readonly message: string }>({
  code: enumeration(1, {}),
  message: scalar(2, 'string'),
});

export function encodeRpcStatus(status: RpcStatus): Uint8Array {
  const writer = new WireWriter(128);
  encodeMessage(STATUS, status, writer);
  if (status.retryDelayMs !== undefined) encodeRetryInfo(status.retryDelayMs, writer);
  return writer.finish();
}

export function rpcStatusToJson(status: RpcStatus): unknown {
  const { code, message: text, retryDelayMs } = status;
  if (retryDelayMs === undefined) return { code, message: text };
  return {
    code,
    message: text,
    details: [{ '@type': RETRY_INFO_TYPE, retryDelay: `${retryDelayMs / 1000}s` }],
  };
}

export function decodeRpcStatus(bytes: Uint8Array): Result<RpcStatus, MalformedOtlp> {
  return attempt(() => decodeMessage(STATUS, new WireReader(bytes)));
}

export function rpcStatusFromJson(json: unknown): Result<RpcStatus, MalformedOtlp> {
  return attempt(() => messageFromJson(STATUS, json, ''));
}

/** details (3): Any {type_url 1, value 2: RetryInfo {retry_delay 1: Duration {seconds 1, nanos 2}}}. */
function encodeRetryInfo(retryDelayMs: number, writer: WireWriter): void {
  const any = writer.openField(3);
  writer.tag(1, WIRE.bytes);
  writer.string(RETRY_INFO_TYPE);
  const info = writer.openField(2);
  const duration = writer.openField(1);
  writer.tag(1, WIRE.varint);
  writer.varint64(BigInt(Math.floor(retryDelayMs / 1000)));
  writer.tag(2, WIRE.varint);
  writer.varint32(Math.round((retryDelayMs % 1000) * 1e6));
  writer.close(duration);
  writer.close(info);
  writer.close(any);
}
