/** Requests of the kind that Weir's engine sends: 512 spans of 64 traces, eight hops each, about 300 B a span. */
import { createRandom, type Random } from '@/lib/base/random';
import { encodeTraces } from '@/lib/otlp/encode-traces';
import type { KeyValue, OtlpSpan, TracesData } from '@/lib/otlp/types';

const HOPS = 8;
const NODES = ['recv', 'router', 'batch', 'filter', 'attrs', 'fanout', 'retry', 'export'];
const START = 1_700_000_000_000_000_000n;

export interface BenchRequest {
  readonly bytes: Uint8Array;
  readonly data: TracesData;
}

/** Every request has trace and span ids of its own. */
export function benchRequest(random: Random, sequence: number, spans = 512): BenchRequest {
  const traces = Math.ceil(spans / HOPS);
  const byNode: OtlpSpan[][] = NODES.map(() => []);
  for (let t = 0; t < traces; t++) {
    const traceId = hex(random, 16);
    let parent = '';
    for (let hop = 0; hop < HOPS && t * HOPS + hop < spans; hop++) {
      const spanId = hex(random, 8);
      byNode[hop]?.push(benchSpan(random, traceId, spanId, parent, hop, sequence * traces + t));
      parent = spanId;
    }
  }
  const data: TracesData = {
    resourceSpans: [
      {
        resource: {
          attributes: [text('service.name', 'weir-engine'), text('service.instance.id', 'i-1')],
          droppedAttributesCount: 0,
        },
        scopeSpans: NODES.map((node, hop) => ({
          scope: {
            name: 'otel.processor.bench',
            version: '',
            attributes: [text('otelcol.component.id', node)],
            droppedAttributesCount: 0,
          },
          spans: byNode[hop] ?? [],
          schemaUrl: '',
        })),
        schemaUrl: '',
      },
    ],
  };
  return { data, bytes: encodeTraces(data) };
}

export function benchRequests(count: number, seed: number, spans = 512): BenchRequest[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => benchRequest(random, i, spans));
}

/** Where ids stand in a request, so that `saltIds` can change them. */
export function idPositions(bytes: Uint8Array, ids: readonly string[]): number[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const positions: number[] = [];
  for (const id of new Set(ids)) {
    const needle = Buffer.from(id, 'hex');
    for (let at = buffer.indexOf(needle); at >= 0; at = buffer.indexOf(needle, at + 1)) positions.push(at);
  }
  return positions;
}

/**
 * Mixes `salt` into the first bytes of each id, parents alike, so that one request can be stored again and again as
 * new spans. Salts add up: from round a to round b it is `a ^ b`.
 */
export function saltIds(bytes: Uint8Array, positions: readonly number[], salt: number): void {
  for (const at of positions) {
    bytes[at] = (bytes[at] as number) ^ (salt & 0xff);
    bytes[at + 1] = (bytes[at + 1] as number) ^ ((salt >>> 8) & 0xff);
    bytes[at + 2] = (bytes[at + 2] as number) ^ ((salt >>> 16) & 0xff);
  }
}

function benchSpan(
  random: Random,
  traceId: string,
  spanId: string,
  parentSpanId: string,
  hop: number,
  batch: number,
): OtlpSpan {
  const start = START + BigInt(batch) * 1_000_000n + BigInt(hop * 40_000);
  return {
    traceId,
    spanId,
    traceState: '',
    parentSpanId,
    flags: 0,
    name: `processor/bench/${NODES[hop]}`,
    kind: hop === 0 ? 2 : 1,
    startTimeUnixNano: start,
    endTimeUnixNano: start + BigInt(Math.floor(random.next() * 1e6)),
    attributes: [
      text('node.id', NODES[hop] as string),
      text('signal.type', 'logs'),
      text('pdata.id', `batch-${batch}`),
      { key: 'pdata.batch.size', value: { intValue: 512n } },
      { key: 'latency.ms', value: { doubleValue: random.next() } },
      { key: 'channel.wait.ms', value: { doubleValue: random.next() } },
      { key: 'channel.queue_depth', value: { intValue: BigInt(hop) } },
      text('out.port', 'default'),
    ],
    droppedAttributesCount: 0,
    events: [{ timeUnixNano: start, name: 'port_selected', attributes: [], droppedAttributesCount: 0 }],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: random.next() < 0.02 ? { code: 2, message: 'refused' } : undefined,
  };
}

function text(key: string, stringValue: string): KeyValue {
  return { key, value: { stringValue } };
}

function hex(random: Random, bytes: number): string {
  let id = '';
  for (let i = 0; i < bytes; i += 4) id += random.nextUint32().toString(16).padStart(8, '0');
  return id;
}
