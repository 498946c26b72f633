import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairNumbers } from './pair-numbers';

describe('numbers of pairs', () => {
  it('are those of a map of joined keys, in the order of the first of each, however many there are', () => {
    const small = fc.integer({ min: 0, max: 12 });
    const any = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(small, any), fc.oneof(small, any)), { maxLength: 200 }),
        (pairs) => {
          const numbers = new PairNumbers(1);
          const known = new Map<string, number>();
          for (const [a, b] of [...pairs, ...pairs]) {
            const key = `${a}/${b}`;
            known.set(key, known.get(key) ?? known.size);
            expect(numbers.of(a, b)).toBe(known.get(key));
          }
          expect(numbers.size).toBe(known.size);
        },
      ),
    );
  });
});
