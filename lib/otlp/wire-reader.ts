/**
 * Reads protobuf's wire format. Every read is checked against `limit`, the end of the message that is being read,
 * so a length that lies can never reach past its parent. Breaking off is a MalformedError (see `attempt`).
 */
import { malformedAt } from './malformed';
import { WIRE } from './wire-types';

/** Nested groups that are skipped; nobody sends them, and a hostile sender may not exhaust the stack with them. */
const MAX_GROUP_DEPTH = 32;
/** Below this a loop over char codes beats TextDecoder's call. */
const SHORT_STRING = 24;

const utf8 = new TextDecoder('utf-8');

export class WireReader {
  pos: number;
  limit: number;
  readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    start = 0,
    end = bytes.length,
  ) {
    this.pos = start;
    this.limit = end;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Field tag; the field number is `tag >>> 3`, never 0. */
  tag(): number {
    const tag = this.varint32();
    if (tag >>> 3 === 0) malformedAt('field number 0', this.pos);
    return tag;
  }

  /** The low 32 bits of a varint, unsigned; longer ones (negative int32 takes ten bytes) are cut as protobuf says. */
  varint32(): number {
    const { bytes, limit } = this;
    let pos = this.pos;
    // Nearly every tag and length is one byte.
    const first = bytes[pos] as number;
    if (first < 0x80 && pos < limit) {
      this.pos = pos + 1;
      return first;
    }
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (pos >= limit) malformedAt('varint cut off', pos);
      const byte = bytes[pos++] as number;
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.pos = pos;
        return value >>> 0;
      }
    }
    return malformedAt('varint longer than ten bytes', this.pos);
  }

  /** A varint of 64 bits, unsigned. */
  varint64(): bigint {
    const { bytes, limit } = this;
    let low = 0;
    let mid = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (this.pos >= limit) malformedAt('varint cut off', this.pos);
      const byte = bytes[this.pos++] as number;
      const bits = byte & 0x7f;
      if (i < 4) low |= bits << (7 * i);
      else if (i < 8) mid |= bits << (7 * (i - 4));
      else high |= bits << (7 * (i - 8));
      if (byte < 0x80) {
        if (mid === 0 && high === 0) return BigInt(low);
        return BigInt.asUintN(64, BigInt(low) | (BigInt(mid) << 28n) | (BigInt(high) << 56n));
      }
    }
    return malformedAt('varint longer than ten bytes', this.pos);
  }

  /** An int64 as a double, exact up to 2^53, without making a bigint: for columns, never for what is passed on. */
  int64AsNumber(): number {
    const { bytes, limit } = this;
    let low = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      if (this.pos >= limit) malformedAt('varint cut off', this.pos);
      const byte = bytes[this.pos++] as number;
      const bits = byte & 0x7f;
      if (i < 4) low |= bits << (7 * i);
      else if (i === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else if (i < 9) high |= bits << (7 * i - 32);
      else high |= (bits & 1) << 31;
      if (byte < 0x80) return (high | 0) * 0x1_0000_0000 + (low >>> 0);
    }
    return malformedAt('varint longer than ten bytes', this.pos);
  }

  /** A uint64 as a double where that is exact (up to 2^53 − 1), else −1; `pos` is behind it either way. */
  uint53(): number {
    const byte = this.bytes[this.pos] as number;
    if (byte < 0x80 && this.pos < this.limit) {
      this.pos++;
      return byte;
    }
    const value = this.int64AsNumber();
    return value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : -1;
  }

  /** The same of a fixed64. */
  fixedUint53(): number {
    this.#need(8);
    const high = this.view.getUint32(this.pos + 4, true);
    const low = this.view.getUint32(this.pos, true);
    this.pos += 8;
    return high < 0x20_0000 ? high * 0x1_0000_0000 + low : -1;
  }

  /** Zigzag, as sint32. */
  sint32(): number {
    const value = this.varint32();
    return (value >>> 1) ^ -(value & 1);
  }

  /** 32 bits in the order of an id's bytes. The caller knows that they are there. */
  word(at: number): number {
    return this.view.getUint32(at, false);
  }

  fixed32(): number {
    this.#need(4);
    const value = this.view.getUint32(this.pos, true);
    this.pos += 4;
    return value;
  }

  fixed64(): bigint {
    this.#need(8);
    const value = this.view.getBigUint64(this.pos, true);
    this.pos += 8;
    return value;
  }

  sfixed64(): bigint {
    this.#need(8);
    const value = this.view.getBigInt64(this.pos, true);
    this.pos += 8;
    return value;
  }

  double(): number {
    this.#need(8);
    const value = this.view.getFloat64(this.pos, true);
    this.pos += 8;
    return value;
  }

  /** Reads a length and returns the end of what it covers; `pos` stands at its start. */
  lengthEnd(): number {
    const length = this.varint32();
    const end = this.pos + length;
    if (end > this.limit) malformedAt('a length reaches past its message', this.pos);
    return end;
  }

  /** Bytes until `end`, copied, so that what is kept does not hold a whole request in memory. */
  take(end: number): Uint8Array {
    const taken = this.bytes.slice(this.pos, end);
    this.pos = end;
    return taken;
  }

  string(): string {
    const end = this.lengthEnd();
    const text = textOf(this.bytes, this.pos, end);
    this.pos = end;
    return text;
  }

  /** Steps over the value of a field that nobody reads. */
  skip(tag: number, depth = 0): void {
    switch (tag & 7) {
      case WIRE.varint:
        this.varint32();
        return;
      case WIRE.fixed64:
        this.#need(8);
        this.pos += 8;
        return;
      case WIRE.bytes:
        this.pos = this.lengthEnd();
        return;
      case WIRE.groupStart:
        this.#skipGroup(tag, depth);
        return;
      case WIRE.fixed32:
        this.#need(4);
        this.pos += 4;
        return;
      default:
        malformedAt('a wire type that is none', this.pos);
    }
  }

  #skipGroup(start: number, depth: number): void {
    if (depth >= MAX_GROUP_DEPTH) malformedAt('groups nested too deep', this.pos);
    for (;;) {
      const tag = this.tag();
      if ((tag & 7) !== WIRE.groupEnd) {
        this.skip(tag, depth + 1);
        continue;
      }
      if (tag >>> 3 !== start >>> 3) malformedAt('group ends with another number', this.pos);
      return;
    }
  }

  #need(count: number): void {
    if (this.pos + count > this.limit) malformedAt('a value is cut off', this.pos);
  }
}

/** UTF-8 text of a slice; broken sequences become U+FFFD, since a name that is not quite text is still worth showing. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT_STRING) return utf8.decode(bytes.subarray(start, end));
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte >= 0x80) return utf8.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}
