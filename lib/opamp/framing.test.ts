import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frame, unframe } from './framing';

describe('a WebSocket frame of OpAMP', () => {
  it('gives back the message that was put in', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (message) => {
        const result = unframe(frame(message));
        expect(result.ok && Array.from(result.value)).toEqual(Array.from(message));
      }),
    );
  });

  it('takes a zero that is written longer than it need be', () => {
    const result = unframe(Uint8Array.of(0x80, 0x80, 0x00, 7));
    expect(result).toEqual({ ok: true, value: Uint8Array.of(7) });
  });

  it.each([
    ['an empty frame', []],
    ['a header of 1', [1, 2, 3]],
    ['a header that never ends', [0x80, 0x80]],
    ['a header longer than a varint', Array(11).fill(0x80)],
  ])('refuses %s as a value', (_, bytes) => {
    expect(unframe(Uint8Array.from(bytes)).ok).toBe(false);
  });
});
