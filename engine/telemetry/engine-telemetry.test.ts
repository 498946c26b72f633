import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TAIL_SAMPLING } from '@/lib/sampling/config';
import { type Bench, createBench, layoutOf, pdataOf, plain, settled } from './telemetry.testing';

const LAYOUT = layoutOf('rcv:receiver/otlp > mid:processor/filter > exp:exporter/http');

/** One batch through all three nodes; times in milliseconds. */
interface Journey {
  readonly wait: number;
  readonly work: number;
  readonly fails: boolean;
}

const journeys = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: 50 }),
    work: fc.integer({ min: 0, max: 50 }),
    fails: fc.boolean(),
  }),
  { minLength: 1, maxLength: 20 },
);

function travel(bench: Bench, serial: number, { wait, work, fails }: Journey): void {
  const { hops } = bench.telemetry;
  const pdata = pdataOf(serial);
  const root = hops.beginAdmission(0, pdata);
  hops.opened(pdata.trace);
  let row = root;
  for (const [from, to] of [
    ['rcv', 'mid'],
    ['mid', 'exp'],
  ] as const) {
    const slot = bench.send(from, to, pdata, row);
    if (row === root) hops.outcomeWaitBegins(root);
    else hops.end(row, 'success', '');
    bench.pass(wait);
    row = bench.take(to, pdata, slot);
    bench.pass(work);
  }
  hops.end(row, fails ? 'failure' : 'success', fails ? 'no' : '');
  hops.outcomeWaitEnds(root);
  hops.end(root, fails ? 'refused' : 'success', fails ? 'no' : '');
  hops.resolved(pdata.trace);
}

/** Points of the contract's metrics but those about tracing itself. */
function measured(bench: Bench) {
  return bench.exported.metrics.filter((metric) => !/tracing|sampling|cpu/.test(metric.name));
}

describe('metrics', () => {
  it('are the same in Full and in Tail, bucket by bucket', async () => {
    await fc.assert(
      fc.asyncProperty(journeys, async (plan) => {
        const measuredIn = async (mode: 'full' | 'tail') => {
          const bench = createBench(LAYOUT, { mode });
          for (const [serial, journey] of plan.entries()) {
            travel(bench, serial, journey);
            if (serial % 3 === 0) bench.telemetry.flush();
            await settled();
          }
          bench.telemetry.flush();
          await settled();
          return measured(bench);
        };
        expect(await measuredIn('tail')).toEqual(await measuredIn('full'));
      }),
      { numRuns: 12 },
    );
  });

  it('tell occupancy as the integral of depth, which is the sum of the waits of what left', async () => {
    await fc.assert(
      fc.asyncProperty(journeys, async (plan) => {
        const bench = createBench(LAYOUT);
        for (const [serial, journey] of plan.entries()) travel(bench, serial, journey);
        bench.telemetry.flush();
        await settled();
        const waits = plan.reduce((sum, { wait }) => sum + wait / 1e3, 0);
        for (const metric of bench.exported.metrics) {
          if (metric.name !== 'dataflow.channel.occupancy') continue;
          for (const point of metric.sum?.dataPoints ?? []) expect(point.asDouble ?? 0).toBeCloseTo(waits, 9);
        }
      }),
      { numRuns: 12 },
    );
  });

  it('show a stall while it lasts: occupancy and busy time grow with every report', async () => {
    const bench = createBench(LAYOUT);
    const pdata = pdataOf(1);
    const root = bench.telemetry.hops.beginAdmission(0, pdata);
    const slot = bench.send('rcv', 'mid', pdata, root);
    bench.take('mid', pdata, slot);
    bench.send('rcv', 'mid', pdataOf(2), root);
    const sums = (name: string, key: string, id: string) =>
      bench.exported.metrics
        .filter((metric) => metric.name === name)
        .flatMap((metric) => metric.sum?.dataPoints ?? [])
        .filter((point) => plain(point.attributes)[key] === id)
        .map((point) => point.asDouble ?? Number(point.asInt));
    for (let i = 0; i < 3; i++) {
      bench.pass(250);
      bench.telemetry.flush();
      await settled();
    }
    expect(sums('dataflow.channel.occupancy', 'channel.id', 'pdata:mid')).toEqual([0.25, 0.25, 0.25]);
    expect(sums('dataflow.node.busy', 'node.id', 'mid')).toEqual([0.25, 0.25, 0.25]);
  });

  it('in None are the direct counters alone', async () => {
    const bench = createBench(LAYOUT, { mode: 'none' });
    bench.counters.in.items[0] = 7;
    bench.pass(250);
    bench.telemetry.flush();
    await settled();
    expect(bench.telemetry.hops.recording).toBe(false);
    const names = new Set(bench.exported.metrics.map((metric) => metric.name));
    expect(names).toContain('dataflow.node.items');
    expect(names).toContain('dataflow.channel.depth');
    for (const name of ['dataflow.node.duration', 'dataflow.channel.occupancy', 'dataflow.node.busy']) {
      expect(names).not.toContain(name);
    }
  });
});

describe('the ring', () => {
  it('counts what it overwrites before anybody could send it', async () => {
    const bench = createBench(LAYOUT, { rows: 16 });
    for (let serial = 0; serial < 40; serial++) travel(bench, serial, { wait: 0, work: 0, fails: false });
    bench.telemetry.flush();
    await settled();
    const { spans } = bench.telemetry.stats();
    expect(spans.recorded).toBe(120);
    expect(spans.overwritten).toBeGreaterThan(0);
    expect(spans.kept + spans.dropped + spans.overwritten).toBe(spans.recorded);
  });

  it('ignores and counts calls on a span that has ended', async () => {
    const bench = createBench(LAYOUT);
    const { hops } = bench.telemetry;
    const pdata = pdataOf(1);
    const root = hops.beginAdmission(0, pdata);
    const handle = hops.spanOf(root);
    handle.setAttribute('tenant', 'a').addEvent('looked up', { hit: true });
    hops.end(root, 'success', '');
    handle.setAttribute('tenant', 'b').setAttribute('later', 1);
    bench.telemetry.flush();
    await settled();
    const [span] = bench.exported.spans;
    expect(plain(span?.attributes ?? [])).toMatchObject({ tenant: 'a' });
    expect(plain(span?.attributes ?? [])).not.toHaveProperty('later');
    expect(span?.events.map((event) => [event.name, plain(event.attributes)])).toEqual([
      ['looked up', { hit: true }],
    ]);
    expect(bench.telemetry.stats().spans.late).toBe(2);
  });
});

describe('links', () => {
  it('tell a fan-out: a part’s name, its index, and the splitting span', async () => {
    const bench = createBench(
      layoutOf('rcv:receiver/otlp > fan:processor/fanout > a:exporter/http', 'fan > b:exporter/http'),
    );
    const { hops } = bench.telemetry;
    const pdata = pdataOf(9);
    const root = hops.beginAdmission(0, pdata);
    const fan = bench.take('fan', pdata, bench.send('rcv', 'fan', pdata, root));
    for (const [partIndex, to] of ['a', 'b'].entries()) {
      const part = pdataOf(9, 10, [partIndex + 1], { kind: 'split', span: fan, partIndex, partCount: 2 });
      part.trace = pdata.trace;
      hops.end(bench.take(to, part, bench.send('fan', to, part, fan)), 'success', '');
    }
    hops.end(fan, 'success', '');
    hops.end(root, 'success', '');
    bench.telemetry.flush();
    await settled();
    const splitting = bench.exported.spans.find((span) => span.name === 'processor/fanout/fan');
    const parts = bench.exported.spans.filter((span) => span.links.length > 0);
    expect(parts.map((span) => plain(span.attributes)['pdata.id']).sort()).toEqual([
      'batch-9.1',
      'batch-9.2',
    ]);
    for (const part of parts) {
      expect(part.parentSpanId).toBe(splitting?.spanId);
      expect(part.links[0]?.spanId).toBe(splitting?.spanId);
      expect(plain(part.links[0]?.attributes ?? [])).toMatchObject({
        'link.type': 'split',
        'pdata.part.count': 2,
      });
    }
  });

  it('tell a fan-in: a new trace, its contributors with items and held time, and what absorbed them', async () => {
    const bench = createBench(layoutOf('rcv:receiver/otlp > join:processor/batch > exp:exporter/http'));
    const { hops } = bench.telemetry;
    const rows: number[] = [];
    const absorbed: number[] = [];
    for (const serial of [1, 2]) {
      const pdata = pdataOf(serial);
      const root = hops.beginAdmission(0, pdata);
      const row = bench.take('join', pdata, bench.send('rcv', 'join', pdata, root));
      absorbed.push(hops.absorbed(row));
      rows.push(row);
      hops.end(root, 'success', '');
    }
    bench.pass(20);
    const merged = pdataOf(3, 20);
    const flush = hops.beginFlush(
      1,
      merged,
      2,
      Int32Array.from(rows),
      Float64Array.of(10, 10),
      Float64Array.from(absorbed),
      ['batch-1', 'batch-2'],
    );
    for (const row of rows) hops.absorbedInto(row, 'batch-3');
    hops.end(flush, 'success', '');
    bench.telemetry.flush();
    await settled();
    const { spans } = bench.exported;
    const root = spans.find((span) => plain(span.attributes)['contributors.count'] === 2);
    const contributors = spans.filter((span) => span.events.some((event) => event.name === 'batch_absorbed'));
    expect(root?.parentSpanId).toBe('');
    expect(plain(root?.attributes ?? [])).not.toHaveProperty('channel.wait.ms');
    expect(root?.links.map((link) => link.spanId)).toEqual(contributors.map((span) => span.spanId));
    expect(root?.links.map((link) => plain(link.attributes))).toEqual(
      ['batch-1', 'batch-2'].map((id) => ({
        'link.type': 'merge',
        'pdata.id': id,
        'pdata.items': 10,
        'held.ms': 20,
      })),
    );
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(3);
    expect(plain(contributors[0]?.events[0]?.attributes ?? [])).toEqual({ into: 'batch-3' });
  });
});

describe('export', () => {
  it('keeps what is recent while the server is away, counts the rest, and catches up', async () => {
    const bench = createBench(LAYOUT, { queueBytes: { traces: 4_000, metrics: 1_000_000, logs: 1_000_000 } });
    bench.answer = 'retry';
    for (let serial = 0; serial < 20; serial++) {
      travel(bench, serial, { wait: 1, work: 1, fails: false });
      bench.telemetry.flush();
      await settled();
    }
    expect(bench.telemetry.stats().healthy).toBe(false);
    bench.answer = 'sent';
    for (let i = 0; i < 40; i++) {
      bench.pass(1_000);
      await settled();
    }
    const { spans, export: queues, queuedBytes, healthy } = bench.telemetry.stats();
    expect(healthy).toBe(true);
    expect(queues.traces.lostItems).toBeGreaterThan(0);
    expect(queues.traces.sentItems + queues.traces.lostItems).toBe(spans.kept);
    expect(queuedBytes).toBe(0);
    const ids = bench.exported.spans.map((span) => plain(span.attributes)['pdata.id']);
    expect(ids).toContain('batch-19');
    expect(ids).not.toContain('batch-0');
  });
});

describe('the first requests', () => {
  it('metrics go once the topology went, whatever comes through first', async () => {
    const bench = createBench(LAYOUT);
    bench.answer = 'retry';
    travel(bench, 0, { wait: 1, work: 1, fails: false });
    bench.telemetry.flush();
    await settled();
    expect(bench.telemetry.stats().export.metrics).toMatchObject({ sentRequests: 0, failures: 0 });
    expect(bench.telemetry.stats().export.logs.failures).toBeGreaterThan(0);
    bench.answer = 'sent';
    for (let i = 0; i < 5; i++) {
      bench.pass(1_000);
      await settled();
    }
    const paths = bench.exported.requests.map(({ path }) => path);
    expect(paths).toContain('/v1/metrics');
    expect(paths.indexOf('/v1/logs')).toBeLessThan(paths.indexOf('/v1/metrics'));
    expect(measured(bench).length).toBeGreaterThan(0);
    expect(bench.telemetry.stats().export.metrics.lostItems).toBe(0);
  });
});

describe('control actions', () => {
  const record = {
    action: 'config_update',
    id: 'act-1',
    origin: 'operator',
    revision: 4,
    outcome: 'applied',
    message: '',
    target: 'mid',
    node: 1,
    startNs: 0,
    endNs: 2e6,
    affectedCount: 1,
  } as const;

  it('are told as a log record in every mode, and as a linked span unless it is None', async () => {
    for (const mode of ['none', 'tail', 'full'] as const) {
      const bench = createBench(LAYOUT, { mode });
      const pdata = pdataOf(1);
      const row = mode === 'none' ? -1 : bench.telemetry.hops.beginAdmission(0, pdata);
      bench.telemetry.controlAction({ ...record, affected: [row] });
      bench.telemetry.flush();
      await settled();
      const log = bench.exported.logs.find((each) => each.eventName === 'dataflow.control');
      expect(plain(log?.attributes ?? [])).toMatchObject({
        'control.id': 'act-1',
        'control.outcome': 'applied',
      });
      const span = bench.exported.spans.find((each) => each.name === 'control/config_update/mid');
      expect(span === undefined).toBe(mode === 'none');
      if (span) expect(plain(span.links[0]?.attributes ?? [])).toEqual({ 'link.type': 'control' });
    }
  });
});

describe('a change of mode', () => {
  it('takes effect at the next hop and gives up what was open', async () => {
    const bench = createBench(LAYOUT, { mode: 'full' });
    const { telemetry } = bench;
    telemetry.hops.beginAdmission(0, pdataOf(1));
    telemetry.setTracing('none', DEFAULT_TAIL_SAMPLING);
    expect(telemetry.hops.recording).toBe(false);
    telemetry.setTracing('full', DEFAULT_TAIL_SAMPLING);
    travel(bench, 2, { wait: 1, work: 1, fails: false });
    telemetry.flush();
    await settled();
    expect(bench.exported.spans.map((span) => plain(span.attributes)['pdata.id'])).toEqual(
      Array(3).fill('batch-2'),
    );
    const { spans } = telemetry.stats();
    expect(spans.kept + spans.dropped).toBe(spans.recorded);
  });
});
