import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBoundedMap } from './bounded-map';

it('forgets what was used longest ago, as a plain list does', () => {
  const key = fc.integer({ min: 0, max: 12 });
  const step = fc.tuple(fc.constantFrom('set', 'get', 'delete'), key);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step, { maxLength: 200 }), (limit, steps) => {
      const left: number[] = [];
      const map = createBoundedMap<number, number>(limit, (one) => left.push(one));
      let plain: number[] = [];
      const plainLeft: number[] = [];
      for (const [what, one] of steps) {
        const held = plain.includes(one);
        if (what === 'set') {
          map.set(one, one);
          plain = [...plain.filter((other) => other !== one), one];
          if (plain.length > limit) plainLeft.push(plain.shift() as number);
        } else if (what === 'get') {
          expect(map.get(one)).toBe(held ? one : undefined);
          if (held) plain = [...plain.filter((other) => other !== one), one];
        } else {
          expect(map.delete(one)).toBe(held);
          plain = plain.filter((other) => other !== one);
        }
        expect([...map.entries()].map(([other]) => other)).toEqual(plain);
      }
      expect(left).toEqual(plainLeft);
    }),
  );
});
