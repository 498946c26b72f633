/**
 * OTLP's messages described once, as data: number, type and name of each field. The protobuf and the JSON codec both
 * read this table, so they cannot disagree. `message<T>` makes the compiler demand exactly T's properties.
 */
import { WIRE } from './wire-types';

export type ScalarType =
  | 'string'
  /** An id: bytes on the wire, lower-case hex in objects and in JSON. */
  | 'hex'
  | 'bool'
  | 'uint32'
  | 'enum'
  | 'sint32'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'
  | 'int64'
  | 'uint64'
  /** Repeated only, `BucketCounts` in objects: uint64 and fixed64 on the wire. */
  | 'counts'
  | 'fixedCounts'
  | 'double'
  | 'value'
  | 'keyValue';

export interface Field {
  readonly name: string;
  readonly number: number;
  readonly type: ScalarType | 'message';
  /** Set where the type is `message`. */
  readonly message: Schema<object> | undefined;
  readonly repeated: boolean;
  /** Absent is `undefined`, and a zero that is there is written. */
  readonly optional: boolean;
  /** Fields of one oneof share a name; the last one read wins. */
  readonly oneof: readonly string[];
  /** Symbolic names of an enum, tolerated in JSON. */
  readonly names: Readonly<Record<string, number>>;
  readonly wireType: number;
}

/** `T` is what a message of this schema is as an object. */
export interface Schema<T extends object> {
  readonly fields: readonly Field[];
  readonly byNumber: readonly (Field | undefined)[];
  /** All fields at their defaults; repeated ones share one empty list until the first element comes. */
  readonly defaults: Readonly<T>;
}

interface FieldSpec {
  readonly number: number;
  readonly type: ScalarType | 'message';
  readonly message?: Schema<object>;
  readonly repeated?: boolean;
  readonly optional?: boolean;
  readonly oneof?: readonly string[];
  readonly names?: Readonly<Record<string, number>>;
}

/** Shared by every message without elements of a repeated field. */
export const EMPTY_LIST: readonly never[] = Object.freeze([]);

const WIRE_TYPES: Readonly<Record<ScalarType | 'message', number>> = {
  string: WIRE.bytes,
  hex: WIRE.bytes,
  value: WIRE.bytes,
  keyValue: WIRE.bytes,
  message: WIRE.bytes,
  bool: WIRE.varint,
  uint32: WIRE.varint,
  enum: WIRE.varint,
  sint32: WIRE.varint,
  int64: WIRE.varint,
  uint64: WIRE.varint,
  counts: WIRE.varint,
  fixed32: WIRE.fixed32,
  fixed64: WIRE.fixed64,
  sfixed64: WIRE.fixed64,
  fixedCounts: WIRE.fixed64,
  double: WIRE.fixed64,
};

export function scalar(number: number, type: ScalarType): FieldSpec {
  return { number, type };
}

export function optional(number: number, type: ScalarType, oneof: readonly string[] = []): FieldSpec {
  return { number, type, optional: true, oneof };
}

export function repeatedScalar(number: number, type: ScalarType): FieldSpec {
  return { number, type, repeated: true };
}

export function enumeration(number: number, names: Readonly<Record<string, number>>): FieldSpec {
  return { number, type: 'enum', names };
}

export function one(number: number, message: Schema<object>, oneof: readonly string[] = []): FieldSpec {
  return { number, type: 'message', message, optional: true, oneof };
}

export function many(number: number, message: Schema<object>): FieldSpec {
  return { number, type: 'message', message, repeated: true };
}

export function message<T extends object>(
  specs: { readonly [K in keyof Required<T>]: FieldSpec },
): Schema<T> {
  const fields: Field[] = [];
  const byNumber: (Field | undefined)[] = [];
  const defaults: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries<FieldSpec>(specs)) {
    const field: Field = {
      name,
      number: spec.number,
      type: spec.type,
      message: spec.message,
      repeated: spec.repeated ?? false,
      optional: spec.optional ?? false,
      oneof: spec.oneof ?? [],
      names: spec.names ?? {},
      wireType: WIRE_TYPES[spec.type],
    };
    fields.push(field);
    byNumber[spec.number] = field;
    defaults[name] = defaultOf(field);
  }
  for (let i = 0; i < byNumber.length; i++) byNumber[i] ??= undefined;
  return { fields: fields.sort((a, b) => a.number - b.number), byNumber, defaults: defaults as Readonly<T> };
}

function defaultOf(field: Field): unknown {
  if (field.repeated) return EMPTY_LIST;
  if (field.optional) return undefined;
  switch (field.type) {
    case 'string':
    case 'hex':
      return '';
    case 'bool':
      return false;
    case 'fixed64':
    case 'sfixed64':
    case 'int64':
    case 'uint64':
      return 0n;
    case 'value':
      return EMPTY_VALUE;
    case 'message':
      return undefined;
    default:
      return 0;
  }
}

export const EMPTY_VALUE: Readonly<Record<string, never>> = Object.freeze({});
