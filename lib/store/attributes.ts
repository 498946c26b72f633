/** OTLP attributes as the plain values that people look at. */
import type { Attributes, AttributeValue } from '@/lib/model/span';
import { base64FromBytes } from '@/lib/otlp/base64';
import type { AnyValue, KeyValue } from '@/lib/otlp/types';

/** 64-bit integers that a double cannot hold become decimal text; bytes become base64. */
export function plainValue(value: AnyValue): AttributeValue {
  if ('stringValue' in value) return value.stringValue ?? '';
  if ('boolValue' in value) return value.boolValue ?? false;
  if ('intValue' in value) return plainInt(value.intValue ?? 0n);
  if ('doubleValue' in value) return plainDouble(value.doubleValue ?? 0);
  if ('arrayValue' in value) return value.arrayValue?.values.map(plainValue) ?? [];
  if ('kvlistValue' in value) return plainAttributes(value.kvlistValue?.values ?? []);
  if ('bytesValue' in value) return base64FromBytes(value.bytesValue ?? new Uint8Array(0));
  return null;
}

/** Without a prototype, so that a key named `__proto__` is only a key. The last of several equal keys counts. */
export function plainAttributes(pairs: readonly KeyValue[], rename = (key: string) => key): Attributes {
  const record: Record<string, AttributeValue> = Object.create(null);
  for (const { key, value } of pairs) record[rename(key)] = plainValue(value);
  return record;
}

function plainInt(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** JSON has no such numbers, and what is shown is text anyway. */
function plainDouble(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

export function numberOf(attributes: Attributes, key: string): number | null {
  const value = attributes[key];
  return typeof value === 'number' ? value : null;
}

/** The largest of those that are told as numbers. */
export function largestOf(attributes: Attributes, keys: readonly string[]): number | null {
  const values = keys.flatMap((key) => numberOf(attributes, key) ?? []);
  return values.length === 0 ? null : Math.max(...values);
}

export function textOf(attributes: Attributes, key: string): string {
  const value = attributes[key];
  return typeof value === 'string' ? value : '';
}

/** The first alias that is told as text, nearest level first. */
export function nearestText(aliases: readonly string[], ...levels: readonly Attributes[]): string {
  for (const level of levels) {
    for (const alias of aliases) {
      const text = textOf(level, alias);
      if (text !== '') return text;
    }
  }
  return '';
}
