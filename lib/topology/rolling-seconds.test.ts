import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRollingSeconds, recentSeconds } from './rolling-seconds';

describe('rolling seconds', () => {
  it('tell the same as reckoning all anew, whenever one looks and whatever comes late within its time', () => {
    const look = fc.record({ step: fc.nat(20), late: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 40 }), (looks) => {
        const rolling = createRollingSeconds();
        let end = 1_000;
        for (const { step, late } of looks) {
          end += step;
          // Of the newest seconds reports are still missing: they are unknown or half told.
          const figureOf = (second: number) => (second >= end - late ? null : (second * 7) % 13);
          const oracle = Array.from({ length: 60 }, (_, i) => figureOf(end - 60 + i));
          expect(rolling.read('k', end, 60, 3, figureOf)).toEqual(oracle);
        }
      }),
    );
  });

  it('reckon only what is new, may still come, or was not told', () => {
    const rolling = createRollingSeconds();
    const asked: number[] = [];
    const figureOf = (second: number) => {
      asked.push(second);
      return second === 960 ? null : second;
    };
    rolling.read('k', 1_000, 60, 2, figureOf);
    asked.length = 0;
    rolling.read('k', 1_001, 60, 2, figureOf);
    expect(asked).toEqual([960, 999, 1_000]);
  });

  it('start over when the clock is set back', () => {
    const rolling = createRollingSeconds();
    rolling.read('k', 1_000, 10, 1, (second) => second);
    expect(rolling.read('k', 990, 10, 1, (second) => second)[0]).toBe(980);
  });

  it('keep what is reckoned once a second for that second', () => {
    const rolling = createRollingSeconds();
    let runs = 0;
    const look = (second: number) => rolling.once('k', second, () => ++runs);
    expect([look(1), look(1), look(2), look(2)]).toEqual([1, 1, 2, 2]);
    expect(recentSeconds(0.25)).toBe(2);
  });
});
