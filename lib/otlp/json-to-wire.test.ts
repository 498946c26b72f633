import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '@/lib/base/random';
import { decodeLogs } from './decode-logs';
import { decodeTraces } from './decode-traces';
import { encodeLogs } from './encode-logs';
import { encodeTraces } from './encode-traces';
import { logsFromJson, logsToJson } from './json-logs';
import { logsJsonToWire, tracesJsonToWire } from './json-to-wire';
import { tracesFromJson, tracesToJson } from './json-traces';
import { transcodeJson } from './json-transcoder';
import { parseJsonBytes } from './parse-json';
import { createRandomOtlp } from './testing/random-otlp';
import { TRACES_DATA } from './traces-schema';

const RUNS = Number(process.env.WEIR_FUZZ ?? 1_500);
const SEED = Number(process.env.WEIR_FUZZ_SEED ?? 2_026);
const utf8 = new TextEncoder();
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

/** The same JSON as another sender might write it: spaces, order of keys, escapes, keys that nobody knows or twice. */
function written(json: unknown, random: Random): string {
  const space = () => (random.next() < 0.9 ? '' : ' \n\t\r'.charAt(Math.floor(random.next() * 4)).repeat(2));
  const text = (value: string) =>
    JSON.stringify(value).replace(/[a-z/]/gi, (letter, at, all: string) =>
      random.next() < 0.99 || all.charAt(at - 1) === '\\'
        ? letter
        : `\\u00${letter.charCodeAt(0).toString(16)}`,
    );
  const pair = (key: string, value: unknown) =>
    `${space()}${text(key)}${space()}:${space()}${written(value, random)}${space()}`;
  if (Array.isArray(json))
    return `[${space()}${json.map((each) => written(each, random)).join(`${space()},${space()}`)}]`;
  if (typeof json === 'string') return text(json);
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  const pairs = Object.entries(json).map(([key, value]) => pair(key, value));
  if (random.next() < 0.2) pairs.sort(() => random.next() - 0.5);
  if (random.next() < 0.02) pairs.push(pair('unheard', { of: [1.5e-3, 'é"\\', null, true, false, {}] }));
  if (random.next() < 0.01 && pairs.length > 0) pairs.push(pairs[0] as string);
  return `{${pairs.join(',')}}`;
}

/** A few bytes of it are others, or gone. */
function broken(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = [...bytes];
  for (let i = 0; i < 3; i++) {
    const at = Math.floor(random.next() * copy.length);
    if (random.next() < 0.5) copy.splice(at, 1);
    else copy[at] = '{}[],:"\\0-.eE\u00009'.charCodeAt(Math.floor(random.next() * 15)) || 0xc3;
  }
  return Uint8Array.from(copy);
}

const signals = [
  { toWire: tracesJsonToWire, fromJson: tracesFromJson, decode: decodeTraces, encode: encodeTraces },
  { toWire: logsJsonToWire, fromJson: logsFromJson, decode: decodeLogs, encode: encodeLogs },
] as const;

/** What objects in between would have become; the order of fields aside. True where it was taken. */
function compare(
  { toWire, fromJson, decode, encode }: (typeof signals)[number],
  bytes: Uint8Array,
  run: string,
): boolean {
  const json = parseJsonBytes(bytes);
  const data = json.ok ? fromJson(json.value) : json;
  const wire = toWire(bytes);
  if (!data.ok || !wire.ok) {
    expect(wire, run).toEqual(data);
    return false;
  }
  const back = decode(wire.value);
  const again = back.ok ? encode(back.value as never) : null;
  const wanted = encode(data.value as never);
  if (again === null || !Buffer.from(again).equals(wanted)) expect(again, run).toEqual(wanted);
  return true;
}

describe('JSON to wire', () => {
  it(
    `says what objects in between would have, and refuses the same with the same words (seed ${SEED})`,
    () => {
      const random = createRandom(SEED);
      const otlp = createRandomOtlp(random);
      let taken = 0;
      for (let run = 0; run < RUNS; run++) {
        const jsons = [tracesToJson(otlp.traces()), logsToJson(otlp.logs())];
        for (const [s, json] of jsons.entries()) {
          const signal = signals[s] as (typeof signals)[number];
          const spoilt = utf8.encode(JSON.stringify(spoil(json, random)));
          const other = utf8.encode(written(json, random));
          if (compare(signal, spoilt, `run ${run}, spoilt`)) taken++;
          if (compare(signal, other, `run ${run}, written in another way`)) taken++;
          if (compare(signal, broken(other, random), `run ${run}, broken`)) taken++;
        }
      }
      expect(taken).toBeGreaterThan(3 * RUNS);
      expect(taken).toBeLessThan(5.9 * RUNS);
    },
    30_000 + 60 * RUNS,
  );

  it('reads what senders write without asking JSON.parse', () => {
    const random = createRandom(SEED);
    const otlp = createRandomOtlp(random);
    let direct = 0;
    for (let run = 0; run < 200; run++) {
      const json = JSON.stringify(tracesToJson(otlp.traces()));
      if (transcodeJson(TRACES_DATA, utf8.encode(json)) !== null) direct++;
    }
    expect(direct).toBeGreaterThan(50);
    const plain = {
      resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'é\n', kind: 2, endTimeUnixNano: '5' }] }] }],
    };
    expect(transcodeJson(TRACES_DATA, utf8.encode(JSON.stringify(plain, null, 2)))).not.toBeNull();
  });

  it('reads numbers to the last bit', () => {
    const random = createRandom(SEED);
    const doubles = [
      '0',
      '-0',
      '1e308',
      '5e-324',
      '0.1',
      '123456789012345678901234567890',
      '1E+2',
      '-1.5e-7',
    ];
    for (let i = 0; i < 2_000; i++)
      doubles.push(String((random.next() - 0.5) * 10 ** Math.floor(random.next() * 40 - 20)));
    const integers = [
      '0',
      '-1',
      '127',
      '128',
      '-128',
      '4294967296',
      '-4294967297',
      '999999999999999',
      '-999999999999999',
    ];
    const values = [
      ...doubles.map((text) => `{"doubleValue":${text}}`),
      ...integers.flatMap((text) => [`{"intValue":${text}}`, `{"intValue":"${text}"}`]),
    ].map((value) => `{"key":"k","value":${value}}`);
    const json = `{"resourceSpans":[{"resource":{"attributes":[${values.join(',')}]}}]}`;
    expect(transcodeJson(TRACES_DATA, utf8.encode(json))).not.toBeNull();
    expect(compare(signals[0], utf8.encode(json), 'numbers')).toBe(true);
  });

  it('keeps to the ranges of fields', () => {
    const span = (fields: string) =>
      utf8.encode(`{"resourceSpans":[{"scopeSpans":[{"spans":[{${fields}}]}]}]}`);
    for (const [fields, isTaken] of [
      ['"kind":2147483647', true],
      ['"kind":2147483648', false],
      ['"kind":-1', true],
      ['"kind":"SPAN_KIND_SERVER"', true],
      ['"flags":4294967295', true],
      ['"flags":4294967296', false],
      ['"flags":-1', false],
      ['"droppedLinksCount":4294967296', false],
      ['"startTimeUnixNano":-1', false],
      ['"startTimeUnixNano":1700000000123456789', true],
      ['"traceId":"0g"', false],
      ['"traceId":"0"', false],
      ['"traceId":"g0"', false],
    ] as const)
      expect(compare(signals[0], span(fields), fields), fields).toBe(isTaken);
  });

  it('refuses what is nearly JSON as JSON.parse does', () => {
    for (const value of [
      '01',
      '1.',
      '.5',
      '1e',
      '-',
      '+1',
      'tru',
      'nul',
      '"\\x"',
      '"\u0001"',
      '"\\u12g4"',
      '{,}',
      '[1,]',
      '1 2',
    ])
      for (const json of [`{"unheard":${value}}`, `{"resourceSpans":[],"unheard":${value}}x`]) {
        const bytes = utf8.encode(json);
        expect(compare(signals[0], bytes, json), json).toBe(false);
      }
    expect(compare(signals[0], Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), 'no UTF-8')).toBe(
      false,
    );
  });

  it('reads times digit by digit to the last of 64 bits', () => {
    for (const time of [
      '0',
      '1',
      '999999999',
      '1000000000',
      '999999999999999999',
      '1700000000123456789',
      '9223372036854775808',
      '9999999999999999999',
      '18446744073709551615',
    ]) {
      const json = { resourceSpans: [{ scopeSpans: [{ spans: [{ startTimeUnixNano: time }] }] }] };
      expect(compare(signals[0], utf8.encode(JSON.stringify(json)), time), time).toBe(true);
    }
  });
});
