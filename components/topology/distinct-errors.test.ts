import { expect, test } from 'vitest';
import { distinctErrors } from './distinct-errors';

test('a message is said once, with how often it came', () => {
  const traces = ['503', 'timeout', '503', ''].map((statusMessage) => ({ statusMessage }));
  expect(distinctErrors(traces)).toEqual([
    { message: '503', count: 2 },
    { message: 'timeout', count: 1 },
    { message: 'failed without a message', count: 1 },
  ]);
});
