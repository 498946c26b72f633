import { describe, expect, it } from 'vitest';
import { createRandom } from '@/lib/base/random';
import { countItems } from './count-items';
import { oraclePlain } from './testing/oracle';
import { createRandomOtlp } from './testing/random-otlp';
import { SIGNAL_CODECS } from './testing/signal-codecs';

/** `WEIR_FUZZ=5000000` for a long run; `WEIR_FUZZ_SEED` repeats one. */
const RUNS = Number(process.env.WEIR_FUZZ ?? 12_000);
const SEED = Number(process.env.WEIR_FUZZ_SEED ?? 20_261_123);

describe.each(SIGNAL_CODECS)('the $signal codec', (codec) => {
  it(`gives back what it was given, by wire and by JSON (seed ${SEED})`, () => {
    const otlp = createRandomOtlp(createRandom(SEED));
    for (let run = 0; run < RUNS / 10; run++) {
      const { data, bytes } = codec.random(otlp);
      if (run < 200) expect(codec.decode(bytes), `run ${run}`).toEqual({ ok: true, value: data });
      if (!sameBytes(codec.recode(bytes), bytes)) expect(codec.recode(bytes), `run ${run}`).toEqual(bytes);
      if (!sameBytes(codec.throughJson(bytes), bytes))
        expect(codec.decode(codec.throughJson(bytes) ?? bytes), `run ${run}, JSON`).toEqual(
          codec.decode(bytes),
        );
    }
  });

  it(`writes what protobufjs reads and reads what protobufjs writes (seed ${SEED})`, () => {
    const otlp = createRandomOtlp(createRandom(SEED + 1));
    for (let run = 0; run < RUNS / 10; run++) {
      const { bytes } = codec.random(otlp);
      const theirs = codec.oracle.decode(bytes);
      const rewritten = codec.oracle.encode(theirs).finish();
      if (!sameBytes(codec.recode(rewritten), bytes))
        expect(codec.recode(rewritten), `run ${run}`).toEqual(bytes);
      if (run % 20 !== 0) continue;
      const ours = codec.oracle.decode(codec.recode(bytes) ?? new Uint8Array(1));
      expect(oraclePlain(codec.oracle, ours)).toEqual(oraclePlain(codec.oracle, theirs));
    }
  });

  it(`never throws on broken bytes, and reads again what it understood of them (seed ${SEED})`, () => {
    const random = createRandom(SEED + 2);
    const otlp = createRandomOtlp(random);
    let accepted = 0;
    let bytes = codec.random(otlp).bytes;
    for (let run = 0; run < RUNS; run++) {
      if (run % 20 === 0) bytes = codec.random(otlp).bytes;
      const broken = mutate(bytes, random.next);
      const again = codec.recode(broken);
      if (again === null) continue;
      accepted++;
      if (!sameBytes(codec.recode(again), again)) expect(codec.recode(again), `run ${run}`).toEqual(again);
      if (!countItems(codec.signal, broken).ok) expect(broken, `run ${run}`).toBe('countable');
    }
    expect(accepted).toBeGreaterThan(RUNS / 20);
  });

  it('refuses what is cut off, with the place', () => {
    const otlp = createRandomOtlp(createRandom(SEED + 3));
    let { bytes } = codec.random(otlp);
    while (bytes.length < 50) bytes = codec.random(otlp).bytes;
    const result = codec.decode(bytes.subarray(0, bytes.length - 1));
    expect(result).toMatchObject({ ok: false, error: { kind: 'malformed_otlp' } });
    expect(result.ok ? '' : result.error.message).toMatch(/byte \d+/);
  });
});

function sameBytes(a: Uint8Array | null, b: Uint8Array): boolean {
  return a !== null && Buffer.compare(a, b) === 0;
}

/** One to three of: a bit flipped, a byte replaced, a slice cut out, doubled, or the end cut off. */
function mutate(bytes: Uint8Array, next: () => number): Uint8Array {
  let out = Array.from(bytes);
  const rounds = 1 + Math.floor(next() * 3);
  for (let round = 0; round < rounds && out.length > 0; round++) {
    const at = Math.floor(next() * out.length);
    switch (Math.floor(next() * 5)) {
      case 0:
        out[at] = (out[at] as number) ^ (1 << Math.floor(next() * 8));
        break;
      case 1:
        out[at] = Math.floor(next() * 256);
        break;
      case 2:
        out.splice(at, 1 + Math.floor(next() * 4));
        break;
      case 3:
        out.splice(at, 0, ...out.slice(at, at + 1 + Math.floor(next() * 8)));
        break;
      default:
        out = out.slice(0, at);
    }
  }
  return Uint8Array.from(out);
}
