/** Protobuf bytes into objects, led by a schema. Unknown fields, and known ones of another wire type, are skipped. */
import { hexFromBytes } from '@/lib/base/bytes';
import { decodeCounts, isCounts } from './bucket-counts';
import { decodeKeyValue, decodeValue } from './decode-value';
import type { Field, Schema } from './schema';
import { EMPTY_LIST } from './schema';
import type { WireReader } from './wire-reader';
import { WIRE } from './wire-types';

/** Reads one message from `reader.pos` to `reader.limit`. */
export function decodeMessage<T extends object>(schema: Schema<T>, reader: WireReader): T {
  const out: Record<string, unknown> = { ...schema.defaults };
  const { byNumber } = schema;
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    const field = byNumber[tag >>> 3];
    if (field === undefined) reader.skip(tag);
    else if ((tag & 7) === field.wireType) assign(out, field, decodeField(field, reader));
    else if ((tag & 7) === WIRE.bytes && field.repeated) decodePacked(out, field, reader);
    else reader.skip(tag);
  }
  return out as T;
}

function assign(out: Record<string, unknown>, field: Field, value: unknown): void {
  if (field.repeated) {
    const list = out[field.name];
    if (list === EMPTY_LIST) out[field.name] = [value];
    else if (list instanceof Float64Array) out[field.name] = [...Array.from(list, BigInt), value];
    else (list as unknown[]).push(value);
    return;
  }
  for (const other of field.oneof) out[other] = undefined;
  out[field.name] = value;
}

function decodePacked(out: Record<string, unknown>, field: Field, reader: WireReader): void {
  if (isCounts(field) && out[field.name] === EMPTY_LIST) {
    const counts = decodeCounts(reader, field.wireType);
    if (counts !== null) {
      out[field.name] = counts;
      return;
    }
  }
  const outer = reader.limit;
  reader.limit = reader.lengthEnd();
  while (reader.pos < reader.limit) assign(out, field, decodeField(field, reader));
  reader.limit = outer;
}

function decodeField(field: Field, reader: WireReader): unknown {
  switch (field.type) {
    case 'message':
    case 'value':
    case 'keyValue': {
      const outer = reader.limit;
      reader.limit = reader.lengthEnd();
      const value = decodeNested(field, reader);
      reader.limit = outer;
      return value;
    }
    case 'string':
      return reader.string();
    case 'hex': {
      const end = reader.lengthEnd();
      const text = hexFromBytes(reader.bytes, reader.pos, end);
      reader.pos = end;
      return text;
    }
    case 'bool':
      return reader.varint64() !== 0n;
    case 'uint32':
      return reader.varint32();
    case 'enum':
      return reader.varint32() | 0;
    case 'sint32':
      return reader.sint32();
    case 'fixed32':
      return reader.fixed32();
    case 'fixed64':
    case 'fixedCounts':
      return reader.fixed64();
    case 'sfixed64':
      return reader.sfixed64();
    case 'uint64':
    case 'counts':
      return reader.varint64();
    case 'int64':
      return BigInt.asIntN(64, reader.varint64());
    case 'double':
      return reader.double();
  }
}

function decodeNested(field: Field, reader: WireReader): unknown {
  if (field.type === 'keyValue') return decodeKeyValue(reader, 0);
  return field.type === 'value'
    ? decodeValue(reader, 0)
    : decodeMessage(field.message as Schema<object>, reader);
}
