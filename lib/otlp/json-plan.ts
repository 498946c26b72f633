/**
 * What a message's schema says, made ready for reading JSON: each key as the words of its bytes, each field's tag as it
 * stands on the wire. `AnyValue` and `KeyValue`, which schemas know as types of their own, become messages like others.
 */
import type { Field, Schema } from './schema';
import { tagOf, WIRE } from './wire-types';

export const KIND = {
  message: 0,
  pair: 1,
  string: 2,
  hex: 3,
  fixed64: 4,
  /** Whole numbers, as varint or as four bytes; 0 is left out. */
  uint32: 5,
  enum: 6,
  fixed32: 7,
  /** Those of an `AnyValue`: written whatever they are. */
  anyString: 8,
  anyBool: 9,
  anyInt: 10,
  anyDouble: 11,
  /** What the scanner leaves to others. */
  unusual: 12,
} as const;

export interface FieldPlan {
  readonly kind: number;
  /** Bytes of the tag; the second is 0 where one is enough. */
  readonly tag0: number;
  readonly tag1: number;
  readonly repeated: boolean;
  /** Set for messages and pairs. */
  readonly plan: Plan | null;
  /** Bytes that the length took last time: room for them is kept free. */
  width: number;
}

export interface Plan {
  readonly fields: FieldPlan[];
  /** By field: its key with the closing quote and the colon. */
  readonly keys: Key[];
  /** By field + 1 (0 is the beginning): which one followed last time. Senders always write the same order. */
  readonly next: Int32Array;
  /** At most one of its fields may be there. */
  readonly oneof: boolean;
  /** Of those one level further into a value, as arrays and maps are. */
  readonly deeper: boolean;
}

export interface Key {
  readonly name: string;
  /** The last one, which overlaps where the length asks for it, is `last`. */
  readonly words: Int32Array;
  readonly last: number;
  readonly length: number;
}

interface Draft {
  readonly name: string;
  readonly number: number;
  readonly wireType: number;
  readonly kind: number;
  readonly repeated?: boolean;
  readonly plan?: Plan;
}

/** No message of traces or logs has more. */
const MOST_FIELDS = 31;

const known = new Map<Schema<object>, Plan>();

export function planOf(schema: Schema<object>): Plan {
  const made = known.get(schema);
  if (made) return made;
  const plan = planned(schema.fields.map(draftOf));
  known.set(schema, plan);
  return plan;
}

function draftOf({ name, number, wireType, repeated, type, message }: Field): Draft {
  const common = { name, number, wireType, repeated };
  switch (type) {
    case 'message':
      return { ...common, kind: KIND.message, plan: planOf(message as Schema<object>) };
    case 'keyValue':
      return { ...common, kind: KIND.pair, plan: PAIR };
    case 'value':
      return { ...common, kind: KIND.message, plan: VALUE };
    case 'string':
    case 'hex':
    case 'fixed64':
    case 'uint32':
    case 'enum':
    case 'fixed32':
      return { ...common, kind: KIND[type] };
    default:
      return { ...common, kind: KIND.unusual };
  }
}

function planned(drafts: readonly Draft[], { oneof = false, deeper = false } = {}): Plan {
  const next = Int32Array.from({ length: MOST_FIELDS + 1 }, (_, i) => i);
  const plan: Plan = { fields: [], keys: [], next, oneof, deeper };
  for (const draft of drafts) addField(plan, draft);
  return plan;
}

function addField(target: Plan, draft: Draft): void {
  const { name, number, wireType, kind, repeated = false, plan = null } = draft;
  const tag = tagOf(number, wireType);
  const tag0 = tag < 0x80 ? tag : (tag & 0x7f) | 0x80;
  target.fields.push({ kind, tag0, tag1: tag >>> 7, repeated, plan, width: 1 });
  target.keys.push(keyOf(name));
}

function keyOf(name: string): Key {
  const view = new DataView(new TextEncoder().encode(`${name}":`).buffer);
  const length = view.byteLength;
  const words = Int32Array.from({ length: length >>> 2 }, (_, i) => view.getInt32(4 * i));
  return { name, words, last: view.getInt32(length - 4), length };
}

const inBytes = (name: string, number: number, kind: number, plan?: Plan): Draft => ({
  ...{ name, number, wireType: WIRE.bytes, kind },
  ...(plan && { plan }),
});
const listOf = (kind: number, plan: Plan) =>
  planned([{ ...inBytes('values', 1, kind, plan), repeated: true }], { deeper: true });

/** A value may hold values and pairs, which hold values: it gets its fields once they are there. */
const VALUE = planned([], { oneof: true });
const PAIR = planned([inBytes('key', 1, KIND.string), inBytes('value', 2, KIND.message, VALUE)]);
for (const draft of [
  inBytes('stringValue', 1, KIND.anyString),
  { name: 'boolValue', number: 2, wireType: WIRE.varint, kind: KIND.anyBool },
  { name: 'intValue', number: 3, wireType: WIRE.varint, kind: KIND.anyInt },
  { name: 'doubleValue', number: 4, wireType: WIRE.fixed64, kind: KIND.anyDouble },
  inBytes('arrayValue', 5, KIND.message, listOf(KIND.message, VALUE)),
  inBytes('kvlistValue', 6, KIND.message, listOf(KIND.pair, PAIR)),
  inBytes('bytesValue', 7, KIND.unusual),
])
  addField(VALUE, draft);
