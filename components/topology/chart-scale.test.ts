import { expect, test } from 'vitest';
import { indexAt, lastKnown, sumSeries } from './chart-scale';

test('a moment falls into its step, and never outside', () => {
  expect(indexAt(0, 0, 100, 11)).toBe(0);
  expect(indexAt(52, 0, 100, 11)).toBe(5);
  expect(indexAt(500, 0, 100, 11)).toBe(10);
  expect(indexAt(5, 5, 5, 0)).toBe(0);
});

test('the newest known figure is not an empty last step', () => {
  expect(lastKnown([1, 2, null])).toBe(2);
  expect(lastKnown([null])).toBeNull();
});

test('a sum is unknown only where all parts are', () => {
  expect(
    sumSeries([
      [1, null, null],
      [2, 3, null],
    ]),
  ).toEqual([3, 3, null]);
});
