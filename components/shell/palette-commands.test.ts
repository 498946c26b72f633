import { expect, test } from 'vitest';
import { asTraceId, type Command, looksLikeId, matchRank, rankCommands } from './palette-commands';

const command = (label: string, words = ''): Command => ({
  id: label,
  group: 'Node',
  label,
  hint: '',
  words,
  run: () => undefined,
});

test('a label that begins with the text comes first, then words, then what is within', () => {
  const list = [command('xslow'), command('exp-slow'), command('slow-node')];
  expect(rankCommands(list, 'slow').map((entry) => entry.label)).toEqual(['slow-node', 'exp-slow', 'xslow']);
});

test('what does not match is left out', () => {
  expect(matchRank(command('batch', 'processor'), 'zzz')).toBeNull();
  expect(matchRank(command('batch', 'processor'), 'proc')).toBe(1);
});

test('a trace id is 32 hex digits', () => {
  expect(asTraceId(` ${'AB'.repeat(16)} `)).toBe('ab'.repeat(16));
  expect(asTraceId('ab')).toBeNull();
});

test('the server is asked for what may be an id', () => {
  expect(looksLikeId('batch-12')).toBe(true);
  expect(looksLikeId('4fe2')).toBe(true);
  expect(looksLikeId('settings')).toBe(false);
});
