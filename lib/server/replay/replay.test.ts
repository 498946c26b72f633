import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server';
import { parseReplayArgs } from './args';
import { type CaptureStep, inOrder } from './capture-step';
import { paceOf } from './pace';
import { openCapture } from './read-capture';
import { type ReplayTime, replay } from './replay';
import { createSenders, ReplayError } from './senders';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const WHOLE = path.join(ROOT, '../shared/fixtures/collector/restart');
/** Captures stand beside the checkout; where they do not, the excerpt inside it is played. */
const CAPTURE = existsSync(WHOLE) ? WHOLE : path.join(ROOT, 'lib/dialects/fixtures/collector/healthy');

const SECOND = 1_000_000_000n;

describe('the pace of a replay', () => {
  it('sends nothing from the future and begins at once, whatever the speed', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 18n),
        fc.bigInt(0n, 7_200n * SECOND),
        fc.oneof(fc.constant(null), fc.double({ min: 0.01, max: 10_000, noNaN: true })),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (first, length, speed, share) => {
          const begin = 1_800_000_000n * SECOND;
          const pace = paceOf({ first, last: first + length }, speed, begin);
          const at = first + BigInt(Math.floor(Number(length) * share));
          const sentAt = begin + BigInt(Math.round(pace.dueMs(at) * 1e6));
          // Within the grain of a double of nanoseconds.
          expect(Number(at + pace.shiftNano - sentAt)).toBeLessThanOrEqual(2_000_000);
          expect(pace.dueMs(first)).toBe(0);
          expect(Math.abs(pace.dueMs(first + length) - pace.lengthMs)).toBeLessThan(1);
        },
      ),
    );
  });

  it('keeps the order within a file and goes by time between files', async () => {
    const step = (at: bigint | null, name: string): CaptureStep => ({ kind: 'records', at, json: name });
    const list = async function* (...steps: CaptureStep[]) {
      yield* steps;
    };
    const merged: unknown[] = [];
    const sources = [
      list(step(1n, 'a1'), step(null, 'a-'), step(9n, 'a9'), step(4n, 'a4')),
      list(step(2n, 'b2'), step(8n, 'b8'), step(10n, 'b10')),
    ];
    for await (const { json } of inOrder(sources as never) as AsyncGenerator<{ json: unknown }>)
      merged.push(json);
    expect(merged).toEqual(['a1', 'a-', 'b2', 'b8', 'a9', 'a4', 'b10']);
  });
});

describe('the command line', () => {
  it('knows its defaults from the environment', () => {
    expect(parseReplayArgs(['x', 'y', '--speed', '10'], { PORT: '1', WEIR_OTLP_PORT: '2' })).toEqual({
      ok: true,
      value: {
        mode: 'replay',
        paths: ['x', 'y'],
        speed: 10,
        agentUrl: 'http://127.0.0.1:2',
        apiUrl: 'http://127.0.0.1:1',
        as: null,
      },
    });
    expect(parseReplayArgs(['--import', 'x', '--as', 'old'], {})).toMatchObject({
      value: { mode: 'import', speed: null, as: 'old' },
    });
  });

  it.each([
    [[], 'folder or file'],
    [['x', '--speed', '0'], 'above 0'],
    [['x', '--speed', 'fast'], 'above 0'],
    [['x', '--speed'], 'wants a value'],
    [['x', '--to', 'nowhere'], 'no URL'],
    [['x', '--loud'], 'no --loud'],
    [['--import', 'x', '--speed', '2'], 'keeps its times'],
  ])('refuses %j with a reason', (args, reason) => {
    const parsed = parseReplayArgs(args, {});
    expect(parsed.ok ? '' : parsed.error).toContain(reason);
  });
});

describe('a replay into a server', () => {
  let server: TestServer;
  /** Time that passes only by waiting, so that any speed takes no time. */
  const time = (): ReplayTime => {
    let now = 0;
    return {
      nowMs: () => now,
      async wait(ms) {
        now += ms;
      },
    };
  };
  const senders = () => createSenders(server.url, 'http://127.0.0.1:9', async () => undefined);

  beforeAll(async () => {
    server = await startTestServer({ storeBudgetBytes: 64 << 20, seriesBudgetBytes: 64 << 20 });
  });
  afterAll(() => server.hub.close());

  it('brings every trace of a capture, its map and its agent, with times moved to now', async () => {
    const capture = await openCapture([CAPTURE]);
    expect(capture.problems).toEqual([]);
    const ids = new Set<string>();
    for await (const step of capture.steps())
      if (step.kind === 'otlp' && step.signal === 'traces')
        for (const [, id] of JSON.stringify(step.json).matchAll(/"traceId":"([0-9a-f]{32})","spanId"/g))
          ids.add(id as string);
    const begin = BigInt(Date.now()) * 1_000_000n;
    const sending = senders();
    const counts = await replay(
      capture.steps(),
      { pace: paceOf(capture, null, begin), as: null },
      sending,
      time(),
    );
    expect(counts.agentMessages).toBeGreaterThan(0);
    expect([...counts.complaints.keys()]).toEqual([]);
    const ledger = server.hub.store.ledger();
    expect(ledger.spans.rejected).toBe(0);
    expect(ledger.points.rejected).toBe(0);
    for (const id of ids) expect(await server.hub.store.traceState(id)).toBe('held');
    const [engine] = server.hub.directory.list();
    expect(engine).toMatchObject({ dialect: 'collector', agent: { transport: 'http' } });
    const map = server.hub.analysis.topology({
      engine: engine?.id as never,
      pipeline: null,
      window: '1m',
      atUnixNano: null,
    });
    expect(map.nodes.map(({ id }) => id)).toContain('otlp');
    const { traces } = await server.hub.store.listTraces({ limit: 1, sort: '-start' });
    const newest = BigInt(traces[0]?.startUnixNano ?? '0');
    expect(Number(begin - newest) / 1e9).toBeGreaterThanOrEqual(0);
    expect(Number(begin - newest) / 1e9).toBeLessThan(30);
    sending.close();
  });

  it('imports a file of another tool with its own times, under another name where one is given', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'weir-import-'));
    const file = path.join(folder, 'other.json');
    const span = {
      traceId: 'AB'.repeat(16),
      spanId: 'CD'.repeat(8),
      name: 'x',
      startTimeUnixNano: '1700000000000000000',
    };
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
    await writeFile(
      file,
      JSON.stringify(
        {
          resourceSpans: [{ resource, scopeSpans: [{ spans: [{ ...span, endTimeUnixNano: 17e17 }] }] }],
        },
        null,
        2,
      ),
    );
    const capture = await openCapture([file]);
    await replay(capture.steps(), { pace: null, as: 'yesterday' }, senders(), time());
    const summary = await server.hub.store.traceSummary('ab'.repeat(16));
    expect(summary?.startUnixNano).toBe('1700000000000000000');
    const page = await server.hub.store.listTraces({ engine: 'yesterday', limit: 10, sort: '-start' });
    expect(page.total).toBe(1);
    await rm(folder, { recursive: true });
  });

  it('says that nobody is there instead of losing it', async () => {
    const nobody = createSenders('http://127.0.0.1:9', 'http://127.0.0.1:9', async () => undefined);
    await expect(nobody.otlp('traces', {})).rejects.toThrow(ReplayError);
  });
});
