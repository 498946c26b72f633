import { describe, expect, it } from 'vitest';
import { createRandom } from '@/lib/base/random';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import { encodeMetrics } from '@/lib/otlp/encode-metrics';
import type { MetricsData } from '@/lib/otlp/types';
import { createSpanStore } from './create-span-store';
import { sortedOrder } from './sort-rows';
import type { SpanStore } from './span-store';
import { logRequest, request, T0, type TestSpan, text, traceId } from './testing/spans';
import { testStore } from './testing/test-store';

const SEED = Number(process.env.WEIR_FUZZ_SEED ?? 31);

/** A store whose slices end where the test says so. */
function slicedStore(between: (store: SpanStore) => void, budgetBytes = 16 * 2 ** 20) {
  const store = testStore({
    budgetBytes,
    sliceItems: 16,
    pause: async () => between(store),
  });
  return store;
}

function spansOf(count: number, first = 0): TestSpan[] {
  return Array.from({ length: count }, (_, i) => ({
    trace: Math.floor((first + i) / 7),
    span: first + i,
    ...(i % 7 === 0 ? {} : { parent: first + i - 1 }),
    node: `node-${i % 5}`,
    startMs: i / 10,
    items: i,
    padding: 50,
  }));
}

describe('a large request', () => {
  it('is stored slice by slice, with the ledger equal in between, and answered when all is stored', async () => {
    const stored: number[] = [];
    const store = slicedStore(() => {
      store.check();
      stored.push(store.ledger().spans.stored);
    });
    const spans = spansOf(200);
    const answer = store.append('traces', 'protobuf', request(spans));
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toEqual({ ok: true, received: 200, rejected: 0, message: '' });
    expect(new Set(stored)).toEqual(new Set(Array.from({ length: 13 }, (_, i) => 16 * i)));
    const whole = testStore();
    whole.take(spans);
    const query = { limit: 100, sort: 'start' } as const;
    expect(await store.listTraces(query)).toEqual(await whole.listTraces(query));
    expect(await store.traceSpans(traceId(3), 0, 100)).toEqual(await whole.traceSpans(traceId(3), 0, 100));
  });

  it('leaves nothing behind where its end is malformed', async () => {
    const store = slicedStore(() => store.check());
    const bytes = request(spansOf(200));
    const broken = bytes.slice(0, bytes.length - 3);
    // The outer length still says what it was, so only the walk's end finds that it is not there.
    expect(await store.append('traces', 'protobuf', broken)).toMatchObject({ ok: false });
    const nested = bytes.slice();
    nested.fill(0xff, nested.length - 60, nested.length - 50);
    expect(await store.append('traces', 'protobuf', nested)).toMatchObject({ ok: false });
    expect(store.ledger().spans.received).toBe(0);
    expect(store.stats().traces).toBe(0);
  });

  it('lets others in between its slices, also those that make it leave', async () => {
    let others = 0;
    const store = slicedStore(
      () => {
        if (others < 4_000) store.take(spansOf(100, 100_000 + others));
        others += 100;
      },
      2 * 2 ** 20,
    );
    const answer = await store.append('traces', 'protobuf', request(spansOf(3_000)));
    expect(answer).toEqual({ ok: true, received: 3_000, rejected: 0, message: '' });
    store.check();
    expect(store.ledger().spans.received).toBe(3_000 + Math.min(others, 4_000));
    expect(store.ledger().spans.evicted).toBeGreaterThan(0);
  });

  it('tells named log records of every slice to whoever listens', async () => {
    const heard: string[] = [];
    const store = createSpanStore({
      budgetBytes: 4 * 2 ** 20,
      clock: createVirtualClock(T0),
      sliceItems: 8,
      resolveEngine: ({ service }) => service as never,
      onLogs: (_engine, _resource, part) =>
        heard.push(
          ...part.scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ eventName }) => eventName)),
        ),
    });
    const logs = Array.from({ length: 40 }, (_, i) => ({
      trace: i,
      span: i,
      ...(i % 2 ? { event: `e${i}` } : {}),
    }));
    await store.append('logs', 'protobuf', logRequest(logs));
    expect(heard).toEqual(logs.flatMap(({ event }) => event ?? []));
    expect(store.ledger().logRecords).toMatchObject({ received: 40, stored: 40 });
  });
});

describe('a large request of metrics', () => {
  /** Many points in one metric, and many metrics of one. */
  const data: MetricsData = {
    resourceMetrics: ['a', 'b'].map((service) => ({
      resource: { attributes: text('service.name', service), droppedAttributesCount: 0 },
      schemaUrl: '',
      scopeMetrics: [[900], Array.from({ length: 700 }, () => 1)].map((sizes) => ({
        scope: undefined,
        schemaUrl: '',
        metrics: sizes.map((size, m) => ({
          name: `m${m}`,
          description: '',
          unit: '',
          metadata: [],
          gauge: {
            dataPoints: Array.from({ length: size }, (_, i) => ({
              attributes: text('which', `${i}`),
              startTimeUnixNano: 0n,
              timeUnixNano: T0,
              flags: 0,
              asDouble: i,
              exemplars: [],
            })),
          },
        })),
      })),
    })),
  };
  const heardBy = (wholeMetricBytes: number, pause?: () => Promise<void>) => {
    const heard: string[] = [];
    const store = testStore({
      wholeMetricBytes,
      ...(pause ? { pause } : {}),
      onMetrics(engine, _resource, { scopeMetrics }) {
        let stored = 0;
        for (const { metrics } of scopeMetrics)
          for (const { name, gauge } of metrics)
            for (const point of gauge?.dataPoints ?? []) {
              heard.push(`${engine} ${name} ${point.asDouble}`);
              stored++;
            }
        return { stored, duplicate: 0 };
      },
    });
    return { store, heard };
  };

  it('is handed over piece by piece, with the ledger equal in between: the same points in the same order', async () => {
    const bytes = encodeMetrics(data);
    const whole = heardBy(bytes.length);
    expect(await whole.store.append('metrics', 'protobuf', bytes)).toMatchObject({ received: 3_200 });
    const counts = new Set<number>();
    const cut = heardBy(1_000, async () => {
      cut.store.check();
      counts.add(cut.store.ledger().points.received);
    });
    expect(await cut.store.append('metrics', 'protobuf', bytes)).toMatchObject({ ok: true, received: 3_200 });
    cut.store.check();
    expect(cut.heard).toEqual(whole.heard);
    expect(counts.size).toBeGreaterThan(6);
  });

  it('leaves nothing behind where its end is malformed', async () => {
    const bytes = encodeMetrics(data).slice();
    bytes.fill(0xff, bytes.length - 12, bytes.length - 6);
    const { store, heard } = heardBy(1_000);
    expect(await store.append('metrics', 'protobuf', bytes)).toMatchObject({ ok: false });
    expect(heard).toEqual([]);
    expect(store.ledger().points.received).toBe(0);
  });
});

it(`sorts as one sort would, with pauses (seed ${SEED})`, async () => {
  const random = createRandom(SEED);
  for (const length of [0, 1, 5, 4_096, 4_097, 20_000, 50_001]) {
    const keys = Float64Array.from({ length }, () => Math.floor(random.next() * 1_000));
    let pauses = 0;
    const order = await sortedOrder(keys, async () => void pauses++);
    const plain = Array.from(keys.keys()).sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
    expect(Array.from(order)).toEqual(plain);
    if (length > 20_000) expect(pauses).toBeGreaterThan(10);
  }
});
