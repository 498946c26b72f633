import { expect, test } from 'vitest';
import { evidenceTarget, namesIn } from './evidence-link';

test('nodes and edges are told from paths', () => {
  expect(evidenceTarget('node:exp-slow')).toEqual({ kind: 'node', id: 'exp-slow' });
  expect(evidenceTarget('edge:a:default>b')).toEqual({ kind: 'edge', id: 'a:default>b' });
  expect(evidenceTarget('/traces?node=x')).toEqual({ kind: 'path', href: '/traces?node=x', name: 'batches' });
});

test('nothing leads out of Weir', () => {
  expect(evidenceTarget('https://example.org')).toBeNull();
  expect(evidenceTarget('//example.org')).toBeNull();
  expect(evidenceTarget('javascript:alert(1)')).toBeNull();
  expect(evidenceTarget(null)).toBeNull();
});

test('names of the map are set apart, the longest first', () => {
  expect(namesIn('copy → exp-slow full', ['exp', 'exp-slow', 'copy'])).toEqual([
    { text: 'copy', name: true },
    { text: ' → ', name: false },
    { text: 'exp-slow', name: true },
    { text: ' full', name: false },
  ]);
});

test('a name within another word is left alone', () => {
  expect(namesIn('batches of batch-1', ['batch'])).toEqual([{ text: 'batches of batch-1', name: false }]);
});

test('a word that happens to be a name is left alone after an article', () => {
  expect(namesIn('88 ms a batch', ['batch'])).toEqual([{ text: '88 ms a batch', name: false }]);
});
