import { expect, it } from 'vitest';
import { fromExponentialPoint } from './histogram-points';

const point = {
  attributes: [],
  startTimeUnixNano: 1n,
  timeUnixNano: 2n,
  count: 7n,
  sum: 0,
  min: 0,
  max: 0,
  scale: 7,
  zeroCount: 7n,
  zeroThreshold: 0,
  positive: undefined,
  negative: undefined,
  flags: 0,
  exemplars: [],
};

it('knows of values that were all zero, though no bucket holds one', () => {
  expect(fromExponentialPoint(point, 1)).toMatchObject({ count: 7, zeroCount: 7, max: 0 });
});

it('does not take what no bucket tells for zeros', () => {
  expect(fromExponentialPoint({ ...point, zeroCount: 0n, sum: 3 }, 1)).toMatchObject({
    count: 7,
    zeroCount: 0,
  });
});
