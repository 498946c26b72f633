/**
 * Stretches of a histogram series that are written no more, packed: 3 to 4 B a bucket and about 30 B a stretch, where
 * the objects of an open one cost ten times that.
 *
 *   stretch := length (32 bit) · bin's place in its group · whole · count, zero, sum, min, max (doubles)
 *              · buckets · first index · (gap to the index before · count) …
 *
 * Counts are variable-length integers where all of them are whole, as they are of any source that counts; else floats.
 */
import type { SparseHistogram } from './sparse-histogram';

/** Head of a stretch: its length, place, whole, five doubles, buckets and first index. */
const HEAD_BYTES = 4 + 1 + 1 + 5 * 8 + 2 + 2;
const PLACE = 4;
const WHOLE = 5;
const DOUBLES = 6;
const BUCKETS = DOUBLES + 5 * 8;
/** The longest variable-length integer here. */
const MAX_VARINT = 5;

/** `stretches` in order of their bins, none below `first` or more than 255 above it. */
export function packHistograms(stretches: readonly SparseHistogram[], first: number): Uint8Array {
  const room = stretches.reduce((sum, { length }) => sum + HEAD_BYTES + length * 2 * MAX_VARINT, 0);
  const out = new DataView(new ArrayBuffer(room));
  let at = 0;
  for (const stretch of stretches) {
    const start = at;
    const whole = isWhole(stretch);
    out.setUint8(start + PLACE, stretch.bin - first);
    out.setUint8(start + WHOLE, whole ? 1 : 0);
    const { count, zero, sum, min, max } = stretch;
    for (const [i, value] of [count, zero, sum, min, max].entries())
      out.setFloat64(start + DOUBLES + 8 * i, value);
    out.setUint16(start + BUCKETS, stretch.length);
    out.setInt16(start + BUCKETS + 2, stretch.length === 0 ? 0 : (stretch.indices[0] as number));
    at += HEAD_BYTES;
    for (let i = 0; i < stretch.length; i++) {
      const index = stretch.indices[i] as number;
      const before = i === 0 ? index : (stretch.indices[i - 1] as number);
      at = writeVarint(out, at, index - before);
      if (whole) at = writeVarint(out, at, stretch.counts[i] as number);
      else {
        out.setFloat32(at, stretch.counts[i] as number);
        at += 4;
      }
    }
    out.setUint32(start, at - start);
  }
  return new Uint8Array(out.buffer.slice(0, at));
}

/** Those whose bins lie in [from, to], in order; `into` is written anew for each, and good until the next. */
export function readPacked(
  packed: Uint8Array,
  first: number,
  from: number,
  to: number,
  into: SparseHistogram,
  visit: (stretch: SparseHistogram) => void,
): void {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  for (let start = 0; start < packed.length; start += view.getUint32(start)) {
    const bin = first + view.getUint8(start + PLACE);
    if (bin < from || bin > to) continue;
    readOne(view, start, bin, into);
    visit(into);
  }
}

function readOne(view: DataView, start: number, bin: number, into: SparseHistogram): void {
  const whole = view.getUint8(start + WHOLE) === 1;
  const double = (i: number) => view.getFloat64(start + DOUBLES + 8 * i);
  into.bin = bin;
  into.count = double(0);
  into.zero = double(1);
  into.sum = double(2);
  into.min = double(3);
  into.max = double(4);
  into.length = view.getUint16(start + BUCKETS);
  if (into.indices.length < into.length) {
    into.indices = new Int16Array(2 * into.length);
    into.counts = new Float32Array(2 * into.length);
  }
  let index = view.getInt16(start + BUCKETS + 2);
  cursor = start + HEAD_BYTES;
  for (let i = 0; i < into.length; i++) {
    index += readVarint(view);
    into.indices[i] = index;
    if (whole) into.counts[i] = readVarint(view);
    else {
      into.counts[i] = view.getFloat32(cursor);
      cursor += 4;
    }
  }
}

function isWhole({ counts, length }: SparseHistogram): boolean {
  for (let i = 0; i < length; i++) {
    const count = counts[i] as number;
    if (!Number.isInteger(count) || count < 0 || count > 0x7fffffff) return false;
  }
  return true;
}

function writeVarint(out: DataView, at: number, value: number): number {
  let end = at;
  let rest = value;
  while (rest > 0x7f) {
    out.setUint8(end++, (rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  out.setUint8(end, rest);
  return end + 1;
}

/** Where `readVarint` goes on: a result of two numbers would be an object for each. */
let cursor = 0;

function readVarint(view: DataView): number {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = view.getUint8(cursor++);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}
