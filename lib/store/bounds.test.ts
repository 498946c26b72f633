import { describe, expect, it } from 'vitest';
import { createRandom } from '@/lib/base/random';
import { logRequest, request, spanId, T0, type TestSpan, traceId } from './testing/spans';
import { testStore } from './testing/test-store';

const MIB = 2 ** 20;

function one(trace: number, more: Partial<TestSpan> = {}): TestSpan {
  return { trace, span: trace, startMs: trace, node: 'exp', padding: 300, ...more };
}

function batches(count: number, size: number, make: (i: number) => TestSpan): TestSpan[][] {
  return Array.from({ length: Math.ceil(count / size) }, (_, b) =>
    Array.from({ length: Math.min(size, count - b * size) }, (_, i) => make(b * size + i)),
  );
}

describe('a full store', () => {
  it('lets whole traces go, oldest first, and remembers their ids', async () => {
    const store = testStore({ budgetBytes: 2 * MIB });
    for (const spans of batches(6_000, 100, (i) => one(Math.floor(i / 3), { span: i }))) store.take(spans);
    const { spans } = store.ledger();
    expect(spans).toMatchObject({ received: 6_000, rejected: 0, duplicate: 0 });
    expect(spans.evicted).toBeGreaterThan(1_000);
    const { traces, total } = await store.listTraces({ limit: 1_000, sort: '-start' });
    expect(traces.every((trace) => trace.spanCount === 3)).toBe(true);
    expect(total).toBe(spans.stored / 3);
    // But for the few that are kept as samples, what is held is one run up to the newest.
    const held = traces.map((trace) => Number(BigInt(trace.startUnixNano) - T0) / 1e6);
    const gaps = held.filter((at, i) => i > 0 && at !== (held[i - 1] as number) - 1);
    expect(gaps.length).toBeLessThanOrEqual(4);
    expect(held[0]).toBe(1_999);
    expect(await store.traceState(traceId(5))).toBe('evicted');
    expect(await store.traceState(traceId(1_999))).toBe('held');
    expect(await store.traceState(traceId(77_777))).toBe('unknown');
    expect(await store.traceState('no id')).toBe('unknown');
    expect(await store.traceSummary(traceId(5))).toBeNull();
    expect(await store.traceColumns(traceId(5))).toBeNull();
  });

  it('forgets evicted ids past the bound', async () => {
    const store = testStore({ budgetBytes: 2 * MIB, evictedMemory: 300 });
    for (const spans of batches(6_000, 100, (i) => one(i))) store.take(spans);
    expect(await store.traceState(traceId(5))).toBe('unknown');
    const states = await Promise.all(Array.from({ length: 6_000 }, (_, i) => store.traceState(traceId(i))));
    const remembered = states.filter((state) => state === 'evicted').length;
    expect(remembered).toBeGreaterThanOrEqual(150);
    expect(remembered).toBeLessThanOrEqual(300);
  });

  it('keeps traces with errors, cited ones and samples of each path longer than others', async () => {
    const store = testStore({ budgetBytes: 2 * MIB });
    store.cite([traceId(21)]);
    for (const spans of batches(8_000, 100, (i) => one(i, i % 100 === 7 ? { error: 'refused' } : {})))
      store.take(spans);
    expect(await store.traceState(traceId(7))).toBe('held');
    expect(await store.traceState(traceId(21))).toBe('held');
    expect(await store.traceState(traceId(8_000 - 93))).toBe('held');
    expect(await store.traceState(traceId(507))).toBe('held');
    expect(await store.traceState(traceId(508))).toBe('evicted');
    expect((await store.traceSpans(traceId(7), 0, 10))[0]).toMatchObject({
      statusMessage: 'refused',
      nodeId: 'exp',
    });
    const coverage = await store.coverage(T0, T0 + 8_000_000_000n, 8);
    expect(coverage.traces.reduce((a, b) => a + b)).toBe(store.stats().traces);
    expect(coverage.kept[0]).toBe(coverage.traces[0]);
    expect(coverage.kept[0]).toBeGreaterThan(9);
    // A late span of a kept trace is joined to it.
    store.take([{ trace: 7, span: 9_999, parent: 7 }]);
    expect(await store.traceSummary(traceId(7))).toMatchObject({ spanCount: 2, status: 'error' });
  });

  it('does not let a noisy source push out a quiet one', async () => {
    const store = testStore({ budgetBytes: 4 * MIB });
    store.take(Array.from({ length: 200 }, (_, i) => one(100_000 + i, { service: 'quiet' })));
    for (const spans of batches(12_000, 200, (i) => one(i))) store.take(spans);
    expect((await store.listTraces({ engine: 'quiet', limit: 1, sort: 'start' })).total).toBe(200);
    expect(store.ledger().spans.evicted).toBeGreaterThan(2_000);
  });

  it('cuts a trace that would take half of it, and says so', async () => {
    const store = testStore({ budgetBytes: 2 * MIB });
    for (const spans of batches(5_000, 100, (i) => ({ trace: 1, span: i, padding: 300 }))) store.take(spans);
    const summary = await store.traceSummary(traceId(1));
    const { stored, evicted } = store.ledger().spans;
    expect(summary).toMatchObject({ spanCount: stored, cutSpans: evicted });
    expect(stored).toBeGreaterThan(1_000);
    store.take([one(2)]);
    expect(await store.traceState(traceId(2))).toBe('held');
  });

  it('drops a single span that would not fit, and counts it', () => {
    const store = testStore({ budgetBytes: 2 * MIB });
    store.take([one(1, { padding: 1.5 * MIB })]);
    expect(store.ledger().spans).toMatchObject({ received: 1, stored: 0, evicted: 1 });
  });

  it('stays within its bytes under adversarial shapes', async () => {
    const random = createRandom(5);
    const store = testStore({ budgetBytes: 4 * MIB });
    let next = 0;
    const shapes: ((i: number) => TestSpan)[] = [
      (i) => ({ trace: i, span: i }),
      (i) => ({ trace: 1, span: i }),
      (i) => ({ trace: i, span: i, name: `name-${i}`, node: `node-${i}`, batch: `b-${i}`, signal: `s-${i}` }),
      (i) => ({ trace: i, span: i, service: `service-${i % 500}` }),
      (i) => ({ trace: i, span: i, padding: i % 20 === 0 ? 100_000 : 10 }),
      (i) => ({
        trace: i,
        span: i,
        links: Array.from({ length: 20 }, (_, k) => ({ trace: i + k - 10, span: 1 })),
      }),
      (i) => ({ trace: i, span: i, error: 'all fail', policy: `policy-${i}` }),
      (i) => ({ trace: 3 + (i % 40), span: i, control: `c-${i}` }),
    ];
    for (let round = 0; round < 100; round++) {
      const shape = shapes[Math.floor(random.next() * shapes.length)] as (i: number) => TestSpan;
      store.take(Array.from({ length: 100 }, () => shape(next++)));
      store.appendLogs(
        logRequest(
          Array.from({ length: 20 }, () =>
            random.next() < 0.5 ? { trace: next, span: 1 } : { padding: 200 },
          ),
        ),
      );
    }
    const page = await store.listTraces({ limit: 1_000, sort: '-start' });
    expect(page.total).toBe(store.stats().traces);
    for (const { traceId: id, spanCount } of page.traces.slice(0, 300)) {
      const spans = await store.traceSpans(id, 0, 2_000);
      expect(spans.length).toBe(Math.min(spanCount, 2_000));
    }
    expect(store.ledger().logRecords.received).toBe(2_000);
  });
});

describe('what arrives', () => {
  it('is refused span by span where ids are bad, with the count', () => {
    const store = testStore();
    const bad = { ...one(1), trace: 1 };
    const bytes = request([bad, one(2)]);
    const at = bytes.indexOf(0x0a, bytes.lastIndexOf(0x12)); // somewhere inside: broken requests must not throw
    bytes[at] = 0x0b;
    expect(store.appendTraces(bytes).ok).toBeTypeOf('boolean');
    const empty = store.appendTraces(new Uint8Array(0));
    expect(empty).toEqual({ ok: true, received: 0, rejected: 0, message: '' });
    const json = new TextEncoder().encode(
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'ab', spanId: 'cd' }] }] }] }),
    );
    expect(store.appendTracesJson(json)).toMatchObject({ ok: true, received: 1, rejected: 1 });
    expect(store.ledger().spans.rejected).toBe(1);
  });

  it('leaves nothing behind where a request is malformed at its end', () => {
    const store = testStore();
    const bytes = request([one(1), one(2), one(3)]);
    expect(store.appendTraces(bytes.subarray(0, bytes.length - 3))).toMatchObject({ ok: false });
    expect(store.ledger().spans.received).toBe(0);
    expect(store.stats().spans).toBe(0);
  });

  it('joins late spans, and shows those whose parent never came', async () => {
    const store = testStore();
    store.take([{ trace: 1, span: 2, parent: 1, startMs: 5 }]);
    expect(await store.traceSummary(traceId(1))).toMatchObject({ rootMissing: true, spanCount: 1 });
    expect((await store.span(traceId(1), spanId(2)))?.orphan).toBe(true);
    store.take([{ trace: 1, span: 1, startMs: 0, durationMs: 20, batch: 'batch-1' }]);
    expect(await store.traceSummary(traceId(1))).toMatchObject({
      rootMissing: false,
      batchId: 'batch-1',
      durationMs: 20,
    });
    expect((await store.span(traceId(1), spanId(2)))?.orphan).toBe(false);
  });

  it('shows log records with ids as events of their span, by the contract’s names', async () => {
    const store = testStore();
    store.appendLogs(
      logRequest([
        { trace: 1, span: 1, timeMs: 3, event: 'otelcol.node.ack' },
        { trace: 1, span: 1, timeMs: 2 },
        { event: 'dataflow.control' },
      ]),
    );
    expect(await store.traceState(traceId(1))).toBe('unknown');
    store.take([one(1)]);
    const span = await store.span(traceId(1), spanId(1));
    expect(span?.events.map(({ name, encoding }) => [name, encoding])).toEqual([
      ['INFO', 'log_record'],
      ['control/ack', 'log_record'],
    ]);
    expect(await store.traceSummary(traceId(1))).toMatchObject({ spanCount: 1 });
    expect(store.ledger().logRecords).toMatchObject({ received: 3, stored: 3 });
  });

  it('arrives at the same rows from JSON', async () => {
    const { tracesToJson } = await import('@/lib/otlp/json-traces');
    const { tracesData } = await import('./testing/spans');
    const spans = [
      one(1, { links: [{ trace: 2, span: 2, type: 'merge' }], items: 7 }),
      one(2, { error: 'x' }),
    ];
    const [wire, json] = [testStore(), testStore()];
    wire.take(spans);
    json.appendTracesJson(new TextEncoder().encode(JSON.stringify(tracesToJson(tracesData(spans)))));
    expect(await json.listTraces({ limit: 10, sort: 'start' })).toEqual(
      await wire.listTraces({ limit: 10, sort: 'start' }),
    );
    expect(await json.traceSpans(traceId(1), 0, 10)).toEqual(await wire.traceSpans(traceId(1), 0, 10));
  });

  it('tells the observer of each stored span once, with its parent’s node', () => {
    const heard: unknown[] = [];
    const store = testStore({
      observer: { listens: () => true, onSpan: (engine, span) => void heard.push({ engine, ...span }) },
    });
    const spans = [
      one(1, { batch: 'b', items: 5, waitMs: 2, signal: 'logs', durationMs: 4, blockedMs: 1 }),
      { trace: 1, span: 9, parent: 1, node: 'next', startMs: 2 },
    ];
    store.take(spans);
    store.appendTraces(request(spans));
    const t0 = Number(T0) / 1e6;
    expect(heard).toEqual([
      {
        ...{ engine: 'engine', node: 'exp', parentNode: '', signal: 'logs', status: 0, items: 5 },
        ...{ startMs: t0 + 1, durationMs: 4, waitMs: 2, blockedMs: 1, workMs: 3 },
      },
      {
        ...{ engine: 'engine', node: 'next', parentNode: 'exp', signal: '', status: 0, items: Number.NaN },
        ...{ startMs: t0 + 2, durationMs: 1, waitMs: Number.NaN, blockedMs: Number.NaN, workMs: 1 },
      },
    ]);
  });
});

describe('the change feed', () => {
  it('tells each changed trace once, newest change first, and how many more', () => {
    const store = testStore();
    const { mark } = store.changedSince(0, 10);
    store.take([one(1), one(2), one(3, { service: 'other' })]);
    store.take([{ trace: 1, span: 50, parent: 1 }]);
    const feed = store.changedSince(mark, 2);
    expect(feed.traces.map((trace) => trace.traceId)).toEqual([traceId(1), traceId(3)]);
    expect(feed).toMatchObject({ more: 1, total: 3 });
    expect(store.changedSince(feed.mark, 2)).toMatchObject({ traces: [], more: 0 });
    expect(store.changedSince(mark, 5, 'other')).toMatchObject({
      traces: [{ traceId: traceId(3) }],
      more: 0,
      total: 1,
    });
    expect(store.changedSince(mark, 5, 'nobody')).toMatchObject({ traces: [], total: 0 });
  });
});

describe('metric points', () => {
  it('are counted by what the series store tells, and add up', async () => {
    const { encodeMetrics } = await import('@/lib/otlp/encode-metrics');
    const store = testStore({ onMetrics: () => ({ stored: 2, duplicate: 1, ignored: 1 }) });
    const point = {
      attributes: [],
      startTimeUnixNano: 0n,
      timeUnixNano: 1n,
      flags: 0,
      asInt: 1n,
      exemplars: [],
    };
    const bytes = encodeMetrics({
      resourceMetrics: [
        {
          resource: undefined,
          schemaUrl: '',
          scopeMetrics: [
            {
              scope: undefined,
              schemaUrl: '',
              metrics: [
                {
                  name: 'm',
                  description: '',
                  unit: '',
                  metadata: [],
                  gauge: { dataPoints: [point, point, point, point, point] },
                },
              ],
            },
          ],
        },
      ],
    });
    expect(store.appendMetrics(bytes)).toMatchObject({ ok: true, received: 5, rejected: 1 });
    store.notePointsEvicted(1);
    store.check();
    expect(store.ledger().points).toEqual({ received: 5, stored: 1, evicted: 2, rejected: 1, duplicate: 1 });
  });
});
