/**
 * OTLP JSON into protobuf bytes in one pass over the text: no objects and next to no strings in between, which takes
 * less time than `JSON.parse` alone. It knows the shapes that senders write. Whatever else there is (a key twice, text in
 * surrogates, numbers past 15 digits, base64, what is no OTLP or no JSON) makes it give up, and `JSON.parse` reads the
 * request anew; so it never has to say what is wrong.
 *
 * Fields come out in the order in which they came.
 */
import { isUtf8 } from 'node:buffer';
import { type FieldPlan, KIND, type Plan, planOf } from './json-plan';
import { BACKSLASH, HEX, isUnusual, JsonScanner, QUOTE, unusual } from './json-scanner';
import { MAX_VALUE_DEPTH } from './malformed';
import type { Schema } from './schema';
import { varintSize } from './wire-writer';

/** Kept for the next request; a larger one gets memory of its own. */
const KEEP_BYTES = 1 << 20;
/** No message is longer on the wire than in JSON but by the length in front of it. */
const SPARE_BYTES = 64;
const UINT32 = 0x1_0000_0000;

let kept = new Uint8Array(0);

/** The request's bytes on the wire; null where it is none, or unusual. */
export function transcodeJson(schema: Schema<object>, json: Uint8Array): Uint8Array | null {
  if (!isUtf8(json)) return null;
  const size = json.length + SPARE_BYTES;
  if (size > kept.length && size <= KEEP_BYTES) kept = new Uint8Array(Math.min(KEEP_BYTES, 2 * size));
  const transcoder = new JsonTranscoder(json, size <= KEEP_BYTES ? kept : new Uint8Array(size));
  try {
    return transcoder.request(planOf(schema));
  } catch (error) {
    if (isUnusual(error)) return null;
    throw error;
  }
}

class JsonTranscoder {
  readonly #scanner: JsonScanner;
  readonly #view: DataView;
  #length = 0;
  #depth = 0;

  constructor(
    json: Uint8Array,
    readonly out: Uint8Array,
  ) {
    this.#scanner = new JsonScanner(json);
    this.#view = new DataView(out.buffer);
  }

  request(plan: Plan): Uint8Array {
    this.#message(plan);
    // Written past its end an array stays as it is.
    if (this.#scanner.peek() !== 0 || this.#scanner.pos < this.#scanner.bytes.length) unusual();
    if (this.#length > this.out.length) unusual();
    return this.out.slice(0, this.#length);
  }

  /** An object; returns a bit for each field that was there. */
  #message(plan: Plan): number {
    const scanner = this.#scanner;
    scanner.take(0x7b);
    let seen = 0;
    if (scanner.peek() === 0x7d) {
      scanner.pos++;
      return seen;
    }
    let last = 0;
    do {
      scanner.take(QUOTE);
      const f = this.#field(plan, last);
      if (f < 0) {
        scanner.skip(0);
        continue;
      }
      last = f + 1;
      if ((seen & (1 << f)) !== 0 || (plan.oneof && seen !== 0)) unusual();
      if (scanner.isNull()) continue;
      seen |= 1 << f;
      const field = plan.fields[f] as FieldPlan;
      if (field.repeated) this.#list(field);
      else this.#element(field);
    } while (scanner.another(0x7d));
    return seen;
  }

  /** Which of the fields the key names, −1 where none; to behind its colon. */
  #field(plan: Plan, last: number): number {
    const guess = plan.next[last] as number;
    if (this.#isKey(plan, guess)) return guess;
    for (let f = 0; f < plan.keys.length; f++) {
      if (!this.#isKey(plan, f)) continue;
      plan.next[last] = f;
      return f;
    }
    return this.#spacedField(plan);
  }

  #isKey(plan: Plan, f: number): boolean {
    const key = plan.keys[f];
    if (key === undefined) return false;
    const { view, pos, bytes } = this.#scanner;
    const { words, length } = key;
    const end = pos + length;
    if (end > bytes.length || view.getInt32(end - 4) !== key.last) return false;
    for (let i = 0; i < words.length; i++) if (view.getInt32(pos + 4 * i) !== words[i]) return false;
    this.#scanner.pos = end;
    return true;
  }

  /** The same of a key that nobody knows, or with space before its colon. */
  #spacedField(plan: Plan): number {
    const scanner = this.#scanner;
    const start = scanner.pos;
    // An escape may hide a key that is known.
    if (!scanner.skipString()) unusual();
    const f = plan.keys.findIndex(({ name }) => scanner.holds(name, start, scanner.pos - 1));
    scanner.take(0x3a);
    return f;
  }

  #list(field: FieldPlan): void {
    const scanner = this.#scanner;
    scanner.take(0x5b);
    if (scanner.peek() === 0x5d) {
      scanner.pos++;
      return;
    }
    do this.#element(field);
    while (scanner.another(0x5d));
  }

  #element(field: FieldPlan): void {
    switch (field.kind) {
      case KIND.message:
      case KIND.pair:
        this.#nested(field);
        return;
      case KIND.string:
        this.#string(field, false);
        return;
      case KIND.anyString:
        this.#string(field, true);
        return;
      case KIND.hex:
        this.#hex(field);
        return;
      case KIND.fixed64:
        this.#fixed64(field);
        return;
      case KIND.uint32:
      case KIND.enum:
      case KIND.fixed32:
        this.#uint32(field);
        return;
      case KIND.anyBool:
        this.#tag(field);
        this.out[this.#length++] = this.#scanner.boolean() ? 1 : 0;
        return;
      case KIND.anyInt:
        this.#tag(field);
        this.#varint(this.#scanner.integer());
        return;
      case KIND.anyDouble:
        this.#double(field);
        return;
      default:
        unusual();
    }
  }

  #nested(field: FieldPlan): void {
    const plan = field.plan as Plan;
    this.#tag(field);
    const { width } = field;
    const mark = this.#length;
    this.#length += width;
    if (plan.deeper && ++this.#depth > MAX_VALUE_DEPTH) unusual();
    const seen = this.#message(plan);
    if (plan.deeper) this.#depth--;
    // A pair has a value, be it an empty one.
    if (field.kind === KIND.pair && (seen & 2) === 0) {
      this.out[this.#length++] = 0x12;
      this.out[this.#length++] = 0;
    }
    this.#close(field, mark, width);
  }

  /** Writes the length at `mark`, where room was kept for `width` bytes. */
  #close(field: FieldPlan, mark: number, width: number): void {
    const start = mark + width;
    const size = this.#length - start;
    const needed = varintSize(size);
    if (needed !== width) {
      this.out.copyWithin(mark + needed, start, this.#length);
      this.#length += needed - width;
      field.width = needed;
    }
    let rest = size;
    let at = mark;
    while (rest >= 0x80) {
      this.out[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.out[at] = rest;
  }

  #tag(field: FieldPlan): void {
    this.out[this.#length++] = field.tag0;
    if (field.tag1 !== 0) this.out[this.#length++] = field.tag1;
  }

  #string(field: FieldPlan, evenEmpty: boolean): void {
    const scanner = this.#scanner;
    scanner.take(QUOTE);
    const before = this.#length;
    this.#tag(field);
    const mark = this.#length;
    const { width } = field;
    this.#length += width;
    this.#text();
    if (this.#length === mark + width && !evenEmpty) this.#length = before;
    else this.#close(field, mark, width);
  }

  /** Behind the opening quote; to behind the closing one. */
  #text(): void {
    const scanner = this.#scanner;
    const { bytes } = scanner;
    const { out } = this;
    let { pos } = scanner;
    let at = this.#length;
    for (;;) {
      const byte = pos < bytes.length ? (bytes[pos] as number) : 0;
      pos++;
      if (byte === QUOTE) break;
      if (byte < 0x20) unusual();
      if (byte !== BACKSLASH) {
        out[at++] = byte;
        continue;
      }
      scanner.pos = pos;
      at = this.#codeUnit(scanner.escaped(), at);
      pos = scanner.pos;
    }
    scanner.pos = pos;
    this.#length = at;
  }

  /** Writes it in UTF-8; half of a pair is left to others. */
  #codeUnit(unit: number, start: number): number {
    const { out } = this;
    let at = start;
    if (unit >= 0xd800 && unit <= 0xdfff) unusual();
    if (unit < 0x80) out[at++] = unit;
    else {
      if (unit < 0x800) out[at++] = 0xc0 | (unit >>> 6);
      else {
        out[at++] = 0xe0 | (unit >>> 12);
        out[at++] = 0x80 | ((unit >>> 6) & 0x3f);
      }
      out[at++] = 0x80 | (unit & 0x3f);
    }
    return at;
  }

  #hex(field: FieldPlan): void {
    const scanner = this.#scanner;
    scanner.take(QUOTE);
    const { bytes } = scanner;
    const { out } = this;
    let { pos } = scanner;
    const before = this.#length;
    this.#tag(field);
    const mark = this.#length;
    let at = mark + 1;
    while (bytes[pos] !== QUOTE) {
      const byte = (HEX[bytes[pos] ?? 0] as number) * 16 + (HEX[bytes[pos + 1] ?? 0] as number);
      // One that is no digit is −1, and 16 times that is below what the other can add.
      if (byte < 0 || HEX[bytes[pos + 1] ?? 0] === -1) unusual();
      out[at++] = byte;
      pos += 2;
    }
    const size = at - mark - 1;
    if (size >= 0x80) unusual();
    out[mark] = size;
    scanner.pos = pos + 1;
    this.#length = size === 0 ? before : at;
  }

  /**
   * At most 19 digits, in quotes or, where that is exact, without.
   *
   *   digits = head · 10⁹ + tail,  head = h₁ · 2¹⁶ + h₀,  so that every product stays below 2⁵³
   */
  #fixed64(field: FieldPlan): void {
    const scanner = this.#scanner;
    if (scanner.peek() !== QUOTE) {
      const value = scanner.integer();
      if (value < 0) unusual();
      this.#halves(field, value % UINT32, Math.floor(value / UINT32));
      return;
    }
    const { bytes } = scanner;
    const first = scanner.pos + 1;
    let end = first;
    while ((bytes[end] as number) >= 0x30 && (bytes[end] as number) <= 0x39) end++;
    if (end === first || end > first + 19 || bytes[end] !== QUOTE) unusual();
    let head = 0;
    let tail = 0;
    let pos = first;
    for (; pos < end - 9; pos++) head = head * 10 + (bytes[pos] as number) - 0x30;
    for (; pos < end; pos++) tail = tail * 10 + (bytes[pos] as number) - 0x30;
    scanner.pos = end + 1;
    const upper = Math.floor(head / 0x10000) * 1e9;
    const lower = (head % 0x10000) * 1e9 + tail;
    const low = (upper % 0x10000) * 0x10000 + (lower % UINT32);
    const high = Math.floor(upper / 0x10000) + Math.floor(lower / UINT32) + Math.floor(low / UINT32);
    this.#halves(field, low % UINT32, high);
  }

  #halves(field: FieldPlan, low: number, high: number): void {
    if (low === 0 && high === 0) return;
    this.#tag(field);
    this.#room(8);
    this.#view.setUint32(this.#length, low, true);
    this.#view.setUint32(this.#length + 4, high, true);
    this.#length += 8;
  }

  #uint32(field: FieldPlan): void {
    // Names of an enum, and integers in quotes, are rare.
    if (this.#scanner.peek() === QUOTE) unusual();
    const value = this.#scanner.integer();
    const most = field.kind === KIND.enum ? 0x7fffffff : 0xffffffff;
    if (value < 0 || value > most) unusual();
    if (value === 0) return;
    this.#tag(field);
    if (field.kind !== KIND.fixed32) {
      this.#varint(value);
      return;
    }
    this.#room(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  #double(field: FieldPlan): void {
    if (this.#scanner.peek() === QUOTE) unusual();
    this.#tag(field);
    this.#room(8);
    this.#view.setFloat64(this.#length, this.#scanner.double(), true);
    this.#length += 8;
  }

  /** A whole number of at most 15 digits; a negative one takes ten bytes. */
  #varint(value: number): void {
    const { out } = this;
    const size = value < 0 ? -1 - value : value;
    let low = (size % UINT32) | 0;
    let high = Math.floor(size / UINT32);
    if (value < 0) {
      low = ~low;
      high = ~high;
    }
    let at = this.#length;
    while (high !== 0 || low >>> 0 >= 0x80) {
      out[at++] = (low & 0x7f) | 0x80;
      low = (low >>> 7) | (high << 25);
      high >>>= 7;
    }
    out[at++] = low;
    this.#length = at;
  }

  #room(bytes: number): void {
    if (this.#length + bytes > this.out.length) unusual();
  }
}
