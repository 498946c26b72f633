import { describe, expect, test } from 'vitest';
import { withQuery } from './fetch-json';

describe('withQuery', () => {
  test('leaves out what is not set', () => {
    expect(withQuery('/a', { b: null, c: undefined, d: '' })).toBe('/a');
  });
  test('repeats the key of a list', () => {
    expect(withQuery('/a', { node: ['x', 'y'], limit: 5 })).toBe('/a?node=x&node=y&limit=5');
  });
});
