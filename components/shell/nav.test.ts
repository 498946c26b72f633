import { expect, test } from 'vitest';
import { hrefKeeping } from './nav';

test('a change of page keeps who and when, and drops the selection', () => {
  const search = new URLSearchParams('engine=a&at=5&node=exp-slow');
  expect(hrefKeeping('/traces', search)).toBe('/traces?engine=a&at=5');
  expect(hrefKeeping('/traces?q=x', search)).toBe('/traces?q=x&engine=a&at=5');
  expect(hrefKeeping('/', new URLSearchParams())).toBe('/');
});
