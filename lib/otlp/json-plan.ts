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
  readonly fields: readonly FieldPlan[];
  /** By field: its key with the closing quote and the colon. */
  readonly keys: readonly Key[];
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

const known = new Map<Schema<object>, Plan>();

/** `null` where a field is of a type that traces and logs do not have. */
export function planOf(schema: Schema<object>): Plan {
  const made = known.get(schema);
  if (made) return made;
  const plan = planned(schema.fields.map(draftOf));
  known.set(schema, plan);
  return plan;
}

function draftOf(field: Field): Draft {
  const { name, number, wireType, repeated } = field;
  const common = { name, number, wireType, repeated };
  switch (field.type) {
    case 'message':
      return { ...common, kind: KIND.message, plan: planOf(field.message as Schema<object>) };
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
      return { ...common, kind: KIND[field.type] };
    default:
      return { ...common, kind: KIND.unusual };
  }
}

function planned(drafts: readonly Draft[], { oneof = false, deeper = false } = {}): Plan {
  return {
    fields: drafts.map(fieldPlan),
    keys: drafts.map(({ name }) => keyOf(name)),
    next: Int32Array.from({ length: drafts.length + 1 }, (_, i) => i % Math.max(1, drafts.length)),
    oneof,
    deeper,
  };
}

function fieldPlan({ number, wireType, kind, repeated = false, plan = undefined }: Draft): FieldPlan {
  const tag = tagOf(number, wireType);
  return {
    kind,
    tag0: tag < 0x80 ? tag : (tag & 0x7f) | 0x80,
    tag1: tag >>> 7,
    repeated,
    plan: plan ?? null,
    width: 1,
  };
}

function keyOf(name: string): Key {
  const view = new DataView(new TextEncoder().encode(`${name}":`).buffer);
  const length = view.byteLength;
  const words = Int32Array.from({ length: length >>> 2 }, (_, i) => view.getInt32(4 * i));
  return { name, words, last: view.getInt32(length - 4), length };
}

/** A value holds lists of values: the lists are filled in once both are there. */
const listFields: Draft[] = [
  { name: 'stringValue', number: 1, wireType: WIRE.bytes, kind: KIND.anyString },
  { name: 'boolValue', number: 2, wireType: WIRE.varint, kind: KIND.anyBool },
  { name: 'intValue', number: 3, wireType: WIRE.varint, kind: KIND.anyInt },
  { name: 'doubleValue', number: 4, wireType: WIRE.fixed64, kind: KIND.anyDouble },
];
const valueFields: FieldPlan[] = [];
const valueKeys: Key[] = [];
const VALUE: Plan = {
  fields: valueFields,
  keys: valueKeys,
  next: Int32Array.from({ length: 8 }, () => 0),
  oneof: true,
  deeper: false,
};
const PAIR = planned([
  { name: 'key', number: 1, wireType: WIRE.bytes, kind: KIND.string },
  { name: 'value', number: 2, wireType: WIRE.bytes, kind: KIND.message, plan: VALUE },
]);
const list = (kind: number, plan: Plan) =>
  planned([{ name: 'values', number: 1, wireType: WIRE.bytes, kind, repeated: true, plan }], {
    deeper: true,
  });
for (const draft of [
  ...listFields,
  ...[
    { name: 'arrayValue', number: 5, plan: list(KIND.message, VALUE) },
    { name: 'kvlistValue', number: 6, plan: list(KIND.pair, PAIR) },
  ].map((made) => ({ ...made, wireType: WIRE.bytes, kind: KIND.message })),
  { name: 'bytesValue', number: 7, wireType: WIRE.bytes, kind: KIND.unusual },
]) {
  valueFields.push(fieldPlan(draft));
  valueKeys.push(keyOf(draft.name));
}
