/** The JSON mapping of OTLP: proto3's, with hex ids and integer enums. */
import { newIds, protobufOf, type SpanFields, span, tracesJson } from './messages';
import { fullSuccess, must, post, type Requirement, type Target } from './requirement';

/** Takes the span without complaint; what the receiver then has of it, where it can be asked. */
async function taken(target: Target, fields: Partial<SpanFields>, more: object = {}): Promise<string | null> {
  const ids = newIds();
  const body = JSON.stringify(tracesJson([span({ ...ids, ...fields })], more));
  fullSuccess('traces', 'json', await post(target, 'traces', 'json', body));
  return target.readBack ? target.readBack(String(fields.traceId ?? ids.traceId).toLowerCase()) : null;
}

function mustHold(held: string | null, text: string): void {
  if (held !== null) must(held.includes(text), `${text} did not arrive: ${held.slice(0, 400)}`);
}

export const JSON_REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'json.hex-ids',
    text: 'trace and span ids are hex, in either case, and of one value',
    async check(target) {
      const { traceId, spanId } = newIds();
      mustHold(await taken(target, { traceId, spanId }), spanId);
      const other = newIds();
      const held = await taken(target, {
        traceId: other.traceId.toUpperCase(),
        spanId: other.spanId.toUpperCase(),
      });
      mustHold(held?.toLowerCase() ?? null, other.spanId);
    },
  },
  {
    id: 'json.no-base64-ids',
    text: 'ids in base64, as plain proto3 JSON would have them, are not taken for ids',
    async check(target) {
      const { traceId, spanId } = newIds();
      const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
      const body = JSON.stringify(tracesJson([span({ traceId: base64(traceId), spanId: base64(spanId) })]));
      const answer = await post(target, 'traces', 'json', body);
      const isFull = answer.status === 200 && !answer.body.toString('utf8').includes('partialSuccess');
      must(!isFull, 'they were');
    },
  },
  {
    id: 'json.integer-enums',
    text: 'enums are integers: kind 3, status code 2',
    async check(target) {
      const held = await taken(target, { kind: 3, status: { code: 2, message: 'integer enum' } });
      mustHold(held, '"kind":3');
      mustHold(held, '"code":2');
    },
  },
  {
    id: 'json.int64',
    text: '64-bit integers are taken as decimal strings and as numbers, exactly',
    async check(target) {
      const attributes = [
        { key: 'big', value: { intValue: '9223372036854775807' } },
        { key: 'small', value: { intValue: '-9223372036854775808' } },
        { key: 'number', value: { intValue: 123456 } },
      ];
      const held = await taken(target, { attributes });
      for (const digits of ['9223372036854775807', '-9223372036854775808', '123456'])
        mustHold(held, `"${digits}"`);
      await taken(target, { startTimeUnixNano: Date.now() * 1e6 });
    },
  },
  {
    id: 'json.values',
    text: 'all kinds of attribute values are taken: text, boolean, integer, double, list, map, bytes',
    async check(target) {
      const values = [
        { stringValue: 'text é 漢 \u{1f300}' },
        { boolValue: true },
        { doubleValue: 1.5e-300 },
        { doubleValue: 'NaN' },
        { doubleValue: '-Infinity' },
        { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'two' }] } },
        { kvlistValue: { values: [{ key: 'inner', value: { boolValue: false } }] } },
        { bytesValue: 'AAEC/w==' },
        {},
      ];
      const held = await taken(target, { attributes: values.map((value, i) => ({ key: `k${i}`, value })) });
      for (const text of ['text é 漢 \u{1f300}', '"two"', '"inner"', '"AAEC/w=="', '"NaN"', '"-Infinity"'])
        mustHold(held, text);
    },
  },
  {
    id: 'json.unknown-fields',
    text: 'fields that are not known are ignored, at every depth',
    async check(target) {
      const fields = { fieldOfTomorrow: { deep: [1, { deeper: null }] }, attributes: [] };
      await taken(target, fields, { schemaOfTomorrow: 7 });
    },
  },
  {
    id: 'json.null',
    text: 'null stands for an absent field',
    async check(target) {
      await taken(target, { parentSpanId: null, status: null, attributes: null });
    },
  },
  {
    id: 'protobuf.unknown-fields',
    text: 'fields that are not known are ignored in protobuf too',
    async check(target) {
      const body = protobufOf('traces', tracesJson([span({ fieldOfTomorrow: 'x'.repeat(300) })]));
      fullSuccess('traces', 'protobuf', await post(target, 'traces', 'protobuf', body));
    },
  },
];
