/** `AnyValue` from the wire: a oneof whose last field wins, nested at most MAX_VALUE_DEPTH deep. */
import { MAX_VALUE_DEPTH, malformedAt, TOO_DEEP } from './malformed';
import { EMPTY_VALUE } from './schema';
import type { AnyValue, KeyValue } from './types';
import { eachElement } from './value-elements';
import type { WireReader } from './wire-reader';
import { tagOf, WIRE } from './wire-types';

const STRING = tagOf(1, WIRE.bytes);
const BOOL = tagOf(2, WIRE.varint);
const INT = tagOf(3, WIRE.varint);
const DOUBLE = tagOf(4, WIRE.fixed64);
const ARRAY = tagOf(5, WIRE.bytes);
const KVLIST = tagOf(6, WIRE.bytes);
const BYTES = tagOf(7, WIRE.bytes);
const KEY = tagOf(1, WIRE.bytes);
const VALUE = tagOf(2, WIRE.bytes);

/** Reads one value from `reader.pos` to `reader.limit`. */
export function decodeValue(reader: WireReader, depth: number): AnyValue {
  if (depth > MAX_VALUE_DEPTH) malformedAt(TOO_DEEP, reader.pos);
  let value: AnyValue = EMPTY_VALUE;
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    switch (tag) {
      case STRING:
        value = { stringValue: reader.string() };
        break;
      case BOOL:
        value = { boolValue: reader.varint64() !== 0n };
        break;
      case INT:
        value = { intValue: BigInt.asIntN(64, reader.varint64()) };
        break;
      case DOUBLE:
        value = { doubleValue: reader.double() };
        break;
      case ARRAY:
        value = { arrayValue: { values: elements(reader, () => decodeValue(reader, depth + 1)) } };
        break;
      case KVLIST:
        value = {
          kvlistValue: {
            values: elements(reader, () => decodeKeyValue(reader, depth + 1)),
          },
        };
        break;
      case BYTES:
        value = { bytesValue: reader.take(reader.lengthEnd()) };
        break;
      default:
        reader.skip(tag);
    }
  }
  return value;
}

/** Reads one pair from `reader.pos` to `reader.limit`; a value that is not there is the empty one. */
export function decodeKeyValue(reader: WireReader, depth: number): KeyValue {
  let key = '';
  let value: AnyValue = EMPTY_VALUE;
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (tag === KEY) key = reader.string();
    else if (tag === VALUE) {
      const outer = reader.limit;
      reader.limit = reader.lengthEnd();
      value = decodeValue(reader, depth);
      reader.limit = outer;
    } else reader.skip(tag);
  }
  return { key, value };
}

function elements<T>(reader: WireReader, read: () => T): readonly T[] {
  const values: T[] = [];
  eachElement(reader, () => values.push(read()));
  return values;
}
