/** Attributes written as protobuf without an object in between: field `field` of the message at hand is a KeyValue. */
import type { WireWriter } from '@/lib/otlp/wire-writer';

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const VALUE = 2;
const STRING_VALUE = 1;
const BOOL_VALUE = 2;
const INT_VALUE = 3;
const DOUBLE_VALUE = 4;
const ARRAY_VALUE = 5;
const TWO_TO_32 = 0x1_0000_0000;

function openValue(writer: WireWriter, field: number, key: string): number {
  const pair = writer.openField(field);
  writer.tag(1, BYTES);
  writer.string(key);
  return pair;
}

export function writeString(writer: WireWriter, field: number, key: string, text: string): void {
  const pair = openValue(writer, field, key);
  const value = writer.openField(VALUE);
  writer.tag(STRING_VALUE, BYTES);
  writer.string(text);
  writer.close(value);
  writer.close(pair);
}

export function writeBool(writer: WireWriter, field: number, key: string, flag: boolean): void {
  const pair = openValue(writer, field, key);
  const value = writer.openField(VALUE);
  writer.tag(BOOL_VALUE, VARINT);
  writer.varint32(flag ? 1 : 0);
  writer.close(value);
  writer.close(pair);
}

/** Whole numbers from 0 to 2^53. */
export function writeInt(writer: WireWriter, field: number, key: string, number: number): void {
  const pair = openValue(writer, field, key);
  const value = writer.openField(VALUE);
  writer.tag(INT_VALUE, VARINT);
  writeVarint(writer, number);
  writer.close(value);
  writer.close(pair);
}

export function writeDouble(writer: WireWriter, field: number, key: string, number: number): void {
  const pair = openValue(writer, field, key);
  const value = writer.openField(VALUE);
  writer.tag(DOUBLE_VALUE, FIXED64);
  writer.double(number);
  writer.close(value);
  writer.close(pair);
}

/** What a node author gave: a string, number, boolean, or an array of them. Anything else is left out. */
export function writeAny(writer: WireWriter, field: number, key: string, value: unknown): boolean {
  if (!isWritable(value)) return false;
  const pair = openValue(writer, field, key);
  writeAnyValue(writer, VALUE, value);
  writer.close(pair);
  return true;
}

function isWritable(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    Array.isArray(value)
  );
}

function writeAnyValue(writer: WireWriter, field: number, value: unknown): void {
  const mark = writer.openField(field);
  if (typeof value === 'string') {
    writer.tag(STRING_VALUE, BYTES);
    writer.string(value);
  } else if (typeof value === 'boolean') {
    writer.tag(BOOL_VALUE, VARINT);
    writer.varint32(value ? 1 : 0);
  } else if (typeof value === 'number' && Number.isSafeInteger(value)) {
    writer.tag(INT_VALUE, VARINT);
    if (value >= 0) writeVarint(writer, value);
    else writer.varint64(BigInt(value));
  } else if (typeof value === 'number') {
    writer.tag(DOUBLE_VALUE, FIXED64);
    writer.double(value);
  } else if (Array.isArray(value)) {
    const list = writer.openField(ARRAY_VALUE);
    for (const element of value) writeAnyValue(writer, 1, element);
    writer.close(list);
  }
  writer.close(mark);
}

function writeVarint(writer: WireWriter, number: number): void {
  if (number < TWO_TO_32) writer.varint32(number);
  else writer.varint64(BigInt(number));
}

/** Big-endian bytes of id words. */
export function writeId(
  writer: WireWriter,
  field: number,
  words: Int32Array,
  at: number,
  count: number,
): void {
  writer.tag(field, BYTES);
  writer.varint32(count * 4);
  for (let i = 0; i < count; i++) writer.fixed32(swapBytes(words[at + i] as number));
}

function swapBytes(word: number): number {
  return (((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

/** Unix time of nanoseconds since a clock's epoch, without a bigint: the epoch in two halves, and a carry. */
export class WireTime {
  private readonly high: number;
  private readonly low: number;

  constructor(epoch: bigint) {
    this.high = Number(epoch >> 32n);
    this.low = Number(epoch & 0xffffffffn);
  }

  write(writer: WireWriter, field: number, ns: number): void {
    const low = this.low + (Math.floor(ns) % TWO_TO_32);
    const high = this.high + Math.floor(ns / TWO_TO_32) + (low >= TWO_TO_32 ? 1 : 0);
    writer.tag(field, FIXED64);
    writer.fixed32(low % TWO_TO_32);
    writer.fixed32(high);
  }
}
