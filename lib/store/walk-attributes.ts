/** One pass over a `KeyValue` on the wire: known keys leave ranges and numbers behind, everything else is stepped over. */
import type { WireReader } from '@/lib/otlp/wire-reader';
import { KEY, knownKey } from './known-keys';

const TEXT = 0x0a;
const VALUE = 0x12;
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

/** Reads the pair whose length stands at `reader.pos`. */
export function readKeyValue(reader: WireReader): void {
  const { bytes, limit } = reader;
  if (readShort(reader)) return;
  const end = reader.lengthEnd();
  reader.limit = end;
  found.key = KEY.none;
  found.start = -1;
  found.number = Number.NaN;
  let valueStart = -1;
  let valueEnd = -1;
  while (reader.pos < end) {
    const tag = bytes[reader.pos] as number;
    if (tag === TEXT) {
      reader.pos++;
      const keyEnd = reader.lengthEnd();
      found.key = knownKey(bytes, reader.pos, keyEnd);
      reader.pos = keyEnd;
    } else if (tag === VALUE) {
      reader.pos++;
      valueEnd = reader.lengthEnd();
      valueStart = reader.pos;
      reader.pos = valueEnd;
    } else reader.skip(reader.tag());
  }
  if (found.key !== KEY.none && valueStart >= 0) readValue(reader, valueStart, valueEnd);
  reader.pos = end;
  reader.limit = limit;
}

/**
 * The pair that nearly everyone writes: a key, then a value of one field, all lengths below 128. False, with nothing
 * read, for every other.
 *
 *   length │ 0a keyLength key │ 12 valueLength │ 0a textLength text, 18 varint, 21 double
 */
function readShort(reader: WireReader): boolean {
  const { bytes, pos } = reader;
  const length = bytes[pos] as number;
  const end = pos + 1 + length;
  const keyLength = bytes[pos + 2] as number;
  const keyEnd = pos + 3 + keyLength;
  const valueLength = bytes[keyEnd + 1] as number;
  const value = keyEnd + 2;
  if (length >= 0x80 || end > reader.limit || bytes[pos + 1] !== TEXT || keyLength >= 0x80) return false;
  if (keyEnd >= end || bytes[keyEnd] !== VALUE || valueLength >= 0x80 || value + valueLength !== end)
    return false;
  found.key = knownKey(bytes, pos + 3, keyEnd);
  found.start = -1;
  found.number = Number.NaN;
  if (found.key !== KEY.none && valueLength > 0) {
    const tag = bytes[value];
    if (tag === TEXT && bytes[value + 1] === valueLength - 2) {
      found.start = value + 2;
      found.end = end;
    } else {
      const { limit } = reader;
      readValue(reader, value, end);
      reader.limit = limit;
    }
  }
  reader.pos = end;
  return true;
}

function readValue(reader: WireReader, start: number, end: number): void {
  reader.pos = start;
  reader.limit = end;
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
