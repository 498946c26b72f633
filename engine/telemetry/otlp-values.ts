/** Plain values as OTLP's: what goes on the cold path (topology, control, decisions, metric attributes). */
import type { AnyValue, KeyValue } from '@/lib/otlp/types';

export function toAnyValue(value: unknown): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: value };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { intValue: BigInt(value) } : { doubleValue: value };
  }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(toAnyValue) } };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if ('double' in value && entries.length === 1) return { doubleValue: Number(value.double) };
    return { kvlistValue: { values: keyValues(entries) } };
  }
  return {};
}

/** Entries whose value is undefined are left out. */
export function keyValues(entries: Iterable<readonly [string, unknown]>): KeyValue[] {
  const pairs: KeyValue[] = [];
  for (const [key, value] of entries) if (value !== undefined) pairs.push({ key, value: toAnyValue(value) });
  return pairs;
}

export function keyValuesOf(record: Readonly<Record<string, unknown>>): KeyValue[] {
  return keyValues(Object.entries(record));
}
