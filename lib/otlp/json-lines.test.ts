import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonDocuments } from './json-documents';
import { momentsOf, otlpRequestsOf, readOtlpText, shiftMoments } from './json-lines';

const traces = (name: string, start = '1700000000000000001') => ({
  resourceSpans: [
    { scopeSpans: [{ spans: [{ name, startTimeUnixNano: start, endTimeUnixNano: '1700000000000000009' }] }] },
  ],
});
const names = (text: string) =>
  readOtlpText(text).requests.map(({ json }) => JSON.stringify(json).match(/"name":"(\w+)"/)?.[1]);

describe('a file of OTLP JSON', () => {
  it('holds a request a line, one over many lines, a list of them, or one after the other', () => {
    const [a, b] = [traces('a'), traces('b')];
    const [one, two] = [JSON.stringify(a), JSON.stringify(b)];
    expect(names(`${one}\n${two}\n`)).toEqual(['a', 'b']);
    expect(names(`\ufeff${one}\r\n\r\n${two}`)).toEqual(['a', 'b']);
    expect(names(JSON.stringify(a, null, 2))).toEqual(['a']);
    expect(names(`${JSON.stringify(a, null, '\t')}\n${JSON.stringify(b, null, 2)}`)).toEqual(['a', 'b']);
    expect(names(JSON.stringify([a, b], null, 2))).toEqual(['a', 'b']);
    expect(names(`[\n${one},\n${two}\n]\n`)).toEqual(['a', 'b']);
    expect(names(`${one}${two}`)).toEqual(['a', 'b']);
  });

  it('may hold several signals in one document: one request of each', () => {
    const both = otlpRequestsOf({ ...traces('a'), resourceLogs: [{}], more: 1 });
    expect(both).toEqual({
      ok: true,
      value: [
        { signal: 'traces', json: traces('a') },
        { signal: 'logs', json: { resourceLogs: [{}] } },
      ],
    });
  });

  it('loses a line that breaks off, says which, and goes on with the next', () => {
    const text = `${JSON.stringify(traces('a'))}\n{"resourceSpans":[{"sc"\n${JSON.stringify(traces('b'))}\nno json\n{"other":1}\n`;
    const file = readOtlpText(text);
    expect(file.requests).toHaveLength(2);
    expect(file.problems).toEqual([
      { line: 2, reason: 'it breaks off' },
      { line: 4, reason: 'no JSON object' },
      { line: 5, reason: 'neither spans nor metrics nor log records' },
    ]);
    expect(readOtlpText('{"resourceSpans":[').problems).toEqual([{ line: 1, reason: 'it breaks off' }]);
    expect(readOtlpText('{"a" 1}\n').problems).toMatchObject([{ line: 1 }]);
  });

  it('gives the same documents whatever the pieces are, in which it comes', () => {
    const json = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(json, fc.constantFrom(0, 1, 2), fc.constantFrom('\n', '\r\n', ' \n\n'))),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (documents, cuts) => {
          const texts = documents.map(([value, indent]) => JSON.stringify(value, null, indent));
          const whole = documents.map(([, , gap], i) => `${texts[i]}${gap}`).join('');
          const reader = createJsonDocuments();
          const found: string[] = [];
          for (let at = 0, turn = 0; at < whole.length; turn++) {
            const length = cuts[turn % cuts.length] as number;
            const { documents: done, problems } = reader.push(whole.slice(at, at + length));
            expect(problems).toEqual([]);
            found.push(...done.map(({ text }) => text));
            at += length;
          }
          expect(reader.end().problems).toEqual([]);
          expect(found).toEqual(texts);
        },
      ),
      { verbose: 0 },
    );
  });

  it('holds no more than its limit of a document that does not end', () => {
    const reader = createJsonDocuments(100);
    const { problems } = reader.push(`{"a":"${'x'.repeat(200)}`);
    expect(problems).toEqual([{ line: 1, reason: 'longer than 100 characters' }]);
    expect(reader.push(`${'y'.repeat(200)}"}\n{"b":1}\n`).documents).toEqual([{ line: 2, text: '{"b":1}' }]);
  });
});

describe('moments', () => {
  it('are moved together and exactly, whatever they are of; what is no moment stays', () => {
    const json = {
      ...traces('a'),
      other: [
        {
          timeUnixNano: 1000,
          startTimeUnixNano: '0',
          key: 'aUnixNano',
          value: '5',
          deep: { endTimeUnixNano: null },
        },
      ],
    };
    expect(shiftMoments(json, 10n ** 18n)).toEqual({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  name: 'a',
                  startTimeUnixNano: '2700000000000000001',
                  endTimeUnixNano: '2700000000000000009',
                },
              ],
            },
          ],
        },
      ],
      other: [
        {
          timeUnixNano: '1000000000000001000',
          startTimeUnixNano: '0',
          key: 'aUnixNano',
          value: '5',
          deep: { endTimeUnixNano: null },
        },
      ],
    });
  });

  it('tell when a request was: from the first start of a span, from the first report of a point', () => {
    expect(momentsOf(traces('a'))).toEqual({ first: 1700000000000000001n, last: 1700000000000000009n });
    const point = { startTimeUnixNano: '5', timeUnixNano: '900' };
    expect(momentsOf({ resourceMetrics: [{ points: [point, { ...point, timeUnixNano: '800' }] }] })).toEqual({
      first: 800n,
      last: 900n,
    });
    expect(momentsOf({ resourceSpans: [] })).toBeNull();
  });
});
