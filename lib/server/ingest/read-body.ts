/** Reads a request's body within limits, unpacked. The common case, one chunk and no compression, copies nothing. */
import type { IncomingMessage } from 'node:http';
import { gunzip, gunzipSync } from 'node:zlib';
import { err, ok, type Result } from '@/lib/base/result';
import type { Pressure } from './pressure';

export const MAX_BODY_BYTES = 20 * 1024 * 1024;
/** Below this, unpacking takes less than a hand-over to another thread and back. */
const SYNC_GUNZIP_BYTES = 64 * 1024;

export type BodyFailure = 'too_large' | 'bad_gzip' | 'aborted' | 'pressure';

export interface Body {
  readonly bytes: Uint8Array;
  /** What was reserved of the pressure budget and has to be released. */
  readonly reserved: number;
}

export async function readBody(
  request: IncomingMessage,
  gzip: boolean,
  reserved: number,
  pressure: Pressure,
): Promise<Result<Body, BodyFailure>> {
  const raw = await collect(request, reserved, pressure);
  if (!raw.ok || !gzip) return raw;
  const unpacked = await unpack(raw.value.bytes);
  if (unpacked.ok) return ok({ bytes: unpacked.value, reserved: raw.value.reserved });
  pressure.release(raw.value.reserved);
  return unpacked;
}

/** Releases what it reserved if it fails. `reserved` is what the caller reserved by the Content-Length. */
function collect(
  request: IncomingMessage,
  reserved: number,
  pressure: Pressure,
): Promise<Result<Body, BodyFailure>> {
  return new Promise((resolve) => {
    let first: Buffer | null = null;
    let chunks: Buffer[] | null = null;
    let length = 0;
    let held = reserved;
    let settled = false;
    const settle = (result: Result<Body, BodyFailure>) => {
      if (settled) return;
      settled = true;
      if (!result.ok) pressure.release(held);
      resolve(result);
    };
    request.on('data', (chunk: Buffer) => {
      if (settled) return;
      length += chunk.length;
      if (length > MAX_BODY_BYTES) return settle(err('too_large'));
      if (length > held) {
        if (!pressure.reserve(length - held)) return settle(err('pressure'));
        held = length;
      }
      if (!first) first = chunk;
      else if (!chunks) chunks = [first, chunk];
      else chunks.push(chunk);
    });
    request.on('end', () => {
      const bytes = chunks ? Buffer.concat(chunks, length) : (first ?? Buffer.alloc(0));
      settle(ok({ bytes, reserved: held }));
    });
    request.on('error', () => settle(err('aborted')));
    request.on('close', () => settle(err('aborted')));
  });
}

function unpack(packed: Uint8Array): Promise<Result<Uint8Array, BodyFailure>> {
  const options = { maxOutputLength: MAX_BODY_BYTES };
  if (packed.length <= SYNC_GUNZIP_BYTES && claimedSize(packed) <= 16 * SYNC_GUNZIP_BYTES) {
    try {
      return Promise.resolve(ok(gunzipSync(packed, { maxOutputLength: 16 * SYNC_GUNZIP_BYTES })));
    } catch (error) {
      return Promise.resolve(err(unpackFailure(error)));
    }
  }
  return new Promise((resolve) => {
    gunzip(packed, options, (error, unpacked) => resolve(error ? err(unpackFailure(error)) : ok(unpacked)));
  });
}

/** The size that a gzip's last four bytes claim; a lie shows as too large or malformed. */
function claimedSize(packed: Uint8Array): number {
  if (packed.length < 4) return 0;
  return Buffer.from(packed.buffer, packed.byteOffset, packed.length).readUInt32LE(packed.length - 4);
}

function unpackFailure(error: unknown): BodyFailure {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : 'bad_gzip';
}
