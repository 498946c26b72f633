/** Changes to a list of attributes, in order; the list that came in is never touched. */
import { z } from 'zod';
import type { AnyValue, KeyValue } from '@/lib/otlp/types';

const scalar = z.union([z.string(), z.boolean(), z.number()]);
const key = z.string().min(1).max(256);

export const attributeActionSchema = z.discriminatedUnion('action', [
  /** Sets it where it is not there. */
  z.strictObject({ action: z.literal('insert'), key, value: scalar }),
  /** Sets it where it is there. */
  z.strictObject({ action: z.literal('update'), key, value: scalar }),
  /** Sets it. */
  z.strictObject({ action: z.literal('upsert'), key, value: scalar }),
  z.strictObject({ action: z.literal('delete'), key }),
  /** Gives its value another key; what stood under that key goes. */
  z.strictObject({ action: z.literal('rename'), key, to: key }),
]);
export type AttributeAction = z.infer<typeof attributeActionSchema>;

export function anyValueOf(value: string | boolean | number): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: BigInt(value) } : { doubleValue: value };
}

/** The same array where nothing changes. */
export function changeAttributes(
  attributes: readonly KeyValue[],
  actions: readonly AttributeAction[],
): readonly KeyValue[] {
  return actions.reduce(applyAction, attributes);
}

function applyAction(attributes: readonly KeyValue[], action: AttributeAction): readonly KeyValue[] {
  const at = attributes.findIndex((attribute) => attribute.key === action.key);
  switch (action.action) {
    case 'insert':
      return at < 0 ? [...attributes, { key: action.key, value: anyValueOf(action.value) }] : attributes;
    case 'update':
      return at < 0 ? attributes : attributes.with(at, { key: action.key, value: anyValueOf(action.value) });
    case 'upsert': {
      const set = { key: action.key, value: anyValueOf(action.value) };
      return at < 0 ? [...attributes, set] : attributes.with(at, set);
    }
    case 'delete':
      return at < 0 ? attributes : attributes.filter((_, index) => index !== at);
    case 'rename': {
      const found = attributes[at];
      if (!found || action.to === action.key) return attributes;
      return attributes.flatMap((attribute, index) => {
        if (index === at) return [{ key: action.to, value: found.value }];
        return attribute.key === action.to ? [] : [attribute];
      });
    }
  }
}
