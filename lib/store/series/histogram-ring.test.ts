import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExponentialHistogram } from '@/lib/histogram/types';
import { HistogramRing } from './histogram-ring';
import { denseOf } from './sparse-histogram';

const GROUPS = 4;
const PER_GROUP = 5;

function histogram(buckets: readonly (readonly [number, number])[]): ExponentialHistogram {
  const offset = Math.min(...buckets.map(([index]) => index));
  const last = Math.max(...buckets.map(([index]) => index));
  const counts = new Float64Array(last - offset + 1);
  for (const [index, count] of buckets) counts[index - offset] = (counts[index - offset] as number) + count;
  const count = buckets.reduce((sum, one) => sum + one[1], 0);
  return { scale: 7, count, sum: count * 2, min: offset, max: last, zeroCount: 0, offset, buckets: counts };
}

/** What a ring must hold: every report of a bin, of groups that are among the newest. */
class Oracle {
  readonly bins = new Map<number, Map<number, number>>();
  newest = -1;

  write(bin: number, one: ExponentialHistogram): void {
    const group = Math.floor(bin / PER_GROUP);
    this.newest = Math.max(this.newest, group);
    for (const held of [...this.bins.keys()])
      if (Math.floor(held / PER_GROUP) <= this.newest - GROUPS) this.bins.delete(held);
    if (group <= this.newest - GROUPS) return;
    const counts = this.bins.get(bin) ?? new Map<number, number>();
    for (const [i, count] of one.buckets.entries())
      if (count > 0) counts.set(one.offset + i, (counts.get(one.offset + i) ?? 0) + count);
    this.bins.set(bin, counts);
  }
}

const count = fc.oneof(fc.integer({ min: 1, max: 200_000 }), fc.constant(0.5));
const report = fc.record({
  bin: fc.nat(60),
  buckets: fc.array(fc.tuple(fc.integer({ min: -32_000, max: 32_000 }), count), {
    minLength: 1,
    maxLength: 6,
  }),
});

describe('a ring of histograms', () => {
  it('holds what was written, in any order, as long as its group is among the newest', () => {
    fc.assert(
      fc.property(fc.array(report, { maxLength: 60 }), fc.nat(60), fc.nat(60), (reports, a, b) => {
        const ring = new HistogramRing(GROUPS, PER_GROUP);
        const oracle = new Oracle();
        const left: number[] = [];
        for (const { bin, buckets } of reports) {
          const known = new Set(oracle.bins.keys());
          ring.write(bin, histogram(buckets), (gone) => left.push(gone.bin));
          oracle.write(bin, histogram(buckets));
          for (const held of known)
            if (!oracle.bins.has(held)) expect(left.splice(left.indexOf(held), 1)).toEqual([held]);
          expect(left).toEqual([]);
        }
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const read: [number, [number, number][]][] = [];
        ring.read(from, to, (stretch) => {
          const { buckets, offset } = denseOf(stretch);
          const counts = [...buckets].flatMap((n, i): [number, number][] => (n > 0 ? [[offset + i, n]] : []));
          read.push([stretch.bin, counts]);
        });
        const expected = [...oracle.bins]
          .filter(([bin]) => bin >= from && bin <= to)
          .sort(([one], [other]) => one - other)
          .map(([bin, counts]) => [bin, [...counts].sort(([one], [other]) => one - other)]);
        expect(read).toEqual(expected);
        for (let bin = 0; bin <= 60; bin++) expect(ring.has(bin)).toBe(oracle.bins.has(bin));
      }),
    );
  });

  it('takes fewer bytes once a group is full, and gives them back when it leaves', () => {
    const ring = new HistogramRing(GROUPS, PER_GROUP);
    const empty = ring.bytes;
    const one = histogram(Array.from({ length: 40 }, (_, i) => [i * 3, 7] as const));
    for (let bin = 0; bin < PER_GROUP; bin++) ring.write(bin, one, () => undefined);
    const open = ring.bytes - empty;
    ring.write(PER_GROUP, histogram([[0, 1]]), () => undefined);
    expect(ring.bytes - empty).toBeLessThan(open / 2);
    ring.write(PER_GROUP * 100, histogram([[0, 1]]), () => undefined);
    expect(ring.bytes).toBeLessThan(empty + 1_000);
  });
});
