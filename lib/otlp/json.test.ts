import { describe, expect, it } from 'vitest';
import { base64FromBytes, bytesFromBase64 } from './base64';
import { logsFromJson } from './json-logs';
import { metricsFromJson } from './json-metrics';
import { tracesFromJson, tracesToJson } from './json-traces';
import { MAX_VALUE_DEPTH } from './malformed';
import { parseJsonBytes } from './parse-json';

function span(fields: object): unknown {
  return { resourceSpans: [{ scopeSpans: [{ spans: [fields] }] }] };
}

function readSpan(fields: object) {
  const result = tracesFromJson(span(fields));
  if (!result.ok) throw new Error(result.error.message);
  const first = result.value.resourceSpans[0]?.scopeSpans[0]?.spans[0];
  if (!first) throw new Error('no span');
  return first;
}

function refusal(fields: object): string {
  const result = tracesFromJson(span(fields));
  return result.ok ? 'accepted' : result.error.message;
}

describe('OTLP JSON', () => {
  it('takes hex ids in either case and gives them in lower case', () => {
    expect(
      readSpan({ traceId: '5B8EFFF798038103D269B633813FC60C', spanId: 'eee19b7ec3c1b174' }),
    ).toMatchObject({
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
    });
  });

  it('takes 64-bit integers as strings and as numbers', () => {
    const { startTimeUnixNano, endTimeUnixNano, attributes } = readSpan({
      startTimeUnixNano: '1544712660000000001',
      endTimeUnixNano: 1000,
      attributes: [
        { key: 'a', value: { intValue: '-9223372036854775808' } },
        { key: 'b', value: { intValue: -7 } },
      ],
    });
    expect([startTimeUnixNano, endTimeUnixNano]).toEqual([1544712660000000001n, 1000n]);
    expect(attributes.map(({ value }) => value)).toEqual([{ intValue: -(2n ** 63n) }, { intValue: -7n }]);
  });

  it('takes enums as integers, and tolerates their names', () => {
    expect(readSpan({ kind: 2, status: { code: 2 } })).toMatchObject({ kind: 2, status: { code: 2 } });
    expect(readSpan({ kind: 'SPAN_KIND_CLIENT', status: { code: 'STATUS_CODE_OK' } })).toMatchObject({
      kind: 3,
      status: { code: 1 },
    });
    const logs = logsFromJson({
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityNumber: 'SEVERITY_NUMBER_WARN2' }] }] }],
    });
    expect(logs.ok && logs.value.resourceLogs[0]?.scopeLogs[0]?.logRecords[0]?.severityNumber).toBe(14);
  });

  it('ignores unknown fields and takes null as absent', () => {
    expect(readSpan({ name: 'x', surprise: { deep: [1] }, attributes: null, status: null })).toMatchObject({
      name: 'x',
      attributes: [],
      status: undefined,
    });
  });

  it('reads and writes numbers that JSON has no form for', () => {
    const metric = (value: unknown) =>
      metricsFromJson({
        resourceMetrics: [
          { scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints: [{ asDouble: value }] } }] }] },
        ],
      });
    const read = (value: unknown) => {
      const result = metric(value);
      if (!result.ok) return result.error.message;
      return result.value.resourceMetrics[0]?.scopeMetrics[0]?.metrics[0]?.gauge?.dataPoints[0]?.asDouble;
    };
    expect(['NaN', 'Infinity', '-Infinity', '1.5', 2].map(read)).toEqual([
      Number.NaN,
      Infinity,
      -Infinity,
      1.5,
      2,
    ]);
    expect(read('fast')).toContain('asDouble is no number');
  });

  it('reads base64 of both alphabets, with and without padding', () => {
    const bytes = Uint8Array.of(251, 255, 254, 0);
    expect(bytesFromBase64('+//+AA==')).toEqual(bytes);
    expect(bytesFromBase64('-__-AA')).toEqual(bytes);
    expect(bytesFromBase64('a')).toBeNull();
    expect(bytesFromBase64('a*==')).toBeNull();
    expect(base64FromBytes(bytes)).toBe('+//+AA==');
  });

  it('names the field that is wrong', () => {
    expect(refusal({ traceId: 'xyz' })).toBe('resourceSpans[0].scopeSpans[0].spans[0].traceId is no hex');
    expect(refusal({ name: 5 })).toBe('resourceSpans[0].scopeSpans[0].spans[0].name is no string');
    expect(refusal({ startTimeUnixNano: '-1' })).toContain('startTimeUnixNano is no 64-bit integer');
    expect(refusal({ attributes: [7] })).toContain('attributes[0] is no key and value');
    expect(refusal({ attributes: {} })).toContain('attributes is no array');
    expect(tracesFromJson([])).toMatchObject({ ok: false, error: { message: 'the request is no object' } });
  });

  it('refuses values nested too deep instead of running out of stack', () => {
    let value: unknown = { stringValue: 'bottom' };
    for (let i = 0; i <= MAX_VALUE_DEPTH; i++) value = { arrayValue: { values: [value] } };
    expect(refusal({ attributes: [{ key: 'deep', value }] })).toContain('nested deeper');
  });

  it('refuses what is no JSON and what is no UTF-8', () => {
    expect(parseJsonBytes(new TextEncoder().encode('{'))).toMatchObject({ ok: false });
    expect(parseJsonBytes(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ ok: false });
    expect(parseJsonBytes(new TextEncoder().encode('{}'))).toEqual({ ok: true, value: {} });
  });

  it('leaves defaults out when it writes', () => {
    const result = tracesFromJson(span({ traceId: 'aa', name: 'x' }));
    expect(result.ok && tracesToJson(result.value)).toEqual({
      resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'aa', name: 'x' }] }] }],
    });
  });
});
