import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HealthAnswer } from '@/lib/api/health';
import type { TopologyAnswer } from '@/lib/api/topology';
import type { ChangedTraces } from '@/lib/store/span-store';
import { MAX_QUEUED_BYTES } from './sse-connection';
import { createStreamHub, MAX_CONNECTIONS, type StreamSources } from './stream-hub';

const SCOPE = { engine: null, pipeline: null, window: '1m' } as const;

interface SseEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Sources by hand: what is set is what is told. */
function fakeSources() {
  const told = { revision: 1, depth: 0, mark: 0, traces: [] as string[], asked: 0, padding: '' };
  const topology = (): TopologyAnswer => {
    told.asked++;
    const stats = {
      depth: told.depth,
      padding: told.padding,
      spark: [],
    } as unknown as TopologyAnswer['edges'][number]['stats'];
    const edge = {
      id: 'e',
      from: 'a',
      port: 'default',
      to: 'b',
      channel: 'c',
      provenance: 'declared' as const,
      stats,
    };
    return {
      engine: 'x',
      pipeline: null,
      revision: 1,
      atUnixNano: '0',
      window: '1m',
      layout: 'final',
      nodes: [],
      edges: [edge],
      control: [],
      verdict: null,
      findings: [],
      missing: [],
    };
  };
  const sources: StreamSources = {
    store: {
      changedSince(mark, limit) {
        const traces = told.traces.slice(Math.min(mark, told.traces.length)).reverse();
        const shown = traces
          .slice(0, limit)
          .map((traceId) => ({ traceId })) as unknown as ChangedTraces['traces'];
        return {
          traces: shown,
          more: traces.length - shown.length,
          total: traces.length,
          mark: told.traces.length,
        };
      },
    },
    revision: () => told.revision,
    topology,
    controlActions: () => [],
    settings: () => ({ engines: [], tracing: [] }),
    health: () => ({ status: 'ok' }) as HealthAnswer,
  };
  return { told, sources };
}

function reader(body: ReadableStream<Uint8Array> | null) {
  if (!body) throw new Error('refused');
  const source = body.getReader();
  const decoder = new TextDecoder();
  /** A read under way when nothing was left: it is the first of the next drain. */
  let waiting: ReturnType<typeof source.read> | null = null;
  return {
    /** What is queued now. */
    async drain(): Promise<SseEvent[]> {
      let text = '';
      for (;;) {
        waiting ??= source.read();
        const next = await Promise.race([waiting, new Promise<null>((r) => setImmediate(() => r(null)))]);
        if (!next) break;
        waiting = null;
        if (next.done) break;
        text += decoder.decode(next.value);
      }
      return text.split('\n\n').flatMap((block) => {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        return block === '' ? [] : [{ id: field('id'), event: field('event'), data: field('data') }];
      });
    },
    cancel: () => source.cancel(),
  };
}

const names = (events: readonly SseEvent[]) =>
  events.map(({ event }) => event).filter((e) => e !== 'heartbeat');

describe('the stream', () => {
  it('sends everything once on connection, then only what moved', async () => {
    const { told, sources } = fakeSources();
    const hub = createStreamHub('p', sources);
    const page = reader(hub.open(SCOPE, null));
    hub.tick(0);
    expect(names(await page.drain())).toEqual(['topology', 'stats', 'settings', 'health']);
    hub.tick(100);
    expect(names(await page.drain())).toEqual([]);
    told.revision++;
    told.depth = 7;
    hub.tick(300);
    const events = await page.drain();
    expect(names(events)).toEqual(['stats']);
    expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({ edges: { e: { depth: 7 } } });
  });

  it('sends a newcomer everything and those who are there what moved, to each since its own last event', async () => {
    const { told, sources } = fakeSources();
    const hub = createStreamHub('p', sources);
    const first = reader(hub.open(SCOPE, null));
    hub.tick(0);
    await first.drain();
    told.revision++;
    told.padding = 'same';
    hub.tick(300);
    const statsOf = async (page: ReturnType<typeof reader>) =>
      (await page.drain()).filter(({ event }) => event === 'stats').map(({ data }) => JSON.parse(data).edges);
    expect(await statsOf(first)).toEqual([{ e: { depth: 0, padding: 'same' } }]);
    const second = reader(hub.open(SCOPE, null));
    told.revision++;
    hub.tick(600);
    expect(await statsOf(first)).toEqual([{}]);
    expect(await statsOf(second)).toEqual([{ e: { depth: 0, padding: 'same' } }]);
  });

  it('asks for a map at most ten times a second, however much comes and however many look', async () => {
    const { told, sources } = fakeSources();
    const hub = createStreamHub('p', sources);
    for (let i = 0; i < 20; i++) hub.open(SCOPE, null);
    for (let ms = 0; ms < 1_000; ms += 100) {
      told.revision++;
      hub.tick(ms);
    }
    expect(told.asked).toBeLessThanOrEqual(10);
  });

  it('keeps a reader that does not read within its bytes, and gives it the newest when it does', async () => {
    const { told, sources } = fakeSources();
    const hub = createStreamHub('p', sources);
    const page = reader(hub.open(SCOPE, null));
    told.padding = 'x'.repeat(MAX_QUEUED_BYTES / 4);
    for (let ms = 0; ms < 20_000; ms += 200) {
      told.revision++;
      told.depth = ms;
      hub.tick(ms);
    }
    expect(hub.skipped).toBeGreaterThan(50);
    const queued = await page.drain();
    expect(queued.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThan(2 * MAX_QUEUED_BYTES);
    hub.tick(20_200);
    const last = (await page.drain()).filter(({ event }) => event === 'stats').at(-1);
    expect(JSON.parse(last?.data ?? '').edges.e.depth).toBe(19_800);
  });

  it('resumes after Last-Event-ID with each trace once and none left out', async () => {
    const { told, sources } = fakeSources();
    const hub = createStreamHub('p', sources);
    const first = reader(hub.open(SCOPE, null));
    told.traces.push('a', 'b');
    hub.tick(0);
    const seen = (await first.drain()).filter(({ event }) => event === 'traces');
    expect(JSON.parse(seen[0]?.data ?? '').traces).toEqual([{ traceId: 'b' }, { traceId: 'a' }]);
    await first.cancel();
    told.traces.push('c');
    const second = reader(hub.open(SCOPE, seen[0]?.id ?? null));
    told.traces.push('d');
    hub.tick(100);
    const missed = (await second.drain()).filter(({ event }) => event === 'traces');
    expect(missed.map(({ data }) => JSON.parse(data).traces)).toEqual([[{ traceId: 'd' }, { traceId: 'c' }]]);
  });

  it('brings as many rows as each reader asked for, and counts the others', async () => {
    const { told, sources } = fakeSources();
    const hub = createStreamHub('p', sources);
    const [page, reports] = [reader(hub.open(SCOPE, null, 0)), reader(hub.open(SCOPE, null, 2))];
    told.traces.push('a', 'b', 'c');
    hub.tick(0);
    const tracesOf = async (one: typeof page) =>
      (await one.drain()).flatMap(({ event, data }) => (event === 'traces' ? [JSON.parse(data)] : []));
    expect(await tracesOf(page)).toEqual([{ traces: [], more: 3, total: 3 }]);
    expect(await tracesOf(reports)).toEqual([
      { traces: [{ traceId: 'c' }, { traceId: 'b' }], more: 1, total: 3 },
    ]);
    hub.tick(100);
    expect(await tracesOf(page)).toEqual([]);
  });

  it('gives each trace once and none left out, however often and wherever a reader is cut off', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('come' as const), count: fc.integer({ min: 1, max: 30 }) }),
      fc.record({ kind: fc.constant('tick' as const) }),
      // Cut off having read only so many of the events that were under way.
      fc.record({ kind: fc.constant('cut' as const), read: fc.integer({ min: 0, max: 5 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { told, sources } = fakeSources();
        const hub = createStreamHub('p', sources);
        let page = reader(hub.open(SCOPE, null));
        let lastId: string | null = null;
        let now = 0;
        const got: string[] = [];
        const take = (events: readonly SseEvent[]) => {
          for (const { id, event, data } of events) {
            if (id !== '') lastId = id;
            if (event !== 'traces') continue;
            const { traces, more } = JSON.parse(data) as { traces: { traceId: string }[]; more: number };
            expect(more).toBe(0);
            got.push(...traces.map(({ traceId }) => traceId).reverse());
          }
        };
        const tick = () => {
          now += 100;
          hub.tick(now);
        };
        // The first events carry where it stands.
        tick();
        take(await page.drain());
        for (const one of steps) {
          if (one.kind === 'come')
            for (let i = 0; i < one.count; i++) told.traces.push(`t${told.traces.length}`);
          else if (one.kind === 'tick') {
            tick();
            if (now % 300 === 0) take(await page.drain());
          } else {
            take((await page.drain()).slice(0, one.read));
            await page.cancel();
            page = reader(hub.open(SCOPE, lastId));
          }
        }
        tick();
        take(await page.drain());
        expect(got).toEqual(told.traces);
        hub.close();
      }),
      { numRuns: 60 },
    );
  });

  it('starts over for a reader of another process', async () => {
    const { told, sources } = fakeSources();
    told.traces.push('old');
    const hub = createStreamHub('p', sources);
    const page = reader(hub.open(SCOPE, 'q.7.0.0'));
    hub.tick(0);
    expect(names(await page.drain())).not.toContain('traces');
  });

  it('is bounded in readers, forgets those who left, and ends them all on close', async () => {
    const { sources } = fakeSources();
    const hub = createStreamHub('p', sources);
    const pages = Array.from({ length: MAX_CONNECTIONS }, () => reader(hub.open(SCOPE, null)));
    expect(hub.open(SCOPE, null)).toBeNull();
    await pages[0]?.cancel();
    expect(hub.connections).toBe(MAX_CONNECTIONS - 1);
    hub.close();
    expect(hub.connections).toBe(0);
    expect(hub.open(SCOPE, null)).toBeNull();
  });
});
