import { expect, it } from 'vitest';
import { createRandom, type Random } from '@/lib/base/random';
import { encodeLogs } from './encode-logs';
import { encodeTraces } from './encode-traces';
import { logsFromJson, logsToJson } from './json-logs';
import { logsJsonToWire, tracesJsonToWire } from './json-to-wire';
import { tracesFromJson, tracesToJson } from './json-traces';
import { createRandomOtlp } from './testing/random-otlp';

const RUNS = Number(process.env.WEIR_FUZZ ?? 1_500);
const SEED = Number(process.env.WEIR_FUZZ_SEED ?? 2_026);
const ODD: readonly unknown[] = [
  null,
  '',
  7,
  -7,
  1.5,
  '12',
  '1234567890123456789',
  '99999999999999999999',
  'zz',
  'ABcd',
  true,
  [],
  {},
  { stringValue: 'x', intValue: 3 },
  { intValue: '-5' },
  { intValue: 9_007_199_254_740_992 },
  { bytesValue: 'AAEC' },
  { bytesValue: '*' },
  { kvlistValue: { values: [{ key: 'k' }] } },
  { arrayValue: 3 },
];

/** Puts odd values into a few places of a JSON tree. */
function spoil(json: unknown, random: Random): unknown {
  if (random.next() < 0.004) return ODD[Math.floor(random.next() * ODD.length)];
  if (Array.isArray(json)) return json.map((each) => spoil(each, random));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, spoil(value, random)]));
}

it(
  `makes the bytes that objects in between would become, and refuses the same with the same words (seed ${SEED})`,
  () => {
    const random = createRandom(SEED);
    const otlp = createRandomOtlp(random);
    const text = new TextEncoder();
    let refused = 0;
    for (let run = 0; run < RUNS; run++) {
      const traces = spoil(tracesToJson(otlp.traces()), random);
      const logs = spoil(logsToJson(otlp.logs()), random);
      const tracesData = tracesFromJson(JSON.parse(JSON.stringify(traces)));
      const logsData = logsFromJson(JSON.parse(JSON.stringify(logs)));
      const tracesWire = tracesJsonToWire(text.encode(JSON.stringify(traces)));
      const logsWire = logsJsonToWire(text.encode(JSON.stringify(logs)));
      expect(tracesWire, `run ${run}`).toEqual(
        tracesData.ok ? { ok: true, value: encodeTraces(tracesData.value) } : tracesData,
      );
      expect(logsWire, `run ${run}`).toEqual(
        logsData.ok ? { ok: true, value: encodeLogs(logsData.value) } : logsData,
      );
      if (!tracesData.ok || !logsData.ok) refused++;
    }
    expect(refused).toBeGreaterThan(RUNS / 50);
    expect(refused).toBeLessThan(RUNS);
  },
  30_000 + 20 * RUNS,
);

it('reads times digit by digit to the last of 64 bits', () => {
  const text = new TextEncoder();
  for (const time of [
    '0',
    '1',
    '999999999999999999',
    '1700000000123456789',
    '9223372036854775808',
    '9999999999999999999',
    '18446744073709551615',
  ]) {
    const json = { resourceSpans: [{ scopeSpans: [{ spans: [{ startTimeUnixNano: time }] }] }] };
    const data = tracesFromJson(json);
    const wire = tracesJsonToWire(text.encode(JSON.stringify(json)));
    expect(data.ok && wire.ok && Buffer.from(wire.value).equals(encodeTraces(data.value)), time).toBe(true);
  }
});
