import { expect, test, vi } from 'vitest';
import { createKeyedStore } from './keyed-store';

test('only those whose value was given are woken', () => {
  const store = createKeyedStore<number>();
  const a = vi.fn();
  const b = vi.fn();
  store.subscribe('a', a);
  store.subscribe('b', b);
  store.merge({ a: 1, b: 1 });
  store.merge({ b: 2 });
  expect(a).toHaveBeenCalledTimes(1);
  expect(b).toHaveBeenCalledTimes(2);
});

test('replace forgets what is not given, and says so', () => {
  const store = createKeyedStore<number>();
  const a = vi.fn();
  store.merge({ a: 1, b: 1 });
  store.subscribe('a', a);
  store.replace({ b: 1 });
  expect(a).toHaveBeenCalledTimes(1);
  expect(store.ids()).toEqual(['b']);
});

test('a listener that left is not called', () => {
  const store = createKeyedStore<number>();
  const a = vi.fn();
  store.subscribe('a', a)();
  store.merge({ a: 1 });
  expect(a).not.toHaveBeenCalled();
});

test('an answer whose figures are equal but parsed anew wakes nobody', () => {
  const store = createKeyedStore<{ readonly spark: readonly number[] }>();
  const a = vi.fn();
  store.replace({ a: { spark: [1, 2] } });
  const before = store.get('a');
  store.subscribe('a', a);
  store.replace({ a: { spark: [1, 2] } });
  expect(a).not.toHaveBeenCalled();
  expect(store.get('a')).toBe(before);
});

test('who draws everything is woken once, however many values moved', () => {
  const store = createKeyedStore<number>();
  const all = vi.fn();
  const leave = store.subscribeAny(all);
  store.merge({ a: 1, b: 1, c: 1 });
  store.replace({ b: 2 });
  expect(all).toHaveBeenCalledTimes(2);
  leave();
  store.merge({ b: 3 });
  expect(all).toHaveBeenCalledTimes(2);
});
