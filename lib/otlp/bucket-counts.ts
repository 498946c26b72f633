/** Bucket counts as `BucketCounts`: read and brought to their form without a bigint each. */
import type { Field } from './schema';
import { EMPTY_LIST } from './schema';
import type { BucketCounts } from './types';
import type { WireReader } from './wire-reader';
import { WIRE } from './wire-types';

export function isCounts(field: Field): boolean {
  return field.type === 'counts' || field.type === 'fixedCounts';
}

/**
 * A packed field whose length stands at `reader.pos`. Null, with the reader where it was, if a count is not exact as
 * a double: then they are read as integers.
 */
export function decodeCounts(reader: WireReader, wireType: number): BucketCounts | null {
  const begin = reader.pos;
  const outer = reader.limit;
  const end = reader.lengthEnd();
  reader.limit = end;
  const counts = new Float64Array(
    wireType === WIRE.varint ? varints(reader.bytes, reader.pos, end) : (end - reader.pos) / 8,
  );
  for (let i = 0; reader.pos < end; i++) {
    const count = wireType === WIRE.varint ? reader.uint53() : reader.fixedUint53();
    if (count < 0) {
      reader.pos = begin;
      reader.limit = outer;
      return null;
    }
    counts[i] = count;
  }
  reader.limit = outer;
  return counts.length === 0 ? EMPTY_LIST : counts;
}

/** The form that decoders give. */
export function countsOf(list: readonly bigint[]): BucketCounts {
  if (list.length === 0 || list.some((count) => count > MAX_EXACT)) return list;
  return Float64Array.from(list, Number);
}

const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER);

/** Each varint has one byte below 0x80, its last. */
function varints(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let i = start; i < end; i++) if ((bytes[i] as number) < 0x80) count++;
  return count;
}
