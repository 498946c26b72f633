/** Bodies that OTLP/HTTP answers with, in the request's encoding. Success is made once: nearly every answer is one. */
import { encodeExportResponse, exportResponseToJson } from '@/lib/otlp/export-response';
import { encodeRpcStatus, type RpcStatus, rpcStatusToJson } from '@/lib/otlp/rpc-status';
import type { OtlpSignal } from '../ports';

export type OtlpEncoding = 'protobuf' | 'json';

const SUCCESS: Readonly<Record<OtlpEncoding, Uint8Array>> = {
  protobuf: new Uint8Array(0),
  json: Buffer.from('{}'),
};

export function successBody(encoding: OtlpEncoding): Uint8Array {
  return SUCCESS[encoding];
}

/** `rejected` 0 with a message is a warning. */
export function partialSuccessBody(
  signal: OtlpSignal,
  encoding: OtlpEncoding,
  rejected: number,
  errorMessage: string,
): Uint8Array {
  const partial = { rejected, errorMessage };
  if (encoding === 'protobuf') return encodeExportResponse(signal, partial);
  return Buffer.from(JSON.stringify(exportResponseToJson(signal, partial)));
}

export function statusBody(encoding: OtlpEncoding, status: RpcStatus): Uint8Array {
  if (encoding === 'protobuf') return encodeRpcStatus(status);
  return Buffer.from(JSON.stringify(rpcStatusToJson(status)));
}
