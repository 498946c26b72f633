/**
 * Reads JSON text (UTF-8, known to be valid) byte by byte, in the strict grammar of RFC 8259. What it does not know how
 * to read, or what is no JSON, is `unusual`: the caller asks `JSON.parse`, which says what is wrong with it.
 */
import { Buffer } from 'node:buffer';

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Deeper input than this is not read here. */
const MOST_DEPTH = 100;
/** Whole numbers below are exact, and so is their quotient by an exact power of ten. */
const EXACT = 2 ** 53;
const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);

class UnusualJson extends Error {}
const UNUSUAL = new UnusualJson('not read by the scanner');

export function unusual(): never {
  throw UNUSUAL;
}

export function isUnusual(error: unknown): boolean {
  return error === UNUSUAL;
}

export class JsonScanner {
  pos = 0;
  readonly view: DataView;
  /** The same bytes, for text. */
  readonly #buffer: Buffer;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next byte that is no white space, 0 at the end; `pos` stands at it. */
  peek(): number {
    const { pos, bytes } = this;
    // Most senders write no white space.
    if (pos < bytes.length) {
      const byte = bytes[pos] as number;
      if (byte > 0x20) return byte;
    }
    return this.#behindSpace();
  }

  #behindSpace(): number {
    const { bytes } = this;
    let { pos } = this;
    while (pos < bytes.length) {
      const byte = bytes[pos] as number;
      if (byte > 0x20) {
        this.pos = pos;
        return byte;
      }
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) unusual();
      pos++;
    }
    this.pos = pos;
    return 0;
  }

  take(byte: number): void {
    if (this.peek() !== byte) unusual();
    this.pos++;
  }

  /** Behind an element: true where another follows, false at `end`. */
  another(end: number): boolean {
    const byte = this.peek();
    this.pos++;
    if (byte === 0x2c) return true;
    if (byte !== end) unusual();
    return false;
  }

  /** Steps over `null` if it stands here. */
  isNull(): boolean {
    if (this.peek() !== 0x6e) return false;
    this.#word(0x6e756c6c);
    return true;
  }

  boolean(): boolean {
    if (this.peek() === 0x74) {
      this.#word(0x74727565);
      return true;
    }
    if (this.bytes[this.pos] !== 0x66) unusual();
    this.pos++;
    this.#word(0x616c7365);
    return false;
  }

  /** `null`, `true`, or the last four letters of `false`. */
  #word(letters: number): void {
    if (this.pos + 4 > this.bytes.length || this.view.getInt32(this.pos) !== letters) unusual();
    this.pos += 4;
  }

  /** A whole number of at most 15 digits, in quotes or not. */
  integer(): number {
    const { bytes } = this;
    const quoted = this.peek() === QUOTE;
    let pos = quoted ? this.pos + 1 : this.pos;
    const negative = bytes[pos] === MINUS;
    if (negative) pos++;
    const first = pos;
    let value = 0;
    for (;;) {
      const digit = (bytes[pos] as number) - ZERO;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
      pos++;
    }
    if (pos === first || pos > first + 15) unusual();
    if (quoted) {
      if (bytes[pos] !== QUOTE) unusual();
      pos++;
    } else {
      if (bytes[first] === ZERO && pos > first + 1) unusual();
      const next = bytes[pos];
      // A fraction or an exponent.
      if (next === POINT || next === 0x65 || next === 0x45) unusual();
    }
    this.pos = pos;
    return negative ? 0 - value : value;
  }

  /** A number that stands without quotes. */
  double(): number {
    const { bytes } = this;
    this.peek();
    const start = this.pos;
    let pos = start;
    const negative = bytes[pos] === MINUS;
    if (negative) pos++;
    const first = pos;
    let whole = 0;
    let digit = (bytes[pos] as number) - ZERO;
    while (digit >= 0 && digit <= 9) {
      whole = whole * 10 + digit;
      digit = (bytes[++pos] as number) - ZERO;
    }
    if (pos === first || (bytes[first] === ZERO && pos > first + 1)) unusual();
    let scale = 0;
    if (bytes[pos] === POINT) {
      const point = pos;
      digit = (bytes[++pos] as number) - ZERO;
      while (digit >= 0 && digit <= 9) {
        whole = whole * 10 + digit;
        digit = (bytes[++pos] as number) - ZERO;
      }
      scale = pos - point - 1;
      if (scale === 0) unusual();
    }
    const plain = bytes[pos] !== 0x65 && bytes[pos] !== 0x45;
    if (!plain) pos = this.#exponentEnd(pos + 1);
    this.pos = pos;
    if (!plain || whole >= EXACT || scale >= POWERS.length)
      return Number(this.#buffer.toString('latin1', start, pos));
    const value = whole / (POWERS[scale] as number);
    return negative ? -value : value;
  }

  #exponentEnd(start: number): number {
    const { bytes } = this;
    let pos = start;
    if (bytes[pos] === MINUS || bytes[pos] === 0x2b) pos++;
    const first = pos;
    while (isDigit(bytes[pos])) pos++;
    if (pos === first) unusual();
    return pos;
  }

  /** Steps over what nobody reads, which has to be JSON all the same. */
  skip(depth: number): void {
    if (depth > MOST_DEPTH) unusual();
    switch (this.peek()) {
      case QUOTE:
        this.pos++;
        this.skipString();
        return;
      case 0x7b:
        this.pos++;
        if (this.peek() === 0x7d) this.pos++;
        else
          do {
            this.take(QUOTE);
            this.skipString();
            this.take(0x3a);
            this.skip(depth + 1);
          } while (this.another(0x7d));
        return;
      case 0x5b:
        this.pos++;
        if (this.peek() === 0x5d) this.pos++;
        else
          do {
            this.skip(depth + 1);
          } while (this.another(0x5d));
        return;
      case 0x6e:
        this.isNull();
        return;
      case 0x74:
      case 0x66:
        this.boolean();
        return;
      default:
        this.double();
    }
  }

  /** Behind the opening quote; to behind the closing one. True where nothing in it is escaped. */
  skipString(): boolean {
    const { bytes } = this;
    let plain = true;
    for (;;) {
      const byte = this.pos < bytes.length ? (bytes[this.pos] as number) : 0;
      this.pos++;
      if (byte === QUOTE) return plain;
      if (byte < 0x20) unusual();
      if (byte !== BACKSLASH) continue;
      plain = false;
      this.escaped();
    }
  }

  /** Whether this ASCII text stands from `start` to `end`. */
  holds(text: string, start: number, end: number): boolean {
    if (text.length !== end - start) return false;
    for (let i = 0; i < text.length; i++) if (this.bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** The code unit that the escape behind its backslash stands for. */
  escaped(): number {
    const { bytes } = this;
    switch (bytes[this.pos++]) {
      case QUOTE:
        return QUOTE;
      case BACKSLASH:
        return BACKSLASH;
      case 0x2f:
        return 0x2f;
      case 0x62:
        return 0x08;
      case 0x66:
        return 0x0c;
      case 0x6e:
        return 0x0a;
      case 0x72:
        return 0x0d;
      case 0x74:
        return 0x09;
      case 0x75: {
        let unit = 0;
        for (let i = 0; i < 4; i++) {
          const digit = HEX[bytes[this.pos++] ?? 0] as number;
          if (digit < 0) unusual();
          unit = unit * 16 + digit;
        }
        return unit;
      }
      default:
        return unusual();
    }
  }
}

/** Value of each byte as a hex digit; −1 where it is none. */
export const HEX = new Int8Array(256).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  const letter = digit.toString(16);
  HEX[letter.charCodeAt(0)] = digit;
  HEX[letter.toUpperCase().charCodeAt(0)] = digit;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= 0x39;
}
