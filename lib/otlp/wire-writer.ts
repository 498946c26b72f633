/**
 * Writes protobuf's wire format into one growing buffer. A nested message is written in place behind one byte for
 * its length; where the length needs more, the message is moved (a memmove, cheaper than measuring twice).
 */
import { tagOf, WIRE } from './wire-types';

const utf8 = new TextEncoder();
const SHORT_STRING = 32;

export class WireWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(initialBytes = 1024) {
    this.#bytes = new Uint8Array(initialBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** What was written, valid until the next write; for callers that copy it themselves. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  tag(field: number, wireType: number): void {
    this.varint32(tagOf(field, wireType));
  }

  varint32(value: number): void {
    this.#reserve(5);
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** int32 as protobuf wants it: a negative one is sign-extended to ten bytes. */
  int32(value: number): void {
    if (value >= 0) this.varint32(value);
    else this.varint64(BigInt(value));
  }

  sint32(value: number): void {
    this.varint32((value << 1) ^ (value >> 31));
  }

  varint64(value: bigint): void {
    if (value >= 0n && value <= 0xffffffffn) {
      this.varint32(Number(value));
      return;
    }
    this.#reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  /** A whole number up to 2^53 − 1. */
  varint53(value: number): void {
    if (value <= 0xffffffff) this.varint32(value);
    else this.varint64(BigInt(value));
  }

  fixed32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  fixed64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.#length, BigInt.asUintN(64, value), true);
    this.#length += 8;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Length and bytes. */
  bytes(bytes: Uint8Array): void {
    this.varint32(bytes.length);
    this.raw(bytes);
  }

  /** Length and UTF-8. */
  string(text: string): void {
    if (text.length <= SHORT_STRING && this.#shortAscii(text)) return;
    this.#reserve(text.length * 3 + 5);
    const mark = this.open();
    this.#length += utf8.encodeInto(text, this.#bytes.subarray(this.#length)).written;
    this.close(mark);
  }

  /** Starts what is written behind its length; give the mark to `close`. */
  open(): number {
    this.#reserve(1);
    return this.#length++;
  }

  close(mark: number): void {
    const start = mark + 1;
    const size = this.#length - start;
    const extra = varintSize(size) - 1;
    if (extra > 0) {
      this.#reserve(extra);
      this.#bytes.copyWithin(start + extra, start, this.#length);
    }
    const end = this.#length + extra;
    this.#length = mark;
    this.varint32(size);
    this.#length = end;
  }

  /** Tag of a nested message, then `open`. */
  openField(field: number): number {
    this.tag(field, WIRE.bytes);
    return this.open();
  }

  #shortAscii(text: string): boolean {
    this.#reserve(text.length + 1);
    const bytes = this.#bytes;
    const start = this.#length + 1;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) return false;
      bytes[start + i] = code;
    }
    bytes[this.#length] = text.length;
    this.#length = start + text.length;
    return true;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

export function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}
