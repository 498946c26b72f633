/**
 * Reads a request's body within limits, unpacked. One chunk without compression copies nothing; several are put
 * together in memory that is used again and again, so that a request leaves as little behind as can be.
 */
import type { IncomingMessage } from 'node:http';
import { gunzip, gunzipSync } from 'node:zlib';
import { err, ok, type Result } from '@/lib/base/result';
import type { Pressure } from './pressure';

export const MAX_BODY_BYTES = 20 * 1024 * 1024;
/** Below this, unpacking takes less than a hand-over to another thread and back. */
const SYNC_GUNZIP_BYTES = 64 * 1024;
const SYNC_UNPACKED_BYTES = 16 * SYNC_GUNZIP_BYTES;
/** Larger bodies get memory of their own. */
const STAGE_BYTES = 1024 * 1024;

export type BodyFailure = 'too_large' | 'bad_gzip' | 'aborted' | 'pressure';

/** What came, in pieces; `reserved` of the pressure budget has to be released. */
export interface RawBody {
  readonly chunks: readonly Buffer[];
  readonly length: number;
  readonly reserved: number;
}

/** Releases what it reserved if it fails. `reserved` is what the caller reserved by the Content-Length. */
export function readBody(
  request: IncomingMessage,
  reserved: number,
  pressure: Pressure,
): Promise<Result<RawBody, BodyFailure>> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    // A large one comes into its place piece by piece: put together at its end it would be there twice, and take long.
    const whole = reserved > STAGE_BYTES ? Buffer.allocUnsafeSlow(reserved) : null;
    let length = 0;
    let held = reserved;
    let settled = false;
    const settle = (result: Result<RawBody, BodyFailure>) => {
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
      if (whole !== null && length <= whole.length) chunk.copy(whole, length - chunk.length);
      else chunks.push(chunk);
    });
    request.on('end', () => {
      if (whole !== null) chunks = [whole.subarray(0, length), ...chunks];
      settle(ok({ chunks, length, reserved: held }));
    });
    request.on('error', () => settle(err('aborted')));
    request.on('close', () => settle(err('aborted')));
  });
}

/** Where bodies of several chunks are put together. */
export class BodyStage {
  #memory: Uint8Array | null = null;

  /** The body in one piece, valid until the next call; `keep` hands the memory over to whoever has it now. */
  join({ chunks, length }: RawBody): Uint8Array {
    const [first] = chunks;
    if (first !== undefined && chunks.length === 1) return first;
    if (length > STAGE_BYTES) return Buffer.concat(chunks, length);
    this.#memory ??= new Uint8Array(STAGE_BYTES);
    let at = 0;
    for (const chunk of chunks) {
      this.#memory.set(chunk, at);
      at += chunk.length;
    }
    return this.#memory.subarray(0, length);
  }

  keep(): void {
    this.#memory = null;
  }
}

/** A promise where another thread unpacks; the packed bytes may not change until then. */
export function unpack(
  packed: Uint8Array,
): Result<Uint8Array, BodyFailure> | Promise<Result<Uint8Array, BodyFailure>> {
  const claimed = claimedSize(packed);
  if (packed.length <= SYNC_GUNZIP_BYTES && claimed <= SYNC_UNPACKED_BYTES) {
    try {
      // Room for all of it at once, and for a byte more by which a lie about the size is seen.
      const chunkSize = Math.max(1024, claimed + 1);
      return ok(gunzipSync(packed, { maxOutputLength: SYNC_UNPACKED_BYTES, chunkSize }));
    } catch (error) {
      return err(unpackFailure(error));
    }
  }
  return new Promise((resolve) => {
    gunzip(packed, { maxOutputLength: MAX_BODY_BYTES }, (error, unpacked) =>
      resolve(error ? err(unpackFailure(error)) : ok(unpacked)),
    );
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
