/**
 * `POST /v1/{traces,metrics,logs}` as OTLP/HTTP 1.x has it. The order of the checks is that of their cost: what can
 * be refused from the headers is refused before the body is read.
 */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { RPC_CODE, type RpcStatus } from '@/lib/otlp/rpc-status';
import type { IngestResult } from '@/lib/store/span-store';
import { mediaType } from '../http/request-guard';
import type { IngestPort, OtlpSignal } from '../ports';
import { type OtlpEncoding, partialSuccessBody, statusBody, successBody } from './otlp-response';
import type { Pressure } from './pressure';
import { type BodyFailure, BodyStage, MAX_BODY_BYTES, readBody, unpack } from './read-body';
import type { RequestLedger } from './request-ledger';
import { createYoungGarbage } from './young-garbage';

export const RETRY_AFTER_SECONDS = 1;

/** A body that is not wanted is read to its end where that is cheaper than a new connection. */
const MAX_DISCARDED_BYTES = 64 * 1024;
/** How long a refused sender may take to read why. */
const LINGER_MS = 1_000;
/** Responses whose requests were told to go on. */
const continued = new WeakSet<ServerResponse>();

export interface OtlpEndpoint {
  handle(signal: OtlpSignal, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export function createOtlpEndpoint(
  ingest: IngestPort,
  pressure: Pressure,
  requests: RequestLedger,
  nowMs: () => number,
): OtlpEndpoint {
  const stage = new BodyStage();
  const garbage = createYoungGarbage();
  const reject = (
    response: ServerResponse,
    encoding: OtlpEncoding,
    status: number,
    code: number,
    message: string,
  ) => {
    requests.rejected++;
    refuse(response, encoding, status, { code, message });
  };
  const overloaded = (response: ServerResponse, encoding: OtlpEncoding) => {
    requests.refused++;
    requests.lastRefusedMs = nowMs();
    response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
    refuse(response, encoding, 503, {
      code: RPC_CODE.unavailable,
      message: 'Busy: too much is being stored. Try again.',
      retryDelayMs: RETRY_AFTER_SECONDS * 1_000,
    });
  };

  const fail = (response: ServerResponse, encoding: OtlpEncoding, failure: BodyFailure) => {
    if (failure === 'pressure') return overloaded(response, encoding);
    if (failure === 'too_large')
      return reject(response, encoding, 413, RPC_CODE.resourceExhausted, tooLargeMessage());
    const text = failure === 'bad_gzip' ? 'The body is not valid gzip.' : 'The request ended early.';
    return reject(response, encoding, 400, RPC_CODE.invalidArgument, text);
  };

  return {
    async handle(signal, request, response) {
      const media = mediaType(request.headers['content-type']);
      const encoding = encodingOf(media);
      if (request.method !== 'POST') {
        response.setHeader('Allow', 'POST');
        return reject(response, encoding ?? 'json', 405, RPC_CODE.unimplemented, 'Use POST.');
      }
      if (!encoding) {
        const text = `Content-Type ${media || '(none)'} is not taken: use application/x-protobuf or application/json.`;
        return reject(response, 'json', 415, RPC_CODE.invalidArgument, text);
      }
      const packing = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
      if (packing !== 'gzip' && packing !== 'identity') {
        const text = `Content-Encoding ${packing} is not taken: use gzip or none.`;
        return reject(response, encoding, 415, RPC_CODE.invalidArgument, text);
      }
      const announced = Number(request.headers['content-length'] ?? 0);
      if (announced > MAX_BODY_BYTES)
        return reject(response, encoding, 413, RPC_CODE.resourceExhausted, tooLargeMessage());
      if (!pressure.reserve(announced)) return overloaded(response, encoding);

      continueBody(request, response);
      const raw = await readBody(request, announced, pressure);
      if (!raw.ok) return fail(response, encoding, raw.error);
      const { reserved } = raw.value;
      // From here to `append` nothing may wait without keeping the stage: another request would write over the body.
      const joined = stage.join(raw.value);
      const unpacked = packing === 'gzip' ? unpack(joined) : null;
      if (unpacked instanceof Promise) stage.keep();
      const body = unpacked instanceof Promise ? await unpacked : (unpacked ?? { ok: true, value: joined });
      if (!body.ok) {
        pressure.release(reserved);
        return fail(response, encoding, body.error);
      }
      // Whoever takes it may take its memory along.
      const came = raw.value.length + (unpacked === null ? 0 : body.value.length);
      const appended = ingest.append(signal, encoding, body.value);
      if (appended instanceof Promise) stage.keep();
      const outcome = appended instanceof Promise ? await settled(appended) : appended;
      pressure.release(reserved);
      if (outcome === null) {
        requests.rejected++;
        return refuse(response, encoding, 500, { code: RPC_CODE.internal, message: 'It could not be read.' });
      }
      garbage.note(came);
      if (!outcome.ok) return reject(response, encoding, 400, RPC_CODE.invalidArgument, outcome.message);
      requests.accepted++;
      requests.bytes += reserved;
      const plain = outcome.rejected === 0 && outcome.message === '';
      const answer = plain
        ? successBody(encoding)
        : partialSuccessBody(signal, encoding, outcome.rejected, outcome.message);
      send(response, 200, encoding, answer);
    },
  };
}

/** Null where what reads it broke. */
function settled(appended: Promise<IngestResult>): Promise<IngestResult | null> {
  return appended.catch((error: unknown) => {
    console.error('weir: a request could not be read:', error);
    return null;
  });
}

function encodingOf(media: string): OtlpEncoding | null {
  if (media === 'application/x-protobuf' || media === 'application/protobuf') return 'protobuf';
  return media === 'application/json' ? 'json' : null;
}

/** What no signal's path is for: refused in the encoding that it was asked in. */
export function refusePath(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
): void {
  const encoding = encodingOf(mediaType(request.headers['content-type'])) ?? 'json';
  const code = status === 404 ? RPC_CODE.notFound : RPC_CODE.permissionDenied;
  refuse(response, encoding, status, { code, message: text });
}

/** Tells a sender that asked first to send its body. */
export function continueBody(request: IncomingMessage, response: ServerResponse): void {
  if (!/^100-continue$/i.test(request.headers.expect ?? '')) return;
  continued.add(response);
  response.writeContinue();
}

/**
 * The answer goes out before the body is read. A short one is thrown away as it comes, and the connection serves
 * again. A long one is not worth reading: the connection ends, but only once the sender has had the time to read the
 * answer, which cutting it at once would take along.
 */
function refuse(
  response: ServerResponse,
  encoding: OtlpEncoding,
  httpStatus: number,
  status: RpcStatus,
): void {
  const request = response.req;
  const body = statusBody(encoding, status);
  const comes = request.complete || isAsking(request, response) ? 0 : bodyBytes(request);
  if (comes <= MAX_DISCARDED_BYTES || request.socket.destroyed) {
    send(response, httpStatus, encoding, body);
    return;
  }
  const { socket } = request;
  request.pause();
  response.shouldKeepAlive = false;
  // Written past the response: at its end Node would read the body, or cut the connection.
  socket.write(Buffer.concat([rawHead(response, httpStatus, encoding, body.length), body]));
  const linger = setTimeout(() => socket.destroy(), LINGER_MS);
  linger.unref();
  socket.once('close', () => clearTimeout(linger));
}

/** How much the head says will come; without end where it does not say. */
function bodyBytes(request: IncomingMessage): number {
  if (request.headers['transfer-encoding'] !== undefined) return Number.POSITIVE_INFINITY;
  return Number(request.headers['content-length'] ?? 0);
}

/** It asked first and was not told to go on: nothing comes. */
function isAsking(request: IncomingMessage, response: ServerResponse): boolean {
  return request.headers.expect !== undefined && !continued.has(response);
}

function send(response: ServerResponse, status: number, encoding: OtlpEncoding, body: Uint8Array): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'Content-Type': contentType(encoding),
    'Content-Length': body.length,
  });
  // An empty chunk would cost a write of its own beside the head.
  if (body.length === 0) response.end();
  else response.end(body);
}

function rawHead(response: ServerResponse, status: number, encoding: OtlpEncoding, length: number): Buffer {
  const headers = {
    ...response.getHeaders(),
    'Content-Type': contentType(encoding),
    'Content-Length': length,
    Date: new Date().toUTCString(),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  return Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n`);
}

function contentType(encoding: OtlpEncoding): string {
  return encoding === 'json' ? 'application/json' : 'application/x-protobuf';
}

function tooLargeMessage(): string {
  return `The body is larger than ${MAX_BODY_BYTES} bytes. Send smaller batches.`;
}
