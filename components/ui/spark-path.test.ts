import { expect, test } from 'vitest';
import { sparkArea, sparkPath } from './spark-path';

const box = { width: 10, height: 10 };

test('figures spread over the width, the highest at the top', () => {
  expect(sparkPath([0, 5, 10], box)).toBe('M0 10L5 5L10 0');
});

test('an unknown figure leaves a gap', () => {
  expect(sparkPath([1, null, 1], box)).toBe('M0 0M10 0');
});

test('all zeros lie on the ground', () => {
  expect(sparkPath([0, 0], box)).toBe('M0 10L10 10');
});

test('each run without a gap is an area of its own', () => {
  expect(sparkArea([1, 1, null, 1], { width: 3, height: 1 })).toBe('M0 0L1 0L1 1L0 1ZM3 0L3 1L3 1Z');
});
