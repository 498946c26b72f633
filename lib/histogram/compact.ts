/**
 * The form that a store keeps for a while: runs of buckets that hold something, as (gap, count) pairs of variable
 * length, in one Uint8Array. A channel's waits of one second take some tens of bytes instead of kilobytes.
 */
import type { ExponentialHistogram } from './types';

export interface CompactHistogram {
  readonly scale: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly zeroCount: number;
  readonly offset: number;
  readonly length: number;
  readonly packed: Uint8Array;
}

const scratch: number[] = [];

function putVarint(value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    scratch.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  scratch.push(rest);
}

export function packHistogram(histogram: ExponentialHistogram): CompactHistogram {
  scratch.length = 0;
  let gap = 0;
  for (let i = 0; i < histogram.buckets.length; i++) {
    const count = histogram.buckets[i] ?? 0;
    if (count === 0) {
      gap++;
      continue;
    }
    putVarint(gap);
    putVarint(count);
    gap = 0;
  }
  const { scale, count, sum, min, max, zeroCount, offset, buckets } = histogram;
  return {
    scale,
    count,
    sum,
    min,
    max,
    zeroCount,
    offset,
    length: buckets.length,
    packed: Uint8Array.from(scratch),
  };
}

export function unpackHistogram(compact: CompactHistogram): ExponentialHistogram {
  const buckets = new Float64Array(compact.length);
  const { packed } = compact;
  let at = 0;
  const next = () => {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = packed[at++] ?? 0;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
      unit *= 0x80;
    }
  };
  for (let bucket = 0; at < packed.length; bucket++) {
    bucket += next();
    buckets[bucket] = next();
  }
  const { scale, count, sum, min, max, zeroCount, offset } = compact;
  return { scale, count, sum, min, max, zeroCount, offset, buckets };
}
