import { expect, test } from 'vitest';
import { keyName, matchShortcut, SHORTCUTS } from './shortcuts';

const press = (key: string, more = {}) =>
  keyName({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

test('a sequence needs both of its keys', () => {
  expect(matchShortcut(null, 'g')).toEqual({ pending: 'g' });
  expect(matchShortcut('g', 't')).toEqual({ id: 'go.topology' });
});

test('a second key that fits no sequence counts by itself', () => {
  expect(matchShortcut('g', 'f')).toEqual({ id: 'fit' });
  expect(matchShortcut('g', 'x')).toBeNull();
});

test('the palette opens by Ctrl and by ⌘', () => {
  expect(press('k', { ctrlKey: true })).toBe('mod+k');
  expect(press('K', { metaKey: true })).toBe('mod+k');
});

test('Alt is left to the browser', () => {
  expect(press('f', { altKey: true })).toBeNull();
});

test('no two shortcuts share their keys, and no key is also the start of a sequence', () => {
  const all = SHORTCUTS.flatMap((shortcut) => [...shortcut.keys] as string[]);
  expect(new Set(all).size).toBe(all.length);
  const starts = all.filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0]);
  for (const start of starts) expect(all).not.toContain(start);
});
