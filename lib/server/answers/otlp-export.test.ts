import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '@/lib/base/random';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import { engineId } from '@/lib/model/engine';
import { encodeTraces } from '@/lib/otlp/encode-traces';
import { tracesFromJson, tracesToJson } from '@/lib/otlp/json-traces';
import { oracle, oraclePlain } from '@/lib/otlp/testing/oracle';
import { createRandomOtlp } from '@/lib/otlp/testing/random-otlp';
import type { OtlpSpan, TracesData } from '@/lib/otlp/types';
import { createSpanStore } from '@/lib/store/create-span-store';
import { otlpExport } from './otlp-export';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SEED = 20_261_123;

/** What is looked for again in the answer, written down apart from the product's own tables. */
const { root } = protobuf.parse(`
syntax = "proto3";
message Traces { repeated ResourceSpans resourceSpans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scopeSpans = 2; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message Resource { repeated Pair attributes = 1; uint32 droppedAttributesCount = 2; }
message Scope { string name = 1; string version = 2; repeated Pair attributes = 3; uint32 droppedAttributesCount = 4; }
message Pair { string key = 1; Value value = 2; }
message Value { oneof value { string stringValue = 1; bool boolValue = 2; int64 intValue = 3; double doubleValue = 4; } }
message Span {
  bytes traceId = 1; bytes spanId = 2; string traceState = 3; bytes parentSpanId = 4; fixed32 flags = 16;
  string name = 5; int32 kind = 6; fixed64 startTimeUnixNano = 7; fixed64 endTimeUnixNano = 8;
  repeated Pair attributes = 9; uint32 droppedAttributesCount = 10; uint32 droppedEventsCount = 12;
  repeated Link links = 13; uint32 droppedLinksCount = 14;
}
message Link { bytes traceId = 1; bytes spanId = 2; string traceState = 3; uint32 droppedAttributesCount = 5; fixed32 flags = 6; }
`);

const SENT = {
  resourceSpans: [
    {
      resource: {
        attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }],
        droppedAttributesCount: 3,
      },
      scopeSpans: [
        {
          scope: {
            name: 'lib',
            version: '1.2',
            attributes: [{ key: 'a', value: { boolValue: true } }],
            droppedAttributesCount: 4,
          },
          spans: [
            {
              traceId: TRACE,
              spanId: 'b7ad6b7169203331',
              traceState: 'vendor=1',
              parentSpanId: '00f067aa0ba902b7',
              flags: 0x301,
              name: 'work',
              kind: 4,
              startTimeUnixNano: '1790000000000000001',
              endTimeUnixNano: '1790000000000000009',
              attributes: [
                { key: 'whole', value: { doubleValue: 5 } },
                { key: 'large', value: { intValue: '9007199254740993' } },
                { key: 'same', value: { intValue: '1' } },
                { key: 'same', value: { stringValue: 'again' } },
              ],
              droppedAttributesCount: 1,
              droppedEventsCount: 2,
              links: [
                {
                  traceId: TRACE,
                  spanId: '00f067aa0ba902b7',
                  traceState: 'x=y',
                  droppedAttributesCount: 6,
                  flags: 1,
                },
              ],
              droppedLinksCount: 5,
            },
          ],
        },
      ],
    },
  ],
};

function newStore() {
  return createSpanStore({
    budgetBytes: 16 << 20,
    clock: createVirtualClock(1_790_000_000_000_000_000n),
    resolveEngine: ({ service }) => engineId(service),
  });
}

async function exported(store: ReturnType<typeof newStore>): Promise<unknown> {
  const stream = await otlpExport(store, TRACE);
  return stream === null ? null : JSON.parse(await new Response(stream).text());
}

describe('the OTLP export of a trace', () => {
  it('tells an independent reader everything that an independent writer sent', async () => {
    const type = root.lookupType('Traces');
    const ids = { bytes: String, longs: String } as const;
    const message = type.fromObject(idsInBase64(SENT) as Record<string, unknown>);
    const store = newStore();
    expect(store.appendTraces(type.encode(message).finish())).toMatchObject({
      ok: true,
      received: 1,
      rejected: 0,
    });
    const back = type.fromObject(idsInBase64(await exported(store)) as Record<string, unknown>);
    expect(type.toObject(back, ids)).toEqual(type.toObject(message, ids));
  });

  it(`gives back spans of every kind as they were sent (seed ${SEED})`, async () => {
    const otlp = createRandomOtlp(createRandom(SEED));
    const store = newStore();
    const sent = new Map<string, unknown>();
    for (let round = 0; round < 300; round++) {
      const data = ownIds(otlp.traces(), round);
      expect(store.appendTraces(encodeTraces(data))).toMatchObject({ ok: true, rejected: 0 });
      for (const [id, line] of linesOf(data)) sent.set(id, line);
    }
    const answer = tracesFromJson(await exported(store));
    expect(answer.ok).toBe(true);
    if (!answer.ok) return;
    expect(sent.size).toBeGreaterThan(300);
    expect(new Map([...linesOf(answer.value)].sort())).toEqual(new Map([...sent].sort()));
  });

  it(`is read by protobufjs on OpenTelemetry's schema as what protobufjs wrote (seed ${SEED + 1})`, async () => {
    const otlp = createRandomOtlp(createRandom(SEED + 1));
    const store = newStore();
    const sent = new Map<string, unknown>();
    for (let round = 0; round < 200; round++) {
      const written = oracle.traces.decode(encodeTraces(ownIds(otlp.traces(), round)));
      expect(store.appendTraces(oracle.traces.encode(written).finish())).toMatchObject({
        ok: true,
        rejected: 0,
      });
      for (const [id, span] of plainSpans(written)) sent.set(id, span);
    }
    const json = idsInBase64(await exported(store)) as Record<string, unknown>;
    expect(sent.size).toBeGreaterThan(200);
    expect(plainSpans(oracle.traces.fromObject(json))).toEqual(new Map([...sent].sort()));
  });

  it('is null for a trace that is not held', async () => {
    expect(await otlpExport(newStore(), TRACE)).toBeNull();
  });

  it('breaks off where the trace leaves while it is being read', async () => {
    const store = newStore();
    const many = ownIds({ resourceSpans: [group(Array.from({ length: 900 }, () => bare()))] }, 1);
    store.appendTraces(encodeTraces(many));
    const stream = await otlpExport(store, TRACE);
    const reader = stream?.getReader();
    await reader?.read();
    for (let round = 2; (await store.traceState(TRACE)) === 'held'; round++) {
      const other = ownIds({ resourceSpans: [group(Array.from({ length: 2_000 }, () => bare()))] }, round);
      store.appendTraces(encodeTraces(inTrace(other, round)));
    }
    await expect(drained(reader)).rejects.toThrow('left the store');
  });
});

/** Ids are hexadecimal in OTLP JSON, where protobuf's own JSON has base64. */
function idsInBase64(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json), (key, value) =>
    /^(trace|span|parentSpan)Id$/.test(key) ? Buffer.from(value, 'hex').toString('base64') : value,
  );
}

interface PlainTraces {
  readonly resourceSpans: readonly {
    readonly resource: unknown;
    readonly scopeSpans: readonly {
      readonly scope: unknown;
      readonly spans: readonly { spanId: string }[];
    }[];
  }[];
}

/** Each span with its resource and scope, in the order of its id; one that is empty is the same as none. */
function plainSpans(message: protobuf.Message): Map<string, unknown> {
  const { resourceSpans } = oraclePlain(oracle.traces, message) as PlainTraces;
  const none = (type: string, value: unknown) =>
    value ?? oraclePlain(oracle.traces.root.lookupType(type), oracle.traces.root.lookupType(type).create());
  const spans = resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans: own }) =>
      own.map((span) => {
        const around = { resource: none('Resource', resource), scope: none('InstrumentationScope', scope) };
        return [span.spanId, { ...around, span }] as const;
      }),
    ),
  );
  return new Map(spans.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function drained(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<void> {
  while (!(await reader?.read())?.done);
}

/** All in one trace, each span with an id of its own. */
function ownIds(data: TracesData, round: number): TracesData {
  let next = 1;
  return mapSpans(data, (span) => ({
    ...span,
    traceId: TRACE,
    spanId: (BigInt(round) * 65_536n + BigInt(next++)).toString(16).padStart(16, '0'),
  }));
}

function inTrace(data: TracesData, round: number): TracesData {
  return mapSpans(data, (span) => ({ ...span, traceId: round.toString(16).padStart(32, '0') }));
}

function mapSpans(data: TracesData, change: (span: OtlpSpan) => OtlpSpan): TracesData {
  return {
    resourceSpans: data.resourceSpans.map((part) => ({
      ...part,
      scopeSpans: part.scopeSpans.map((scope) => ({ ...scope, spans: scope.spans.map(change) })),
    })),
  };
}

/** Every span with its resource and scope, by its id; an empty resource or scope is the same as none. */
function linesOf(data: TracesData): Map<string, unknown> {
  const lines = new Map<string, unknown>();
  for (const { resource, scopeSpans } of data.resourceSpans) {
    for (const { scope, spans } of scopeSpans) {
      for (const span of spans) {
        const one = {
          resourceSpans: [{ resource, schemaUrl: '', scopeSpans: [{ scope, spans: [span], schemaUrl: '' }] }],
        };
        const text = JSON.stringify(tracesToJson(one))
          .replace('"resource":{},', '')
          .replace('"scope":{},', '');
        lines.set(span.spanId, text);
      }
    }
  }
  return lines;
}

function group(spans: OtlpSpan[]): TracesData['resourceSpans'][number] {
  return { resource: undefined, schemaUrl: '', scopeSpans: [{ scope: undefined, spans, schemaUrl: '' }] };
}

function bare(): OtlpSpan {
  return {
    traceId: '',
    spanId: '',
    traceState: '',
    parentSpanId: '',
    flags: 0,
    name: 'work',
    kind: 1,
    startTimeUnixNano: 1_790_000_000_000_000_000n,
    endTimeUnixNano: 1_790_000_000_000_000_000n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: undefined,
  };
}
