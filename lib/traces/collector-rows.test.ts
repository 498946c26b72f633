/** Traces of a real Collector, as trace pages read them: sent to a store, read back with what its events tell. */
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import { engineId } from '@/lib/model/engine';
import { createSpanStore } from '@/lib/store/create-span-store';
import { withDerivedRows } from './collector-store';
import { ALL_ROWS } from './rows-window';
import { traceAnswer } from './trace-answer';
import { createTraceReader } from './trace-reader';
import { traceRows } from './trace-rows';

const T0 = 1_700_000_000_000_000_000n;
const TRACE = '0af7651916cd43dd8448eb211c80319c';

interface SpanText {
  readonly id: string;
  readonly parent?: string;
  readonly name: string;
  readonly us: readonly [number, number];
  readonly kind?: number;
  readonly error?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly events?: readonly (readonly [number, string, Readonly<Record<string, string>>?])[];
}

const nano = (us: number) => String(T0 + BigInt(us) * 1_000n);
const pairs = (record: Readonly<Record<string, string>> = {}) =>
  Object.entries(record).map(([key, text]) => ({
    key,
    value: /^\d+$/.test(text) ? { intValue: text } : { stringValue: text },
  }));

async function read(component: string, kind: string, spans: readonly SpanText[]) {
  const clock = createVirtualClock(T0);
  const sent = createSpanStore({ budgetBytes: 8 << 20, clock, resolveEngine: () => engineId('edge') });
  const body = {
    resourceSpans: [
      {
        resource: { attributes: pairs({ 'service.name': 'edge' }) },
        scopeSpans: [
          {
            scope: {
              name: 'collector',
              attributes: pairs({ 'otelcol.component.id': component, 'otelcol.component.kind': kind }),
            },
            spans: spans.map((span) => ({
              traceId: TRACE,
              spanId: span.id.padEnd(16, '0'),
              parentSpanId: (span.parent ?? '').padEnd(span.parent ? 16 : 0, '0'),
              name: span.name,
              kind: span.kind ?? 1,
              startTimeUnixNano: nano(span.us[0]),
              endTimeUnixNano: nano(span.us[1]),
              attributes: pairs(span.attributes),
              status: span.error === undefined ? {} : { code: 2, message: span.error },
              events: (span.events ?? []).map(([us, name, attributes]) => ({
                timeUnixNano: nano(us),
                name,
                attributes: pairs(attributes),
              })),
            })),
          },
        ],
      },
    ],
  };
  const stored = await sent.append('traces', 'json', new TextEncoder().encode(JSON.stringify(body)));
  if (!stored.ok) throw new Error(stored.message);
  const reader = createTraceReader(withDerivedRows(sent));
  const rows = await traceRows(reader, TRACE, ALL_ROWS);
  const answer = await traceAnswer(reader, TRACE, { actions: [], decision: null });
  if (!rows || !answer) throw new Error('the trace is not held');
  return { rows, answer, reader, sent };
}

const RECEIVED: readonly SpanText[] = [
  { id: 'a1', name: 'POST /v1/traces', us: [0, 800], kind: 2 },
  {
    id: 'a2',
    parent: 'a1',
    name: 'receiver/otlp/TraceDataReceived',
    us: [190, 700],
    attributes: { accepted_spans: '20', refused_spans: '0', failed_spans: '0' },
    events: [
      [245, 'Start processing.', { processor: 'memory_limiter' }],
      [275, 'End processing.', { processor: 'memory_limiter' }],
      [415, 'Start processing.', { processor: 'attributes/tag' }],
      [427, 'End processing.', { processor: 'attributes/tag' }],
      [500, 'Start processing.', { processor: 'never_ends' }],
    ],
  },
];

describe('a batch that a Collector received', () => {
  it('has a row for each processor that its events name, below the receiver, said to be derived', async () => {
    const { rows, answer, reader } = await read('otlp', 'receiver', RECEIVED);
    expect(rows.name).toEqual([
      'POST /v1/traces',
      'receiver/otlp/TraceDataReceived',
      'processor/memory_limiter',
      'processor/attributes/tag',
    ]);
    expect(rows.depth).toEqual([0, 1, 2, 2]);
    expect(rows.startMs.slice(2)).toEqual([0.245, 0.415]);
    expect(rows.durationMs.slice(2).map((ms) => Number(ms.toFixed(6)))).toEqual([0.03, 0.012]);
    expect(rows.node.slice(2)).toEqual(['memory_limiter', 'attributes/tag']);
    expect(rows.marks[2]?.note).toContain('derived');
    expect(rows.marks[1]?.note).not.toContain('derived');
    expect(answer.total).toBe(4);
    const detail = await reader.store.span(TRACE, rows.spanId[2] ?? '');
    expect(detail).toMatchObject({ nodeId: 'memory_limiter', attributes: { 'weir.derived': true } });
  });

  it('has the items that the receiver counted, and the way of the data from one processor to the next', async () => {
    const { answer, rows, sent } = await read('otlp', 'receiver', RECEIVED);
    expect(answer.trace).toMatchObject({ items: 20, waitMs: 0, workMs: 0.8 });
    expect(rows.marks[1]?.note).toBe('20 items');
    const { traces } = await sent.listTraces({ limit: 10, sort: '-start' });
    expect(traces.map(({ items }) => items)).toEqual([20]);
    expect(answer.path.hops.map(({ from, to }) => `${from} > ${to}`)).toEqual([
      'otlp > memory_limiter',
      'memory_limiter > attributes/tag',
    ]);
  });

  it('says that it continues elsewhere, and where to look', async () => {
    const { answer } = await read('otlp', 'receiver', RECEIVED);
    expect(answer.continuation).toEqual({
      direction: 'after',
      fromUnixNano: nano(0),
      toUnixNano: nano(5_000_800),
      search: 'exporter/',
    });
  });
});

const EXPORTED: readonly SpanText[] = [
  { id: 'b1', name: 'exporter/enqueue', us: [0, 40] },
  {
    id: 'b2',
    parent: 'b1',
    name: 'exporter/otlp_http/primary/traces',
    us: [2_040, 9_000],
    error: 'no more retries left: HTTP Status Code 503',
    attributes: { 'items.sent': '0', 'items.failed': '28' },
    events: [
      [2_050, 'Sending request.', { retry_num: '0' }],
      [3_000, 'Exporting failed. Will retry the request after interval.', { interval: '1s', error: '503' }],
      [8_000, 'Sending request.', { retry_num: '1' }],
    ],
  },
  {
    id: 'b3',
    parent: 'b2',
    name: 'HTTP POST',
    us: [2_060, 2_990],
    kind: 3,
    error: '',
    attributes: { 'http.response.status_code': '503' },
  },
  {
    id: 'b4',
    parent: 'b2',
    name: 'HTTP POST',
    us: [8_010, 8_900],
    kind: 3,
    error: '',
    attributes: { 'http.response.status_code': '503' },
  },
];

describe('a batch that a Collector exports', () => {
  it('waits in the sending queue from the end of the enqueue to the start of the export', async () => {
    const { rows, answer } = await read('otlp_http/primary', 'exporter', EXPORTED);
    expect(rows.waitMs[1]).toBeCloseTo(2, 9);
    expect(rows.waitMs.filter((wait) => wait !== null)).toHaveLength(1);
    expect(answer.spans.find(({ name }) => name.startsWith('exporter/otlp'))?.waitMs).toBeCloseTo(2, 9);
  });

  it('counts each moment once: what waits in the queue, and what runs, attempts within their export', async () => {
    const { answer, rows } = await read('otlp_http/primary', 'exporter', EXPORTED);
    expect(answer.trace.waitMs).toBeCloseTo(2, 9);
    expect(answer.trace.workMs).toBeCloseTo(0.04 + 6.96, 9);
    expect(answer.trace.items).toBe(28);
    expect(rows.marks.slice(0, 2).map(({ note }) => note)).toEqual(['enqueue', 'export · 28 items']);
    const [node] = answer.statistics;
    expect(node?.workMs).toBeCloseTo(0.04 + 6.96, 9);
  });

  it('shows its attempts and what each was answered', async () => {
    const { rows } = await read('otlp_http/primary', 'exporter', EXPORTED);
    expect(rows.marks[1]?.events.map(({ label }) => label)).toEqual([
      'Sending request. attempt 1',
      'Exporting failed. Will retry the request after interval. 503 · again after 1s',
      'Sending request. attempt 2',
    ]);
    expect(rows.marks[1]?.message).toContain('HTTP Status Code 503');
    expect(rows.marks.slice(2).map(({ note }) => note)).toEqual([
      'attempt · answered 503',
      'attempt · answered 503',
    ]);
  });

  it('says that it began elsewhere', async () => {
    const { answer } = await read('otlp_http/primary', 'exporter', EXPORTED);
    expect(answer.continuation).toMatchObject({
      direction: 'before',
      toUnixNano: nano(0),
      search: 'receiver/',
    });
  });
});

it('leaves a trace alone that is no Collector’s', async () => {
  const { rows, answer } = await read('', '', [
    { id: 'c1', name: 'GET /', us: [0, 100] },
    { id: 'c2', parent: 'c1', name: 'exporter', us: [10, 20] },
  ]);
  expect(rows.name).toEqual(['GET /', 'exporter']);
  expect(answer.continuation).toBeNull();
});
