import { expect, test } from 'vitest';
import { hrefKeeping } from './kept-query';

test('a change of page keeps who and when, and drops the selection', () => {
  const search = new URLSearchParams('engine=a&at=5&node=exp-slow');
  expect(hrefKeeping('/traces', search)).toBe('/traces?engine=a&at=5');
  expect(hrefKeeping('/traces?q=x', search)).toBe('/traces?q=x&engine=a&at=5');
  expect(hrefKeeping('/', new URLSearchParams())).toBe('/');
});

test('what the link itself says wins', () => {
  expect(hrefKeeping('/traces?at=9', new URLSearchParams('at=5'))).toBe('/traces?at=9');
});
