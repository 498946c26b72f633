import { describe, expect, it } from 'vitest';
import { createRandom } from '@/lib/base/random';
import { logRequest, request, T0, type TestLog } from './testing/spans';
import { type TestStore, testStore } from './testing/test-store';

const SEED = Number(process.env.WEIR_FUZZ_SEED ?? 77);
const MS = 1_000_000n;

async function told(
  store: TestStore,
  engine: string | null,
  fromMs: number,
  toMs: number,
): Promise<string[]> {
  const names: string[] = [];
  const query = { engine, fromUnixNano: T0 + BigInt(fromMs) * MS, toUnixNano: T0 + BigInt(toMs) * MS };
  for await (const { data, records } of store.logPages(query)) {
    const before = names.length;
    for (const { resource, scopeLogs } of data.resourceLogs)
      for (const { logRecords } of scopeLogs)
        for (const { eventName, timeUnixNano } of logRecords)
          names.push(`${JSON.stringify(resource?.attributes[0]?.value)} ${eventName} ${timeUnixNano - T0}`);
    expect(names.length - before).toBe(records);
  }
  return names;
}

describe('the log records of a window', () => {
  it(`are those that a plain list has, with and without a trace, of one engine or of all (seed ${SEED})`, async () => {
    const random = createRandom(SEED);
    const store = testStore();
    const plain: { service: string; ms: number; name: string }[] = [];
    for (let round = 0; round < 40; round++) {
      const service = `engine-${round % 3}`;
      const logs: TestLog[] = Array.from({ length: 25 }, (_, i) => ({
        ...(random.next() < 0.5 ? { trace: Math.floor(random.next() * 50), span: round * 25 + i } : {}),
        timeMs: Math.floor(random.next() * 1_000),
        event: `e${round}.${i}`,
      }));
      for (const { timeMs, event } of logs) plain.push({ service, ms: timeMs ?? 0, name: event ?? '' });
      store.appendLogs(logRequest(logs, service));
      store.appendTraces(request([{ trace: round, span: 90_000 + round }]));
    }
    for (const [engine, from, to] of [
      [null, 0, 1_000],
      [null, 200, 400],
      ['engine-1', 0, 1_000],
      ['engine-2', 500, 501],
      ['nobody', 0, 1_000],
    ] as const) {
      const expected = plain
        .filter(({ service, ms }) => (engine === null || service === engine) && ms >= from && ms <= to)
        .map(({ service, ms, name }) => `{"stringValue":"${service}"} ${name} ${BigInt(ms) * MS}`);
      expect((await told(store, engine, from, to)).sort()).toEqual(expected.sort());
    }
  });

  it('are told at most once, and what leaves meanwhile is left out', async () => {
    let since = 0;
    const store = testStore({
      budgetBytes: 2 * 2 ** 20,
      pause: async () => {
        // Others come, and make the oldest leave.
        const logs = Array.from({ length: 500 }, (_, i) => ({ event: `late.${since}.${i}`, padding: 300 }));
        since++;
        store.appendLogs(logRequest(logs));
      },
    });
    for (let round = 0; round < 10; round++)
      store.appendLogs(
        logRequest(Array.from({ length: 400 }, (_, i) => ({ event: `e${round}.${i}`, padding: 300 }))),
      );
    const names = await told(store, null, 0, 1);
    expect(since).toBeGreaterThan(3);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(0);
    expect(names.some((name) => name.includes('late'))).toBe(false);
    store.check();
  });
});
