/** Reading OTLP attributes as plain values. Missing and ill-typed are the same to a dialect: not told. */
import type { AnyValue, KeyValue } from '@/lib/otlp/types';

export function plainValue(value: AnyValue | undefined): unknown {
  if (!value) return null;
  if ('stringValue' in value) return value.stringValue;
  if ('boolValue' in value) return value.boolValue;
  if ('intValue' in value) return Number(value.intValue);
  if ('doubleValue' in value) return value.doubleValue;
  if ('arrayValue' in value) return value.arrayValue.values.map(plainValue);
  if ('kvlistValue' in value) return plainRecord(value.kvlistValue.values);
  return null;
}

/** A record without a prototype, so that a key named `__proto__` is only a key. */
export function plainRecord(pairs: readonly KeyValue[] | undefined): Record<string, unknown> {
  const record: Record<string, unknown> = Object.create(null);
  for (const pair of pairs ?? []) record[pair.key] = plainValue(pair.value);
  return record;
}

/** The text of an attribute; numbers and booleans as text; empty where it is not told. */
export function textOf(pairs: readonly KeyValue[] | undefined, key: string): string {
  if (!pairs) return '';
  for (const pair of pairs) {
    if (pair.key !== key) continue;
    const value = plainValue(pair.value);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
  }
  return '';
}

/** The first of several names that is told. */
export function firstTextOf(pairs: readonly KeyValue[] | undefined, keys: readonly string[]): string {
  for (const key of keys) {
    const text = textOf(pairs, key);
    if (text !== '') return text;
  }
  return '';
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
