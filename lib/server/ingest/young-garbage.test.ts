import { expect, it } from 'vitest';
import { createYoungGarbage } from './young-garbage';

it('calls the collector once for every few megabytes of bodies', () => {
  let collections = 0;
  const garbage = createYoungGarbage(() => collections++);
  for (let sent = 0; sent < 40; sent++) garbage.note(1024 * 1024);
  expect(collections).toBe(10);
  garbage.note(64 * 1024 * 1024);
  expect(collections).toBe(11);
});

it('finds the engine’s collector, and leaves no global behind', () => {
  createYoungGarbage().note(64 * 1024 * 1024);
  expect('gc' in globalThis).toBe(false);
});
