/**
 * OpAMP over WebSocket: each binary message is a header, an unsigned varint that is 0 today, and then one protobuf
 * message. Anything else is a bad frame, which is a value: the other side of a socket is nobody's mistake here.
 */
import { err, ok, type Result } from '@/lib/base/result';

/** A varint of 64 bits takes 10 bytes at most. */
const MAX_HEADER_BYTES = 10;

/** Puts the header before an encoded message. */
export function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(message.length + 1);
  framed.set(message, 1);
  return framed;
}

/** The message inside a WebSocket frame, as a view into it; an error names what was wrong. */
export function unframe(bytes: Uint8Array): Result<Uint8Array, string> {
  if (bytes.length === 0) return err('empty frame');
  let length = 0;
  let bits = 0;
  for (; length < MAX_HEADER_BYTES; length++) {
    const byte = bytes[length];
    if (byte === undefined) return err('frame ends within its header');
    bits |= byte & 0x7f;
    if ((byte & 0x80) === 0) break;
  }
  if (length === MAX_HEADER_BYTES) return err('frame header is longer than a varint can be');
  if (bits !== 0) return err('frame header is not 0: a later version of the protocol, or no OpAMP');
  return ok(bytes.subarray(length + 1));
}
