import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { BodyStage, unpack } from './read-body';

const raw = (...texts: string[]) => {
  const chunks = texts.map((text) => Buffer.from(text));
  return { chunks, length: chunks.reduce((sum, { length }) => sum + length, 0), reserved: 0 };
};

it('puts the chunks of a body together, one after the other in the same memory', () => {
  const stage = new BodyStage();
  const first = stage.join(raw('ab', 'cde'));
  expect(Buffer.from(first).toString()).toBe('abcde');
  const second = stage.join(raw('x', 'y'));
  expect(Buffer.from(second).toString()).toBe('xy');
  expect(second.buffer).toBe(first.buffer);
});

it('leaves memory that was kept alone, and does not copy a single chunk', () => {
  const stage = new BodyStage();
  const kept = stage.join(raw('ab', 'c'));
  stage.keep();
  stage.join(raw('x', 'y', 'z'));
  expect(Buffer.from(kept).toString()).toBe('abc');
  const one = raw('single');
  expect(stage.join(one)).toBe(one.chunks[0]);
  expect(stage.join(raw())).toHaveLength(0);
});

it('unpacks at once what is small, elsewhere what is large, and refuses what lies about its size', async () => {
  const small = Buffer.from('a'.repeat(1000));
  expect(await unpack(gzipSync(small))).toEqual({ ok: true, value: small });
  const large = Buffer.alloc(3 * 1024 * 1024, 'b');
  const unpacking = unpack(gzipSync(large));
  expect(unpacking).toBeInstanceOf(Promise);
  expect((await unpacking).ok).toBe(true);
  const liar = gzipSync(Buffer.alloc(2 * 1024 * 1024));
  liar.writeUInt32LE(10, liar.length - 4);
  expect((await unpack(liar)).ok).toBe(false);
  expect(await unpack(Buffer.from('no gzip at all'))).toMatchObject({ ok: false });
});
