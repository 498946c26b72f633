/**
 * How many spans, log records or points a request holds, from one quick walk over its lengths: for limits and for the
 * ledger, without decoding. Only lengths on the way are checked; what lies inside an item is not looked at.
 */
import type { Result } from '@/lib/base/result';
import type { Signal } from '@/lib/semconv/signals';
import { attempt, type MalformedOtlp } from './malformed';
import { WireReader } from './wire-reader';
import { WIRE } from './wire-types';

/** Field numbers from the request to its items; a metric has its points one level below one of five kinds. */
const ITEM_PATH = [[1], [2], [2]] as const;
const POINT_PATH = [[1], [2], [2], [5, 7, 9, 10, 11], [1]] as const;

export function countItems(signal: Signal, bytes: Uint8Array): Result<number, MalformedOtlp> {
  const path = signal === 'metrics' ? POINT_PATH : ITEM_PATH;
  return attempt(() => countAt(path, 0, new WireReader(bytes)));
}

function countAt(path: readonly (readonly number[])[], level: number, reader: WireReader): number {
  const wanted = path[level] ?? [];
  let count = 0;
  while (reader.pos < reader.limit) {
    const tag = reader.tag();
    if ((tag & 7) !== WIRE.bytes || !wanted.includes(tag >>> 3)) {
      reader.skip(tag);
      continue;
    }
    const end = reader.lengthEnd();
    if (level === path.length - 1) {
      count++;
      reader.pos = end;
      continue;
    }
    const outer = reader.limit;
    reader.limit = end;
    count += countAt(path, level + 1, reader);
    reader.limit = outer;
  }
  return count;
}
