import { expect, test } from 'vitest';
import { createShortNames } from './short-names';

test('a node is called by its component where no other has that name', () => {
  const short = createShortNames([
    { id: 'out@default/main', component: 'out' },
    { id: 'batch@logs', component: 'batch' },
    { id: 'batch@traces', component: 'batch' },
    { id: 'otlp', component: 'otlp' },
  ]);
  expect(short('Destination of out@default/main is slow (core 0)')).toBe(
    'Destination of out is slow (core 0)',
  );
  expect(short('batch@logs drops items of otlp')).toBe('batch@logs drops items of otlp');
});

test('an id that begins another one does not break it', () => {
  const short = createShortNames([
    { id: 'a@p', component: 'a' },
    { id: 'a@p2', component: 'b' },
  ]);
  expect(short('a@p2 and a@p')).toBe('b and a');
});
