/** One pass over a `KeyValue` on the wire: known keys leave ranges and numbers behind, everything else is checked. */
import { checkValue } from '@/lib/otlp/check-message';
import type { WireReader } from '@/lib/otlp/wire-reader';
import { KEY, knownKey } from './known-keys';

const TEXT = 0x0a;
const VALUE = 0x12;
const BOOL = 0x10;
const INT = 0x18;
const DOUBLE = 0x21;

/** What the last `readKeyValue` found. Module-wide, because a span has many and the walk may not allocate. */
export const found = {
  key: KEY.none as number,
  /** Range of a string value; −1 where it is none. */
  start: -1,
  end: -1,
  /** A number, or NaN. */
  number: Number.NaN,
};

/** Reads the pair whose length stands at `reader.pos`, of any shape. */
export function readKeyValue(reader: WireReader): void {
  const { limit } = reader;
  const end = reader.lengthEnd();
  reader.limit = end;
  found.key = KEY.none;
  found.start = -1;
  found.number = Number.NaN;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === TEXT) {
      const keyEnd = reader.lengthEnd();
      found.key = knownKey(reader.view, reader.pos, keyEnd - reader.pos);
      reader.pos = keyEnd;
    } else if (tag === VALUE) {
      const valueEnd = reader.lengthEnd();
      readValue(reader, valueEnd);
      reader.limit = end;
    } else reader.skip(tag);
  }
  reader.limit = limit;
}

/** The last field of the value counts, as in a oneof; the last value of the pair, too. */
function readValue(reader: WireReader, end: number): void {
  const begin = reader.pos;
  reader.limit = end;
  checkValue(reader, 0);
  reader.pos = begin;
  found.start = -1;
  found.number = Number.NaN;
  while (reader.pos < end) {
    const tag = reader.tag();
    found.start = -1;
    found.number = Number.NaN;
    if (tag === TEXT) {
      found.end = reader.lengthEnd();
      found.start = reader.pos;
      reader.pos = found.end;
    } else if (tag === INT) found.number = reader.int64AsNumber();
    else if (tag === DOUBLE) found.number = reader.double();
    else reader.skip(tag);
  }
}

/**
 * Whether the pair whose length stands at `at` has the shape that nearly everyone writes: a key, then a value of one
 * whole field, all lengths below 128. Its end, or −1 where it has not: `readKeyValue` reads every shape.
 *
 *   length │ 0a keyLength key │ 12 valueLength │ 0a textLength text, 10 or 18 varint, 21 double
 */
export function shortPairEnd(bytes: Uint8Array, at: number, limit: number): number {
  const end = at + 1 + (bytes[at] as number);
  const keyEnd = at + 3 + (bytes[at + 2] as number);
  const value = keyEnd + 2;
  if (end > limit || end > at + 0x80 || value > end) return -1;
  if (bytes[at + 1] !== TEXT || bytes[keyEnd] !== VALUE || value + (bytes[keyEnd + 1] as number) !== end)
    return -1;
  return isShortValue(bytes, value, end) ? end : -1;
}

/** One whole field, or none, from `value` to `end`. */
export function isShortValue(bytes: Uint8Array, value: number, end: number): boolean {
  if (value === end) return true;
  const tag = bytes[value] as number;
  if (tag === TEXT) return value + 2 + (bytes[value + 1] as number) === end;
  if (tag === DOUBLE) return end - value === 9;
  if (tag !== INT && tag !== BOOL) return false;
  let last = value + 1;
  while (last < end && (bytes[last] as number) >= 0x80) last++;
  return last === end - 1 && end - value <= 11;
}
