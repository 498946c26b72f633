/** One pass over a `KeyValue` on the wire: known keys leave ranges and numbers behind, everything else is stepped over. */
import type { WireReader } from '@/lib/otlp/wire-reader';
import { KEY, knownKey } from './known-keys';

const TEXT = 0x0a;
const VALUE = 0x12;
const INT = 0x18;
const DOUBLE = 0x21;

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

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
    else if (tag === DOUBLE) found.number = readDouble(reader);
    else reader.skip(tag);
  }
}

function readDouble(reader: WireReader): number {
  const { bytes, pos } = reader;
  reader.skip(DOUBLE);
  for (let i = 0; i < 8; i++) floatBytes[i] = bytes[pos + i] as number;
  return float[0] as number;
}
