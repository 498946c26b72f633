import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireReader } from './wire-reader';
import { WireWriter } from './wire-writer';

function written(write: (writer: WireWriter) => void): WireReader {
  const writer = new WireWriter(4);
  write(writer);
  return new WireReader(writer.finish());
}

describe('the wire', () => {
  it('gives every 64-bit varint back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const reader = written((writer) => writer.varint64(value));
        expect(BigInt.asIntN(64, reader.varint64())).toBe(value);
        expect(reader.pos).toBe(reader.limit);
      }),
    );
  });

  it('gives every safe integer as a number', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(written((writer) => writer.varint64(BigInt(value))).int64AsNumber()).toBe(value);
      }),
    );
  });

  it('gives every zigzag and every string back', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string({ unit: 'grapheme', maxLength: 400 }), (number, text) => {
        const reader = written((writer) => {
          writer.sint32(number);
          writer.string(text);
        });
        expect([reader.sint32(), reader.string()]).toEqual([number, text]);
      }),
    );
  });

  it('writes nested messages of any size with the shortest length', () => {
    for (const size of [0, 127, 128, 16_383, 16_384, 2_097_152]) {
      const reader = written((writer) => {
        const mark = writer.open();
        writer.raw(new Uint8Array(size).fill(7));
        writer.close(mark);
      });
      expect(reader.lengthEnd()).toBe(reader.limit);
      const same = Buffer.compare(reader.take(reader.limit), new Uint8Array(size).fill(7)) === 0;
      expect(same, `${size} bytes`).toBe(true);
    }
  });
});
