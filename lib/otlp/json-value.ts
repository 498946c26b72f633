/** `AnyValue` from and to OTLP JSON. */
import { base64FromBytes } from './base64';
import { doubleToJson, jsonBigInt, jsonBool, jsonBytes, jsonDouble, jsonString } from './json-scalar';
import { MAX_VALUE_DEPTH, malformed } from './malformed';
import { EMPTY_VALUE } from './schema';
import type { AnyValue, KeyValue } from './types';

export const INT64_MIN = -(2n ** 63n);
export const INT64_MAX = 2n ** 63n - 1n;

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function jsonList(value: unknown, path: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : malformed(`${path} is no array`);
}

export function valueFromJson(json: unknown, path: string, depth: number): AnyValue {
  if (depth > MAX_VALUE_DEPTH) malformed(`${path} is nested deeper than ${MAX_VALUE_DEPTH}`);
  if (json === null || json === undefined) return EMPTY_VALUE;
  if (!isJsonObject(json)) return malformed(`${path} is no value object`);
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = json;
  if (isThere(stringValue)) return { stringValue: jsonString(stringValue, `${path}.stringValue`) };
  if (isThere(boolValue)) return { boolValue: jsonBool(boolValue, `${path}.boolValue`) };
  if (isThere(intValue)) return { intValue: jsonBigInt(intValue, INT64_MIN, INT64_MAX, `${path}.intValue`) };
  if (isThere(doubleValue)) return { doubleValue: jsonDouble(doubleValue, `${path}.doubleValue`) };
  if (isThere(arrayValue)) {
    const values = listOf(arrayValue, `${path}.arrayValue`);
    return {
      arrayValue: { values: values.map((value, i) => valueFromJson(value, `${path}[${i}]`, depth + 1)) },
    };
  }
  if (isThere(kvlistValue)) {
    const values = listOf(kvlistValue, `${path}.kvlistValue`);
    return {
      kvlistValue: { values: values.map((pair, i) => keyValueFromJson(pair, `${path}[${i}]`, depth + 1)) },
    };
  }
  if (isThere(bytesValue)) return { bytesValue: jsonBytes(bytesValue, `${path}.bytesValue`) };
  return EMPTY_VALUE;
}

export function keyValueFromJson(json: unknown, path: string, depth: number): KeyValue {
  if (!isJsonObject(json)) return malformed(`${path} is no key and value`);
  const key = json.key === undefined || json.key === null ? '' : jsonString(json.key, `${path}.key`);
  return { key, value: valueFromJson(json.value, `${path}.value`, depth) };
}

export function valueToJson(value: AnyValue): unknown {
  if ('intValue' in value) return { intValue: String(value.intValue) };
  if ('doubleValue' in value) return { doubleValue: doubleToJson(value.doubleValue) };
  if ('arrayValue' in value) return { arrayValue: { values: value.arrayValue.values.map(valueToJson) } };
  if ('kvlistValue' in value)
    return { kvlistValue: { values: value.kvlistValue.values.map(keyValueToJson) } };
  if ('bytesValue' in value) return { bytesValue: base64FromBytes(value.bytesValue) };
  return value;
}

export function keyValueToJson(pair: KeyValue): unknown {
  return { key: pair.key, value: valueToJson(pair.value) };
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function listOf(json: unknown, path: string): readonly unknown[] {
  return isJsonObject(json) ? jsonList(json.values, `${path}.values`) : malformed(`${path} is no object`);
}
