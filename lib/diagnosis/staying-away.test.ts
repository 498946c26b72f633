import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '@/lib/base/random';
import { picture } from './picture.testing';
import { stayingAway } from './staying-away';
import type { NodeView } from './view';

const VIEW = picture('gen > p 0/64\np > exp 0/64\np in=100 batches=10 size=10 wasSize=10');

/** `recent` newest first; what is open over its past. */
function gone(past: readonly number[], recent: readonly number[], figures: Partial<NodeView['now']> = {}) {
  const node = VIEW.nodes.get('p');
  if (!node?.past) throw new Error('no such node');
  return stayingAway(VIEW, {
    ...node,
    now: { ...node.now, handled: 50, ...figures, open: recent },
    past: { ...node.past, open: past },
  });
}

/** A node with one pair of hands, that are full at such a share of all looks. */
function looks(share: number, count: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => (random.next() < share ? 1 : 0));
}

const FIFTH = looks(0.2, 90, 1);
const HALF = looks(0.5, 90, 2);

describe('what stays away', () => {
  it('is one batch more at every look than hands that are mostly empty hold', () => {
    expect(gone(FIFTH, [1, 1, 2, 1, 1, 2])).toBe(1);
    expect(gone(FIFTH, [1, 0, 1, 1, 2, 1])).toBe(0);
  });

  it('is seen of hands that are full half of the time by what they never held', () => {
    expect(gone(HALF, [2, 1, 2, 2, 1, 0])).toBe(1);
    expect(gone(HALF, [1, 1, 1, 1, 1, 1])).toBe(0);
  });

  it('is counted from what was open all along', () => {
    const lifted = FIFTH.map((look) => look + 7);
    expect(gone(lifted, [8, 8, 9, 8, 8, 9])).toBe(1);
    expect(gone(lifted, [7, 8, 7, 7, 8, 7])).toBe(0);
  });

  it('is read from items where batches are not counted', () => {
    expect(gone(new Array(90).fill(0), [12, 12, 12, 12, 0, 0], { batchesPerSec: null, meanMs: 1 })).toBe(1);
    expect(gone(new Array(90).fill(0), [12, 0, 0, 0, 0, 0], { batchesPerSec: null, meanMs: 1 })).toBe(0);
  });

  it('is not what a node has in its hands because it works longer', () => {
    expect(gone(FIFTH, [1, 1, 1, 1, 1, 1], { meanMs: 100, typicalMs: 100 })).toBe(0);
  });

  it('is nothing where too little is known, and nothing of a node that stands still', () => {
    expect(gone(FIFTH.slice(0, 20), [2, 2, 2, 2, 2, 2])).toBe(0);
    expect(gone(FIFTH, [2, 2, 2, 2, 2, 2], { quietSeconds: 1 })).toBe(0);
  });

  it('is hardly ever seen where nothing is gone, and nearly always of quiet hands within six looks', () => {
    let [falseAlarms, found, runs] = [0, 0, 0];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1 << 28 }),
        fc.double({ min: 0.02, max: 0.9, noNaN: true }),
        (seed, share) => {
          const past = looks(share, 90, seed);
          const now = looks(share, 6, seed + 1);
          runs++;
          if (gone(past, now) > 0) falseAlarms++;
          if (
            share > 0.15 ||
            gone(
              past,
              now.map((look) => look + 1),
            ) > 0
          )
            found++;
        },
      ),
      { seed: 4711, numRuns: 3_000 },
    );
    expect(falseAlarms / runs).toBeLessThan(1e-3);
    expect(found / runs).toBeGreaterThan(0.97);
  });
});
