/** OTLP JSON (as JSON.parse gives it) into objects and back, led by the same schema as the wire. */
import { countsOf, isCounts } from './bucket-counts';
import { doubleToJson, jsonBigInt, jsonBool, jsonDouble, jsonHex, jsonInt, jsonString } from './json-scalar';
import {
  INT64_MAX,
  INT64_MIN,
  isJsonObject,
  jsonList,
  keyValueFromJson,
  keyValueToJson,
  valueFromJson,
  valueToJson,
} from './json-value';
import { malformed } from './malformed';
import type { Field, Schema } from './schema';
import type { AnyValue, KeyValue } from './types';

const UINT64_MAX = 2n ** 64n - 1n;
const UINT32_MAX = 2 ** 32 - 1;
const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/** Unknown fields are ignored, `null` is absent, a field of the wrong type is malformed and named by its path. */
export function messageFromJson<T extends object>(schema: Schema<T>, json: unknown, path: string): T {
  if (!isJsonObject(json)) return malformed(`${path === '' ? 'the request' : path} is no object`);
  const out: Record<string, unknown> = { ...schema.defaults };
  for (const field of schema.fields) {
    const value = json[field.name];
    if (value === undefined || value === null) continue;
    const fieldPath = path === '' ? field.name : `${path}.${field.name}`;
    for (const other of field.oneof) out[other] = undefined;
    if (field.repeated) {
      const list = jsonList(value, fieldPath).map((element, i) =>
        fieldFromJson(field, element, `${fieldPath}[${i}]`),
      );
      out[field.name] = isCounts(field) ? countsOf(list as bigint[]) : list;
    } else out[field.name] = fieldFromJson(field, value, fieldPath);
  }
  return out as T;
}

export function messageToJson<T extends object>(schema: Schema<T>, source: T): Record<string, unknown> {
  const values = source as Readonly<Record<string, unknown>>;
  const defaults = schema.defaults as Readonly<Record<string, unknown>>;
  const out: Record<string, unknown> = {};
  for (const field of schema.fields) {
    const value = values[field.name];
    if (value === undefined) continue;
    if (field.repeated) {
      const list = value as ArrayLike<unknown>;
      if (list.length > 0) out[field.name] = Array.from(list, (element) => fieldToJson(field, element));
    } else if (field.optional || !Object.is(value, defaults[field.name])) {
      out[field.name] = fieldToJson(field, value);
    }
  }
  return out;
}

function fieldFromJson(field: Field, value: unknown, path: string): unknown {
  switch (field.type) {
    case 'message':
      return messageFromJson(field.message as Schema<object>, value, path);
    case 'value':
      return valueFromJson(value, path, 0);
    case 'keyValue':
      return keyValueFromJson(value, path, 0);
    case 'string':
      return jsonString(value, path);
    case 'hex':
      return jsonHex(value, path);
    case 'bool':
      return jsonBool(value, path);
    case 'enum':
      return enumFromJson(field, value, path);
    case 'uint32':
    case 'fixed32':
      return jsonInt(value, 0, UINT32_MAX, path);
    case 'sint32':
      return jsonInt(value, INT32_MIN, INT32_MAX, path);
    case 'fixed64':
    case 'uint64':
    case 'counts':
    case 'fixedCounts':
      return jsonBigInt(value, 0n, UINT64_MAX, path);
    case 'sfixed64':
    case 'int64':
      return jsonBigInt(value, INT64_MIN, INT64_MAX, path);
    case 'double':
      return jsonDouble(value, path);
  }
}

/** Integers are the rule; a symbolic name is taken too, since some writers send it. */
function enumFromJson(field: Field, value: unknown, path: string): number {
  const named = typeof value === 'string' ? field.names[value] : undefined;
  return named ?? jsonInt(value, INT32_MIN, INT32_MAX, path);
}

function fieldToJson(field: Field, value: unknown): unknown {
  switch (field.type) {
    case 'message':
      return messageToJson(field.message as Schema<object>, value as object);
    case 'value':
      return valueToJson(value as AnyValue);
    case 'keyValue':
      return keyValueToJson(value as KeyValue);
    case 'fixed64':
    case 'sfixed64':
    case 'int64':
    case 'uint64':
    case 'counts':
    case 'fixedCounts':
      return String(value);
    case 'double':
      return doubleToJson(value as number);
    default:
      return value;
  }
}
