import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EdgeStats } from '@/lib/api/topology';
import { colorStep, edgeLabel, edgeStep, edgeWidth, isBlocked, isFull, measureOf } from './measures';

const quiet: EdgeStats = {
  partial: false,
  utilization: 0.19,
  utilizationPeak: 0.4,
  utilizationSource: 'occupancy',
  utilizationCheck: null,
  depth: 12,
  capacity: 64,
  ratePerSec: 90,
  rateUnit: 'messages',
  blockedRatio: 0,
  waitP50Ms: 1,
  waitP99Ms: 4,
  drainMs: 130,
  errorRatio: 0,
  spark: [],
};
const utilization = measureOf('utilization');
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('the colour of an edge', () => {
  test.each([
    [0, 0],
    [0.199, 0],
    [0.2, 1],
    [0.4, 2],
    [0.6, 3],
    [0.849, 3],
    [0.85, 4],
    [1, 4],
  ] as const)('%f is step %i', (value, step) => {
    expect(colorStep(value, utilization.limits)).toBe(step);
  });

  test('no data is not idle, and idle is not step 0', () => {
    expect(edgeStep(undefined, utilization)).toBe('nodata');
    expect(edgeStep({ ...quiet, utilization: null }, utilization)).toBe('nodata');
    expect(edgeStep({ ...quiet, ratePerSec: 0, depth: 0, utilization: 0 }, utilization)).toBe('idle');
    expect(edgeStep({ ...quiet, ratePerSec: 0, depth: 64, utilization: 1 }, utilization)).toBe(4);
  });

  test('steps never fall as the value grows', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (a, b) => {
          const [low, high] = a <= b ? [a, b] : [b, a];
          const lowStep = colorStep(low, utilization.limits);
          const highStep = colorStep(high, utilization.limits);
          return lowStep !== 'nodata' && highStep !== 'nodata' && lowStep <= highStep;
        },
      ),
    );
  });
});

describe('the label of an edge', () => {
  test('says fill and share', () => {
    expect(plain(edgeLabel(quiet, utilization))).toBe('12/64 · 19 %');
  });
  test('says the fullest core by its name, where cores differ', () => {
    const core = (name: string, depth: number) => ({ name, depth, capacity: 32, utilization: depth / 32 });
    const spread = { ...quiet, depth: 24, utilization: 0.75, parts: [core('core 0', 24), core('core 1', 0)] };
    expect(plain(edgeLabel(spread, utilization))).toBe('core 0: 24/32 · 75 %');
    const even = { ...quiet, depth: 24, utilization: 0.19, parts: [core('core 0', 6), core('core 1', 6)] };
    expect(plain(edgeLabel(even, utilization))).toBe('24/64 · 19 %');
  });
  test('says FULL when it is', () => {
    expect(edgeLabel({ ...quiet, utilization: 1, depth: 64 }, utilization)).toBe('FULL');
  });
  test('says the rate where nothing else is told', () => {
    expect(edgeLabel({ ...quiet, utilization: null, depth: null }, utilization)).toBe('90/s');
  });
  test('says the figure of another measure', () => {
    expect(plain(edgeLabel(quiet, measureOf('wait')))).toBe('4 ms');
  });
});

describe('full and blocked', () => {
  test('a channel that stands at its limit while sends wait is full before its average is', () => {
    expect(isFull({ ...quiet, depth: 64, utilization: 0.4, blockedRatio: 0.9 })).toBe(true);
    expect(isFull({ ...quiet, depth: 64, utilization: 0.4, blockedRatio: 0 })).toBe(false);
  });
  test('a fifth of the sends waiting stripes the edge', () => {
    expect(isBlocked({ ...quiet, blockedRatio: 0.2 })).toBe(true);
    expect(isBlocked(quiet)).toBe(false);
  });
});

test('width grows with throughput and stays within its bounds', () => {
  expect(edgeWidth(null)).toBe(1.5);
  expect(edgeWidth(0)).toBe(1.5);
  expect(edgeWidth(10)).toBeLessThan(edgeWidth(1_000));
  expect(edgeWidth(1e9)).toBe(7);
});
