import type { AnyValue, KeyValue } from '@/lib/otlp/types';
import type { Item } from './items';

/** A scalar attribute as text, to compare with what a configuration says; `null` for lists, maps and bytes. */
export function scalarText(value: AnyValue): string | null {
  if ('stringValue' in value) return value.stringValue as string;
  if ('boolValue' in value) return String(value.boolValue);
  if ('intValue' in value) return String(value.intValue);
  if ('doubleValue' in value) return String(value.doubleValue);
  return null;
}

export function findAttribute(attributes: readonly KeyValue[], key: string): AnyValue | undefined {
  return attributes.find((attribute) => attribute.key === key)?.value;
}

/** Nearest wins: the item's own, else its scope's, else its resource's. */
export function attributeOf(item: Item, key: string): AnyValue | undefined {
  return (
    findAttribute(item.attributes, key) ??
    findAttribute(item.scope?.attributes ?? [], key) ??
    findAttribute(item.resource?.attributes ?? [], key)
  );
}
