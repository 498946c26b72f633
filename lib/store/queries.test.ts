import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '@/lib/base/random';
import type { TraceQuery } from '@/lib/model/trace-query';
import { bruteForce } from './testing/brute-force';
import { request, spanId, T0, type TestSpan, traceId } from './testing/spans';
import { testStore } from './testing/test-store';

const ROUNDS = Number(process.env.WEIR_FUZZ_STORE ?? 30);
const SEED = Number(process.env.WEIR_FUZZ_SEED ?? 4_711);

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random.next() * list.length)] as T;
}

function maybe<T>(random: Random, value: T, share = 0.5): T | undefined {
  return random.next() < share ? value : undefined;
}

function randomSpan(random: Random, traces: number): TestSpan {
  const below = (n: number) => Math.floor(random.next() * n);
  const trace = below(traces);
  const parent = maybe(random, below(12), 0.7);
  return {
    trace,
    span: trace * 1000 + below(12),
    parent: parent === undefined ? undefined : trace * 1000 + parent,
    service: pick(random, ['engine', 'quiet']),
    node: maybe(random, pick(random, ['recv', 'batch', 'retry', 'exp-slow']), 0.9),
    name: pick(random, ['receiver/otlp/recv', 'processor/batch/batch', 'Exporter/HTTP/exp-slow']),
    startMs: below(1000) / 4,
    durationMs: below(400) / 8,
    waitMs: maybe(random, below(80) / 8),
    blockedMs: maybe(random, below(80) / 8, 0.3),
    outcomeMs: maybe(random, below(80) / 8, 0.2),
    latencyMs: maybe(random, below(80) / 8, 0.3),
    items: maybe(random, below(5000)),
    batch: maybe(random, `batch-${below(60)}`),
    signal: maybe(random, pick(random, ['logs', 'metrics', 'traces', 'profiles'])),
    policy: maybe(random, pick(random, ['errors', 'slow']), 0.1),
    control: maybe(random, `act-${below(3)}`, 0.05),
    error: maybe(random, pick(random, ['Refused by peer', 'timeout']), 0.1),
    links: maybe(
      random,
      Array.from({ length: 1 + below(3) }, () => ({
        trace: below(traces + 5),
        span: below(traces * 1000),
        type: pick(random, ['merge', 'split', 'odd']),
      })),
      0.15,
    ),
  };
}

function randomQuery(random: Random, traces: number): TraceQuery {
  const below = (n: number) => Math.floor(random.next() * n);
  return {
    engine: maybe(random, pick(random, ['engine', 'quiet', 'nobody']), 0.2),
    node: maybe(random, [pick(random, ['recv', 'batch', 'none']), 'retry'].slice(below(2)), 0.2),
    signal: maybe(random, [pick(random, ['logs', 'metrics', 'profiles', 'none'])], 0.2),
    status: maybe(random, pick(random, ['ok', 'error'] as const), 0.2),
    minDurationMs: maybe(random, below(200), 0.2),
    maxDurationMs: maybe(random, below(300), 0.2),
    fromUnixNano: maybe(random, T0 + BigInt(below(250)) * 1_000_000n, 0.2),
    toUnixNano: maybe(random, T0 + BigInt(below(250)) * 1_000_000n, 0.2),
    q: maybe(
      random,
      pick(random, ['batch-1', 'EXP-', 'peer', 'http', traceId(below(traces)).slice(0, 3), 'zzz']),
      0.3,
    ),
    policy: maybe(random, pick(random, ['errors', 'slow', 'none']), 0.1),
    control: maybe(random, `act-${below(4)}`, 0.1),
    limit: 1 + below(20),
    sort: pick(random, ['start', '-start', 'duration', '-duration'] as const),
  };
}

describe('queries', () => {
  it(`answer as brute force does, page by page (seed ${SEED})`, async () => {
    const random = createRandom(SEED);
    for (let round = 0; round < ROUNDS; round++) {
      const traces = 1 + Math.floor(random.next() * 40);
      const store = testStore();
      const sent: TestSpan[] = [];
      for (let request_ = 0; request_ < 6; request_++) {
        const spans = Array.from({ length: Math.floor(random.next() * 40) }, () =>
          randomSpan(random, traces),
        );
        // A request is stored a resource at a time.
        sent.push(
          ...[...new Set(spans.map((span) => span.service))].flatMap((service) =>
            spans.filter((span) => span.service === service),
          ),
        );
        store.appendTraces(request(spans));
      }
      const expected = bruteForce(sent);
      const held = expected.summaries();
      expect(store.ledger().spans).toMatchObject({
        received: sent.length,
        stored: held.reduce((sum, each) => sum + each.spanCount, 0),
      });
      for (let k = 0; k < 20; k++) {
        const query = randomQuery(random, traces);
        const all = expected.list(query);
        const got = [];
        let cursor: string | undefined;
        do {
          const page = await store.listTraces({ ...query, ...(cursor === undefined ? {} : { cursor }) });
          expect(page.total, `round ${round} ${JSON.stringify(query, bigints)}`).toBe(all.length);
          got.push(...page.traces);
          cursor = page.nextCursor ?? undefined;
        } while (cursor !== undefined);
        expect(got, `round ${round} ${JSON.stringify(query, bigints)}`).toEqual(all);
      }
    }
  });

  it(`give the columns and the details of each trace (seed ${SEED})`, async () => {
    const random = createRandom(SEED + 1);
    const store = testStore();
    const sent = Array.from({ length: 300 }, () => ({ ...randomSpan(random, 12), service: 'engine' }));
    store.appendTraces(request(sent));
    for (let trace = 0; trace < 12; trace++) {
      const unique = new Map<number, TestSpan>();
      for (const span of sent)
        if (span.trace === trace && !unique.has(span.span)) unique.set(span.span, span);
      const spans = [...unique.values()].sort((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0));
      const ids = spans.map((span) => spanId(span.span));
      const columns = await store.traceColumns(traceId(trace));
      expect(ids.map((_, row) => columns?.spanIds.at(row))).toEqual(ids);
      expect(ids.map((id) => columns?.spanIds.rowOf(id))).toEqual(ids.map((_, row) => row));
      expect(Array.from(columns?.parent ?? [])).toEqual(
        spans.map(({ parent }) => {
          if (parent === undefined) return -1;
          const at = ids.indexOf(spanId(parent));
          return at < 0 ? -2 : at;
        }),
      );
      expect(columns?.links.map(({ traceId: to, row }) => ({ to, row }))).toEqual(
        spans.flatMap(({ links }, row) => (links ?? []).map((link) => ({ to: traceId(link.trace), row }))),
      );
      const details = await store.traceSpans(traceId(trace), 0, 2_000);
      expect(details.map((each) => each.spanId)).toEqual(ids);
      for (const [i, detail] of details.entries()) {
        const span = spans[i] as TestSpan;
        const back = sent.filter(
          (other, at) =>
            sent.findIndex((each) => each.trace === other.trace && each.span === other.span) === at &&
            other.links?.some((link) => link.trace === trace && link.span === span.span),
        );
        expect(detail).toMatchObject({
          nodeId: span.node ?? '',
          waitMs: span.waitMs ?? null,
          blockedMs: span.blockedMs ?? null,
          items: span.items ?? null,
          batchId: span.batch ?? '',
          statusMessage: span.error ?? '',
          orphan: span.parent !== undefined && !ids.includes(spanId(span.parent)),
        });
        expect(new Set(detail.backlinks.map((link) => link.spanId))).toEqual(
          new Set(back.map((other) => spanId(other.span))),
        );
        expect(await store.span(traceId(trace), detail.spanId)).toEqual(detail);
      }
    }
  });

  it('follow cycles of links one step at a time, both ways', async () => {
    const store = testStore();
    store.take(
      [0, 1, 2].map((trace) => ({ trace, span: trace, links: [{ trace: (trace + 1) % 3, span: 0 }] })),
    );
    expect(await store.linkedTraces(traceId(0), 10)).toEqual([
      { traceId: traceId(1), direction: 'upstream', state: 'held' },
      { traceId: traceId(2), direction: 'downstream', state: 'held' },
    ]);
    expect(await store.linkedTraces(traceId(0), 1)).toHaveLength(1);
  });

  it('answer for a trace of 10,008 spans as for a small one', async () => {
    const store = testStore();
    const spans = Array.from(
      { length: 10_008 },
      (_, i): TestSpan => ({
        trace: 7,
        span: i,
        ...(i === 0 ? {} : { parent: Math.floor((i - 1) / 3) }),
        node: `node-${i % 9}`,
        startMs: i / 100,
        items: 10_008 - i,
      }),
    );
    for (let at = 0; at < spans.length; at += 500) store.take(spans.slice(at, at + 500));
    const again = store.appendTraces(request(spans.slice(5_000, 5_500)));
    expect(again).toMatchObject({ ok: true, rejected: 0 });
    expect(store.ledger().spans).toEqual({
      received: 10_508,
      stored: 10_008,
      evicted: 0,
      rejected: 0,
      duplicate: 500,
    });
    expect(await store.traceSummary(traceId(7))).toEqual(bruteForce(spans).summaries()[0]);
    const columns = await store.traceColumns(traceId(7));
    expect(columns?.length).toBe(10_008);
    expect(Array.from(columns?.parent ?? [])).toEqual(spans.map(({ parent }) => parent ?? -1));
    expect((await store.traceSpans(traceId(7), 10_000, 2_000)).map((each) => each.items)).toEqual([
      8, 7, 6, 5, 4, 3, 2, 1,
    ]);
    expect(await store.traceSpans(traceId(7), 0, 9_999)).toHaveLength(2_000);
  });
});

function bigints(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
