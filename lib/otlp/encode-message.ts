/** Objects into protobuf bytes, led by a schema: fields in order of number, defaults left out, numbers packed. */
import { bytesFromHex } from '@/lib/base/bytes';
import { encodeKeyValue, encodeValue } from './encode-value';
import type { Field, Schema } from './schema';
import type { AnyValue, KeyValue } from './types';
import { WIRE } from './wire-types';
import type { WireWriter } from './wire-writer';

export function encodeMessage<T extends object>(schema: Schema<T>, source: T, writer: WireWriter): void {
  const values = source as Readonly<Record<string, unknown>>;
  for (const field of schema.fields) {
    const value = values[field.name];
    if (value === undefined) continue;
    if (field.repeated) encodeList(field, value as readonly unknown[] | Float64Array, writer);
    else if (field.optional || !isDefault(field, value)) encodeField(field, value, writer);
  }
}

function isDefault(field: Field, value: unknown): boolean {
  switch (field.type) {
    case 'string':
    case 'hex':
      return value === '';
    case 'bool':
      return value === false;
    case 'fixed64':
    case 'sfixed64':
    case 'int64':
    case 'uint64':
      return value === 0n;
    case 'double':
      return Object.is(value, 0);
    case 'value':
    case 'keyValue':
    case 'message':
      return false;
    default:
      return value === 0;
  }
}

function encodeList(field: Field, list: readonly unknown[] | Float64Array, writer: WireWriter): void {
  if (list.length === 0) return;
  if (field.wireType === WIRE.bytes) {
    for (const value of list) encodeField(field, value, writer);
    return;
  }
  const mark = writer.openField(field.number);
  for (const value of list) encodeScalar(field, value, writer);
  writer.close(mark);
}

function encodeField(field: Field, value: unknown, writer: WireWriter): void {
  writer.tag(field.number, field.wireType);
  encodeScalar(field, value, writer);
}

function encodeScalar(field: Field, value: unknown, writer: WireWriter): void {
  switch (field.type) {
    case 'message':
    case 'value':
    case 'keyValue': {
      const mark = writer.open();
      encodeNested(field, value, writer);
      writer.close(mark);
      return;
    }
    case 'string':
      writer.string(value as string);
      return;
    case 'hex':
      writer.bytes(idBytes(field, value as string));
      return;
    case 'bool':
      writer.varint32(value === true ? 1 : 0);
      return;
    case 'uint32':
      writer.varint32(value as number);
      return;
    case 'enum':
      writer.int32(value as number);
      return;
    case 'sint32':
      writer.sint32(value as number);
      return;
    case 'fixed32':
      writer.fixed32(value as number);
      return;
    case 'fixed64':
    case 'sfixed64':
      writer.fixed64(value as bigint);
      return;
    case 'int64':
    case 'uint64':
      writer.varint64(value as bigint);
      return;
    case 'double':
      writer.double(value as number);
      return;
    case 'counts':
      if (typeof value === 'number') writer.varint53(value);
      else writer.varint64(value as bigint);
      return;
    case 'fixedCounts':
      writer.fixed64(BigInt(value as number | bigint));
  }
}

function encodeNested(field: Field, value: unknown, writer: WireWriter): void {
  if (field.type === 'keyValue') encodeKeyValue(value as KeyValue, writer);
  else if (field.type === 'value') encodeValue(value as AnyValue, writer);
  else encodeMessage(field.message as Schema<object>, value as object, writer);
}

/** Objects come from the decoders, or from code that makes ids: an id that is no hex is a mistake there. */
function idBytes(field: Field, text: string): Uint8Array {
  const bytes = bytesFromHex(text);
  if (bytes === null) throw new Error(`${field.name} is no hex: ${text}`);
  return bytes;
}
