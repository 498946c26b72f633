/** An OTLP/HTTP request up to its payload: method, path, content type, encoding, size, and whether it is sound OTLP. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import type { OtlpData, OtlpSignal, Payload } from '@/engine/core/payload';
import { payloadFromBytes, payloadFromData } from '@/engine/core/payload-otlp';
import { err, ok, type Result } from '@/lib/base/result';
import { decodeLogs } from '@/lib/otlp/decode-logs';
import { decodeMetrics } from '@/lib/otlp/decode-metrics';
import { decodeTraces } from '@/lib/otlp/decode-traces';
import { logsFromJson } from '@/lib/otlp/json-logs';
import { metricsFromJson } from '@/lib/otlp/json-metrics';
import { tracesFromJson } from '@/lib/otlp/json-traces';
import type { MalformedOtlp } from '@/lib/otlp/malformed';
import { parseJsonBytes } from '@/lib/otlp/parse-json';
import { RPC_CODE } from '@/lib/otlp/rpc-status';
import { type Encoding, malformed, type Refusal, tooLarge } from './otlp-answer';

const SIGNAL_BY_PATH: Readonly<Record<string, OtlpSignal>> = {
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
  '/v1/logs': 'logs',
};

export interface RequestHead {
  readonly signal: OtlpSignal;
  readonly encoding: Encoding;
  readonly compression: 'gzip' | 'deflate' | 'none';
}

const ONLY_POST = { status: 405, code: RPC_CODE.unimplemented, headers: { Allow: 'POST' } } as const;

/** The encoding to answer in, known even where the request is refused for its type. */
export function answerEncoding(request: IncomingMessage): Encoding {
  return mediaType(request) === 'application/json' ? 'json' : 'protobuf';
}

export function readHead(request: IncomingMessage): Result<RequestHead, Refusal> {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const signal = Object.hasOwn(SIGNAL_BY_PATH, path) ? SIGNAL_BY_PATH[path] : undefined;
  if (!signal) return err({ status: 404, code: RPC_CODE.notFound, message: `no such path: ${path}` });
  if (request.method !== 'POST')
    return err({ ...ONLY_POST, message: `${request.method} is not taken here: use POST` });
  const type = mediaType(request);
  if (type !== 'application/json' && type !== 'application/x-protobuf') {
    const message = `content type ${type || 'missing'}: application/x-protobuf or application/json is taken`;
    return err({ status: 415, code: RPC_CODE.invalidArgument, message });
  }
  const compression = compressionOf(request.headers['content-encoding'] ?? '');
  if (compression === null) {
    const message = `content encoding ${request.headers['content-encoding']}: gzip, deflate or none is taken`;
    return err({ status: 415, code: RPC_CODE.invalidArgument, message });
  }
  return ok({ signal, encoding: type === 'application/json' ? 'json' : 'protobuf', compression });
}

function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function compressionOf(text: string): RequestHead['compression'] | null {
  const name = text.trim().toLowerCase();
  if (name === '' || name === 'identity') return 'none';
  return name === 'gzip' || name === 'deflate' ? name : null;
}

/** How long the body says it is; 0 where it does not. */
export function announcedBytes(request: IncomingMessage): number {
  const length = Number(request.headers['content-length'] ?? 0);
  return Number.isFinite(length) ? length : 0;
}

/**
 * Once it is answered, what still comes of a body is thrown away, so that the sender gets to read the answer and can
 * use its connection again. Past `limit` the connection ends.
 */
export function discardRest(request: IncomingMessage, response: ServerResponse, limit: number): void {
  if (request.complete) return;
  if (announcedBytes(request) > limit) {
    response.setHeader('Connection', 'close');
    response.once('finish', () => request.destroy());
    return;
  }
  let seen = 0;
  request.on('error', () => request.destroy());
  request.on('data', (chunk: Buffer) => {
    seen += chunk.length;
    if (seen > limit) request.destroy();
  });
}

/** All bytes of the body, or a refusal once they are more than `limit`. */
export function readBody(request: IncomingMessage, limit: number): Promise<Result<Uint8Array, Refusal>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) return chunks.push(chunk);
      chunks.length = 0;
      resolve(err(tooLarge(limit)));
    });
    request.on('end', () => resolve(ok(Buffer.concat(chunks))));
    request.on('error', (error) => resolve(err(malformed(`the request broke off: ${error.message}`))));
    request.on('close', () => resolve(err(malformed('the request broke off'))));
  });
}

const gunzipAsync = promisify(gunzip);
const inflateAsync = promisify(inflate);

export async function decompress(
  bytes: Uint8Array,
  compression: RequestHead['compression'],
  limit: number,
): Promise<Result<Uint8Array, Refusal>> {
  if (compression === 'none') return ok(bytes);
  const unpack = compression === 'gzip' ? gunzipAsync : inflateAsync;
  try {
    return ok(await unpack(bytes, { maxOutputLength: limit }));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') return err(tooLarge(limit));
    return err(malformed(`not ${compression}: ${error instanceof Error ? error.message : String(error)}`));
  }
}

/**
 * The payload of a sound request. Protobuf is decoded to be sure of it, and its bytes alone are kept: they are what is
 * sent on, and objects of whole queues would take ten times the memory.
 */
export function readPayload(head: RequestHead, bytes: Uint8Array): Result<Payload, Refusal> {
  if (head.encoding === 'protobuf') {
    const data = DECODE[head.signal](bytes);
    return data.ok ? ok(payloadFromBytes(head.signal, bytes)) : err(malformed(data.error.message));
  }
  const json = parseJsonBytes(bytes);
  if (!json.ok) return err(malformed(json.error.message));
  const data = FROM_JSON[head.signal](json.value);
  return data.ok ? ok(payloadFromData(data.value)) : err(malformed(data.error.message));
}

type Read<Input> = Readonly<Record<OtlpSignal, (input: Input) => Result<OtlpData, MalformedOtlp>>>;

const DECODE: Read<Uint8Array> = {
  logs: (bytes) => tagged(decodeLogs(bytes), (data) => ({ signal: 'logs', data })),
  metrics: (bytes) => tagged(decodeMetrics(bytes), (data) => ({ signal: 'metrics', data })),
  traces: (bytes) => tagged(decodeTraces(bytes), (data) => ({ signal: 'traces', data })),
};

export const FROM_JSON: Read<unknown> = {
  logs: (json) => tagged(logsFromJson(json), (data) => ({ signal: 'logs', data })),
  metrics: (json) => tagged(metricsFromJson(json), (data) => ({ signal: 'metrics', data })),
  traces: (json) => tagged(tracesFromJson(json), (data) => ({ signal: 'traces', data })),
};

function tagged<T>(
  result: Result<T, MalformedOtlp>,
  tag: (data: T) => OtlpData,
): Result<OtlpData, MalformedOtlp> {
  return result.ok ? ok(tag(result.value)) : result;
}
