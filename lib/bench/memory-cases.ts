/**
 * How much memory the server's process takes beside what it was given: shapes that no one sends but who means harm, at
 * full size and through HTTP, into a server of each budget. What counts is the process's own peak, over what it had
 * once it was warm and held nothing, by the budgets of store and series. Warm: it has answered ordinary requests, the
 * same few spans again and again; the code that was compiled and the room for young objects are no data's.
 */
import { createRandom } from '@/lib/base/random';
import { encodeMetrics } from '@/lib/otlp/encode-metrics';
import { encodeTraces } from '@/lib/otlp/encode-traces';
import type { KeyValue, OtlpSpan } from '@/lib/otlp/types';
import type { BenchCase } from './harness';
import { type BenchServer, startBenchServer, withBundle } from './http-server';
import { idPositions, saltIds } from './spans';

const BUDGETS_MIB = [64, 256, 1024];
const SERIES_MIB = 128;
const SPANS = 2_000_000;
const START = 1_700_000_000_000_000_000n;
/** Requests sent at a time: few enough that none is refused under pressure. */
const AT_ONCE = 8;
const BYTES_AT_ONCE = 6 * 2 ** 20;
const WARM_REQUESTS = 2_000;

interface Shape {
  readonly name: string;
  readonly path?: string;
  readonly requests: number;
  readonly body: Uint8Array;
  /** Where every request differs. */
  readonly positions: readonly number[];
}

function shapes(seed: number, scale: number): Shape[] {
  const random = createRandom(seed);
  const hex = (bytes: number) => {
    let id = '';
    for (let i = 0; i < bytes; i += 4) id += random.nextUint32().toString(16).padStart(8, '0');
    return id;
  };
  const spans = (count: number, make: (i: number) => Partial<OtlpSpan>) =>
    Array.from({ length: count }, (_, i) => ({ ...span(hex(16), hex(8)), ...make(i) }));
  const shape = (name: string, total: number, list: readonly OtlpSpan[], ids: readonly string[]): Shape => {
    const body = request(list);
    return {
      name,
      requests: Math.ceil((total * scale) / list.length),
      body,
      positions: idPositions(body, ids),
    };
  };
  const shared = hex(16);
  const one = spans(2_048, () => ({ traceId: shared }));
  const many = spans(2_048, () => ({}));
  const fat = spans(8, () => ({ attributes: [text('big', 'x'.repeat(1 << 20))] }));
  const marks = Array.from({ length: 1_024 }, () => hex(8));
  const keys = spans(1_024, (i) => ({
    name: `name-${marks[i]}`,
    attributes: [text('node.id', `node-${marks[i]}`), text(`key-${marks[i]}`, 'v')],
  }));
  const both = (list: readonly OtlpSpan[]) => list.flatMap(({ traceId, spanId }) => [traceId, spanId]);
  const metrics = manySeries(marks);
  return [
    shape(
      'one trace',
      SPANS,
      one,
      one.map(({ spanId }) => spanId),
    ),
    shape('a trace a span', SPANS, many, both(many)),
    shape('1 MiB attributes', 1_600, fat, both(fat)),
    shape('new names and keys', SPANS / 4, keys, [...both(keys), ...marks.map(asciiHex)]),
    {
      name: 'new series',
      path: '/v1/metrics',
      requests: Math.ceil(200 * scale),
      body: metrics,
      positions: idPositions(metrics, marks.map(asciiHex)),
    },
  ];
}

function hexOf(i: number, digits: number): string {
  return (i + 1).toString(16).padStart(digits, '0');
}

function asciiHex(text: string): string {
  return Buffer.from(text).toString('hex');
}

function manySeries(marks: readonly string[]): Uint8Array {
  const dataPoints = marks.map((mark) => ({
    attributes: [text('node.id', mark), text('channel.id', `pdata:${mark}`)],
    startTimeUnixNano: BigInt(Date.now()) * 1_000_000n,
    timeUnixNano: BigInt(Date.now()) * 1_000_000n,
    asDouble: 1,
    exemplars: [],
    flags: 0,
  }));
  return encodeMetrics({
    resourceMetrics: [
      {
        resource: {
          attributes: [text('service.name', 'weir-engine'), text('dataflow.pipeline.id', 'main')],
          droppedAttributesCount: 0,
        },
        schemaUrl: '',
        scopeMetrics: [
          {
            scope: undefined,
            schemaUrl: '',
            metrics: [
              {
                name: 'dataflow.channel.depth',
                description: '',
                unit: '',
                metadata: [],
                gauge: { dataPoints },
              },
            ],
          },
        ],
      },
    ],
  });
}

function span(traceId: string, spanId: string): OtlpSpan {
  return {
    traceId,
    spanId,
    traceState: '',
    parentSpanId: '',
    flags: 0,
    name: 's',
    kind: 1,
    startTimeUnixNano: START,
    endTimeUnixNano: START + 1_000n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: undefined,
  };
}

function request(spans: readonly OtlpSpan[]): Uint8Array {
  return encodeTraces({
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', 'adversary')], droppedAttributesCount: 0 },
        scopeSpans: [{ scope: undefined, spans, schemaUrl: '' }],
        schemaUrl: '',
      },
    ],
  });
}

function text(key: string, stringValue: string): KeyValue {
  return { key, value: { stringValue } };
}

async function send(server: BenchServer, { requests, body, positions, path }: Shape): Promise<void> {
  const atOnce = Math.max(1, Math.min(AT_ONCE, Math.floor(BYTES_AT_ONCE / body.length)));
  for (let sent = 0; sent < requests; sent += atOnce) {
    const bodies = Array.from({ length: Math.min(atOnce, requests - sent) }, (_, i) => {
      const copy = body.slice();
      saltIds(copy, positions, sent + i + 1);
      return copy;
    });
    await server.post(bodies, false, path);
  }
}

const inMib = (bytes: number) => Math.round(bytes / 2 ** 20);

const memory: BenchCase = {
  name: 'memory',
  unit: 'peak RSS beyond the baseline, by the budgets',
  async run({ seed, quick }) {
    const all = shapes(seed, quick ? 1 / 16 : 1);
    const ordinary = request(Array.from({ length: 512 }, (_, i) => span(hexOf(i, 32), hexOf(i, 16))));
    const detail: Record<string, unknown> = {};
    let worst = 0;
    await withBundle(async (bundle) => {
      for (const budget of BUDGETS_MIB) {
        const server = await startBenchServer(bundle, 'product', budget);
        try {
          await server.post(
            Array.from({ length: WARM_REQUESTS }, () => ordinary),
            false,
          );
          const { peakRss: baseline } = await server.usage();
          const afterMib: Record<string, object> = {};
          for (const shape of all) {
            await send(server, shape);
            const { rss, heap, arrays } = await server.usage();
            afterMib[shape.name] = { rss: inMib(rss), heap: inMib(heap), arrays: inMib(arrays) };
          }
          const { peakRss } = await server.usage();
          const share = (peakRss - baseline) / ((budget + SERIES_MIB) * 2 ** 20);
          worst = Math.max(worst, share);
          detail[`${budget} MiB`] = {
            share,
            baselineMib: inMib(baseline),
            peakMib: inMib(peakRss),
            afterMib,
          };
        } finally {
          server.stop();
        }
      }
    });
    return {
      median: worst,
      structural: true,
      ci: null,
      peer: null,
      floor: null,
      aa: null,
      samples: BUDGETS_MIB.length,
      detail,
    };
  },
};

export const memoryCases: readonly BenchCase[] = [memory];
