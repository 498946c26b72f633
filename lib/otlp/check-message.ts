/**
 * Whether bytes are a message of OTLP, without making it: for those who keep the bytes and decode them later, so that
 * nothing is taken that cannot be read. Refuses exactly what the decoders refuse; schemas with packed fields (those of
 * metrics) are not for it. Throws MalformedError.
 */
import { MAX_VALUE_DEPTH, malformedAt, TOO_DEEP } from './malformed';
import type { Field, Schema } from './schema';
import { eachElement } from './value-elements';
import type { WireReader } from './wire-reader';
import { tagOf, WIRE } from './wire-types';

const BOOL = tagOf(2, WIRE.varint);
const INT = tagOf(3, WIRE.varint);
const ARRAY = tagOf(5, WIRE.bytes);
const KVLIST = tagOf(6, WIRE.bytes);
const VALUE = tagOf(2, WIRE.bytes);

/** Reads one message from `reader.pos` to `reader.limit`. */
export function checkMessage(schema: Schema<object>, reader: WireReader): void {
  const { byNumber } = schema;
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    const field = byNumber[tag >>> 3];
    if (field === undefined || (tag & 7) !== field.wireType) reader.skip(tag);
    else checkField(field, reader);
  }
}

/** The field behind its tag, which is of the wire type that the schema names. */
export function checkField(field: Field, reader: WireReader): void {
  if (field.wireType !== WIRE.bytes || field.type === 'string' || field.type === 'hex') {
    reader.skip(field.wireType);
    return;
  }
  const outer = reader.limit;
  reader.limit = reader.lengthEnd();
  if (field.type === 'keyValue') checkKeyValue(reader, 0);
  else if (field.type === 'value') checkValue(reader, 0);
  else checkMessage(field.message as Schema<object>, reader);
  reader.limit = outer;
}

export function checkKeyValue(reader: WireReader, depth: number): void {
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (tag !== VALUE) {
      reader.skip(tag);
      continue;
    }
    const outer = reader.limit;
    reader.limit = reader.lengthEnd();
    checkValue(reader, depth);
    reader.limit = outer;
  }
}

export function checkValue(reader: WireReader, depth: number): void {
  if (depth > MAX_VALUE_DEPTH) malformedAt(TOO_DEEP, reader.pos);
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if (tag === ARRAY) eachElement(reader, () => checkValue(reader, depth + 1));
    else if (tag === KVLIST) eachElement(reader, () => checkKeyValue(reader, depth + 1));
    else if (tag === BOOL || tag === INT) reader.int64AsNumber();
    else reader.skip(tag);
  }
}
