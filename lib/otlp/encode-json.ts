/**
 * OTLP JSON (as JSON.parse gives it) straight into protobuf bytes, without the objects in between: the bytes that
 * `messageFromJson` and `encodeMessage` make of it. For schemas without oneofs and packed fields, as those of traces and
 * logs are. Throws MalformedError, without saying where: `messageFromJson` knows.
 */
import { jsonBigInt, jsonBool, jsonBytes, jsonDouble, jsonInt, jsonString } from './json-scalar';
import { INT64_MAX, INT64_MIN, isJsonObject, jsonList } from './json-value';
import { MAX_VALUE_DEPTH, malformed } from './malformed';
import type { Field, Schema } from './schema';
import { WIRE } from './wire-types';
import type { WireWriter } from './wire-writer';

const UINT64_MAX = 2n ** 64n - 1n;
const UINT32_MAX = 2 ** 32 - 1;
const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
/** Longer decimal text than this may not fit 53 bits. */
const SAFE_DIGITS = 15;

export function encodeJson(schema: Schema<object>, json: unknown, writer: WireWriter): void {
  if (!isJsonObject(json)) malformed('no object');
  const { fields } = schema;
  for (let f = 0; f < fields.length; f++) {
    const field = fields[f] as Field;
    const value = json[field.name];
    if (value === undefined || value === null) continue;
    if (!field.repeated) encodeField(field, value, writer);
    else for (const element of jsonList(value, field.name)) encodeField(field, element, writer);
  }
}

/** Writes tag and value; a default that need not be there is left out. */
function encodeField(field: Field, value: unknown, writer: WireWriter): void {
  const { number, name } = field;
  switch (field.type) {
    case 'message':
    case 'keyValue':
    case 'value': {
      const mark = writer.openField(number);
      if (field.type === 'keyValue') encodePair(value, writer, 0);
      else if (field.type === 'value') encodeAny(value, writer, 0);
      else encodeJson(field.message as Schema<object>, value, writer);
      writer.close(mark);
      return;
    }
    case 'string': {
      const text = jsonString(value, name);
      if (text === '') return;
      writer.tag(number, WIRE.bytes);
      writer.string(text);
      return;
    }
    case 'hex': {
      const text = jsonString(value, name);
      if (text === '') return;
      writer.tag(number, WIRE.bytes);
      if (!writer.hex(text)) malformed(`${name} is no hex`);
      return;
    }
    case 'fixed64':
      encodeFixed64(field, value, writer);
      return;
    case 'enum': {
      const named = typeof value === 'string' ? field.names[value] : undefined;
      const code = named ?? jsonInt(value, INT32_MIN, INT32_MAX, name);
      if (code === 0) return;
      writer.tag(number, WIRE.varint);
      writer.int32(code);
      return;
    }
    case 'uint32':
    case 'fixed32': {
      const integer = jsonInt(value, 0, UINT32_MAX, name);
      if (integer === 0) return;
      writer.tag(number, field.wireType);
      if (field.type === 'fixed32') writer.fixed32(integer);
      else writer.varint32(integer);
      return;
    }
    default:
      throw new Error(`${name} of type ${field.type} is not for this encoder`);
  }
}

function encodeFixed64(field: Field, value: unknown, writer: WireWriter): void {
  const { number, name } = field;
  if (typeof value === 'string' && decimalHalves(value)) {
    if (halves.low === 0 && halves.high === 0) return;
    writer.tag(number, WIRE.fixed64);
    writer.fixed32(halves.low);
    writer.fixed32(halves.high);
    return;
  }
  const integer = jsonBigInt(value, 0n, UINT64_MAX, name);
  if (integer === 0n) return;
  writer.tag(number, WIRE.fixed64);
  writer.fixed64(integer);
}

const halves = { low: 0, high: 0 };

/**
 * Leaves 18 or 19 decimal digits (all times of our days) in `halves`, without a bigint; false for any other text.
 *
 *   digits = head · 10⁹ + tail,  head = h₁ · 2¹⁶ + h₀,  so that every product stays below 2⁵³
 */
function decimalHalves(text: string): boolean {
  const { length } = text;
  if (length < 18 || length > 19) return false;
  let head = 0;
  let tail = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return false;
    if (i < length - 9) head = head * 10 + digit;
    else tail = tail * 10 + digit;
  }
  const upper = Math.floor(head / 0x10000) * 1e9;
  const lower = (head % 0x10000) * 1e9 + tail;
  const low = (upper % 0x10000) * 0x10000 + (lower % 0x1_0000_0000);
  halves.low = low % 0x1_0000_0000;
  halves.high =
    Math.floor(upper / 0x10000) + Math.floor(lower / 0x1_0000_0000) + Math.floor(low / 0x1_0000_0000);
  return true;
}

function encodePair(json: unknown, writer: WireWriter, depth: number): void {
  if (!isJsonObject(json)) malformed('no key and value');
  const { key, value } = json;
  if (key !== undefined && key !== null && key !== '') {
    writer.tag(1, WIRE.bytes);
    writer.string(jsonString(key, 'key'));
  }
  const mark = writer.openField(2);
  encodeAny(value, writer, depth);
  writer.close(mark);
}

/** The same order of preference as `valueFromJson`. */
function encodeAny(json: unknown, writer: WireWriter, depth: number): void {
  if (depth > MAX_VALUE_DEPTH) malformed('nested too deep');
  if (json === null || json === undefined) return;
  if (!isJsonObject(json)) malformed('no value object');
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = json;
  if (isThere(stringValue)) {
    writer.tag(1, WIRE.bytes);
    writer.string(jsonString(stringValue, 'stringValue'));
  } else if (isThere(boolValue)) {
    writer.tag(2, WIRE.varint);
    writer.varint32(jsonBool(boolValue, 'boolValue') ? 1 : 0);
  } else if (isThere(intValue)) {
    writer.tag(3, WIRE.varint);
    encodeInt(intValue, writer);
  } else if (isThere(doubleValue)) {
    writer.tag(4, WIRE.fixed64);
    writer.double(jsonDouble(doubleValue, 'doubleValue'));
  } else if (isThere(arrayValue)) encodeList(5, arrayValue, writer, depth, encodeAny);
  else if (isThere(kvlistValue)) encodeList(6, kvlistValue, writer, depth, encodePair);
  else if (isThere(bytesValue)) {
    writer.tag(7, WIRE.bytes);
    writer.bytes(jsonBytes(bytesValue, 'bytesValue'));
  }
}

function encodeInt(value: unknown, writer: WireWriter): void {
  const short = typeof value === 'string' && value.length <= SAFE_DIGITS && isDigits(value);
  const number = short ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) writer.varint53(number);
  else writer.varint64(jsonBigInt(value, INT64_MIN, INT64_MAX, 'intValue'));
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return text.length > 0;
}

function encodeList(
  number: number,
  json: unknown,
  writer: WireWriter,
  depth: number,
  encode: (json: unknown, writer: WireWriter, depth: number) => void,
): void {
  if (!isJsonObject(json)) malformed('no object');
  const list = writer.openField(number);
  for (const element of jsonList(json.values, 'values')) {
    const mark = writer.openField(1);
    encode(element, writer, depth + 1);
    writer.close(mark);
  }
  writer.close(list);
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}
