/**
 * Weir's engine, an OTAP engine and a hundred Collectors of one service on one host at once, over real HTTP, in virtual
 * time: Collectors that report once a minute, each at a moment of its own, so that the earlier are quiet when the later begin.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVirtualClock, type VirtualClock } from '@/lib/base/virtual-clock';
import type { EngineId } from '@/lib/model/engine';
import { startTestServer, type TestServer } from './testing/test-server';

const COLLECTORS = 100;
const MINUTES = 3;
/** Seconds between reports. */
const WEIR_SECONDS = 5;
const OTAP_SECONDS = 10;
const START_NANO = 1_790_000_000_000_000_000n;

let server: TestServer;
let clock: VirtualClock;
/** What was sent, by signal, to be found again in the ledger. */
const sent = { spans: 0, points: 0 };
/** Items a second that go into the one processor of each, by instance. */
const rateOf = new Map<string, number>();

type Attributes = Readonly<Record<string, string>>;

function attributes(record: Attributes) {
  return Object.entries(record).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

const nowNano = () => START_NANO + BigInt(Math.round(clock.nowNs()));

async function post(signal: 'metrics' | 'traces', body: object): Promise<void> {
  const answer = await fetch(`${server.url}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([answer.status, await answer.text()]).toEqual([200, '{}']);
}

interface Point {
  readonly metric: string;
  readonly of?: Attributes;
  readonly value: number;
  /** Sums: 1 delta, 2 cumulative; gauges have none. */
  readonly temporality?: 1 | 2;
  readonly startNano?: bigint;
}

async function report(resource: Attributes, scope: string, scopeOf: Attributes, points: readonly Point[]) {
  const metrics = points.map(({ metric, of = {}, value, temporality, startNano = START_NANO }) => {
    const dataPoints = [
      {
        attributes: attributes(of),
        startTimeUnixNano: String(startNano),
        timeUnixNano: String(nowNano()),
        asDouble: value,
      },
    ];
    return temporality === undefined
      ? { name: metric, gauge: { dataPoints } }
      : { name: metric, sum: { dataPoints, aggregationTemporality: temporality, isMonotonic: true } };
  });
  sent.points += points.length;
  await post('metrics', {
    resourceMetrics: [
      {
        resource: { attributes: attributes(resource) },
        scopeMetrics: [{ scope: { name: scope, attributes: attributes(scopeOf) }, metrics }],
      },
    ],
  });
}

async function span(resource: Attributes, name: string, n: number) {
  sent.spans++;
  const hex = (value: number, length: number) => value.toString(16).padStart(length, '0');
  const one = {
    traceId: hex(sent.spans, 32),
    spanId: hex(n + 1, 16),
    name,
    kind: 1,
    startTimeUnixNano: String(nowNano() - 1_000_000n),
    endTimeUnixNano: String(nowNano()),
  };
  await post('traces', {
    resourceSpans: [
      {
        resource: { attributes: attributes(resource) },
        scopeSpans: [{ scope: { name: 's' }, spans: [one] }],
      },
    ],
  });
}

const instanceOf = (n: number) => `${String(n).padStart(8, '0')}-4cfe-818e-c0e6dd48911b`;

async function collectorReports(n: number, minute: number): Promise<void> {
  const instance = instanceOf(n);
  const resource = { 'service.name': 'edge', 'service.instance.id': instance, 'host.name': 'one' };
  const items = (n + 1) * (minute + 1);
  rateOf.set(instance, (n + 1) / 60);
  await report(
    resource,
    'go.opentelemetry.io/collector/service',
    {
      'otelcol.component.id': 'batch',
      'otelcol.component.kind': 'processor',
      'otelcol.pipeline.id': 'traces',
      'otelcol.signal': 'traces',
    },
    [
      {
        metric: 'otelcol.processor.consumed.items',
        of: { 'otelcol.component.outcome': 'success' },
        value: items,
        temporality: 2,
      },
    ],
  );
  if (minute === 0) await span(resource, `collector ${n}`, n);
}

async function weirReports(): Promise<void> {
  const resource = {
    'service.name': 'weir-engine',
    'service.instance.id': 'w-1',
    'dataflow.pipeline.id': 'main',
    'host.name': 'one',
  };
  const of = { 'node.id': 'weir-batch', direction: 'in', 'signal.type': 'traces' };
  const startNano = nowNano() - BigInt(WEIR_SECONDS) * 1_000_000_000n;
  await report(resource, 'otel.processor.batch', {}, [
    { metric: 'dataflow.node.items', of, value: 7, temporality: 1, startNano },
  ]);
  rateOf.set('w-1', 7 / WEIR_SECONDS);
  await span(resource, 'weir', sent.spans);
}

async function otapReports(): Promise<void> {
  const resource = { 'service.name': 'otap-edge', 'service.instance.id': 'o-1', 'host.name': 'one' };
  const scopeOf = {
    'pipeline.group.id': 'default',
    'pipeline.id': 'main',
    'core.id': '0',
    'node.id': 'otap-batch',
    'node.urn': 'urn:otel:processor:batch',
    'node.type': 'processor',
  };
  const startNano = nowNano() - BigInt(OTAP_SECONDS) * 1_000_000_000n;
  await report(resource, 'node.consumer', scopeOf, [
    {
      metric: 'consumed.items',
      of: { signal: 'traces', outcome: 'success' },
      value: 11,
      temporality: 1,
      startNano,
    },
  ]);
  rateOf.set('o-1', 11 / OTAP_SECONDS);
}

const engines = () => server.hub.directory.list();

beforeAll(async () => {
  clock = createVirtualClock(START_NANO);
  server = await startTestServer({ storeBudgetBytes: 64 << 20, seriesBudgetBytes: 64 << 20 }, clock);
  for (let second = 0; second < MINUTES * 60; second++) {
    clock.advance(1_000);
    if (second % WEIR_SECONDS === 0) await weirReports();
    if (second % OTAP_SECONDS === 0) await otapReports();
    const minute = Math.floor(second / 60);
    for (let n = 0; n < COLLECTORS; n++) {
      // Each has its own second of the minute.
      if (Math.floor((n * 60) / COLLECTORS) === second % 60) await collectorReports(n, minute);
    }
  }
}, 120_000);
afterAll(() => server.hub.close());

describe('many engines at once', () => {
  it('are each themselves: none mixed, none taken for another’s restart, none missing', () => {
    const list = engines();
    expect(list).toHaveLength(COLLECTORS + 2);
    expect(list.filter(({ incarnation }) => incarnation !== 1)).toEqual([]);
    expect(list.filter(({ connected }) => !connected)).toEqual([]);
    const byDialect = countBy(list.map(({ dialect }) => dialect));
    expect(byDialect).toEqual({ weir: 1, otap: 1, collector: COLLECTORS });
    const collectors = list.filter(({ service }) => service === 'edge').map(({ instance }) => instance);
    expect(new Set(collectors)).toEqual(new Set(Array.from({ length: COLLECTORS }, (_, n) => instanceOf(n))));
  });

  it('have figures and maps of their own alone', () => {
    for (const { id, instance, dialect } of engines()) {
      const map = server.hub.analysis.topology({
        engine: id as EngineId,
        pipeline: null,
        window: '15m',
        atUnixNano: null,
      });
      const own = {
        weir: 'weir-batch',
        otap: 'otap-batch@default/main',
        collector: 'batch@traces',
        spans: '',
      }[dialect];
      expect([id, map.nodes.map((node) => node.id)]).toEqual([id, dialect === 'weir' ? [] : [own]]);
      const { series } = server.hub.analysis.metrics({
        engine: id as EngineId,
        metric: 'node.throughput_in',
        node: null,
        channel: null,
        path: null,
        // The first report of each covers the time since its start, which is less than its interval.
        fromUnixNano: START_NANO + 70_000_000_000n,
        toUnixNano: START_NANO + BigInt(MINUTES * 60) * 1_000_000_000n,
        stepMs: 10_000,
      });
      expect([id, series.map((one) => one.id)]).toEqual([id, [own]]);
      // Of each a rate of its own, so that a point that went astray shows.
      const rates = new Set(
        (series[0]?.values ?? []).filter((value) => value !== null).map((value) => value.toFixed(6)),
      );
      expect([instance, [...rates]]).toEqual([instance, [rateOf.get(instance)?.toFixed(6)]]);
    }
  });

  it('have their traces apart, and a ledger that is exact', async () => {
    const { spans, points } = server.hub.store.ledger();
    expect(spans).toEqual({
      received: sent.spans,
      stored: sent.spans,
      evicted: 0,
      rejected: 0,
      duplicate: 0,
    });
    expect(points.received).toBe(sent.points);
    expect(points.received).toBe(points.stored + points.evicted + points.rejected + points.duplicate);
    for (const { id, service } of engines()) {
      const page = await server.hub.store.listTraces({ engine: id, limit: 500, sort: '-start' });
      const names = new Set(page.traces.map(({ rootName }) => rootName));
      expect([id, names.size]).toEqual([id, service === 'otap-edge' ? 0 : 1]);
    }
  });
});

function countBy(texts: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const text of texts) counts[text] = (counts[text] ?? 0) + 1;
  return counts;
}
