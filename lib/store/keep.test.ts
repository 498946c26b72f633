import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { T0, type TestSpan, traceId } from './testing/spans';
import { testStore } from './testing/test-store';

const TRACES = 6_000;
const MINUTE_MS = 60_000;

interface Made extends TestSpan {
  readonly path: string;
  readonly minute: number;
  readonly important: boolean;
}

/** Traces over some minutes on some paths; a few fail, a few are cited by a finding. */
function make(
  minutes: number,
  paths: number,
  failing: ReadonlySet<number>,
  cited: ReadonlySet<number>,
): Made[] {
  return Array.from({ length: TRACES }, (_, trace) => {
    const minute = Math.floor((trace * minutes) / TRACES);
    const path = `node-${(trace * 7) % paths}`;
    return {
      trace,
      span: trace,
      node: path,
      path,
      minute,
      startMs: minute * MINUTE_MS + (trace % 1_000),
      durationMs: 1 + (trace % 7),
      padding: 250,
      important: failing.has(trace) || cited.has(trace),
      ...(failing.has(trace) ? { error: 'refused' } : {}),
    };
  });
}

describe('what people come back for', () => {
  it('outlives its time: what failed or is cited, and some of each path and minute', async () => {
    const few = fc.uniqueArray(fc.integer({ min: 0, max: TRACES - 1 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        few,
        few,
        async (minutes, paths, failing, cited) => {
          const store = testStore({ budgetBytes: 2 * 2 ** 20 });
          const all = make(minutes, paths, new Set(failing), new Set(cited));
          store.cite(cited.map(traceId));
          for (let at = 0; at < all.length; at += 100) store.take(all.slice(at, at + 100));
          const states = await Promise.all(all.map(({ trace }) => store.traceState(traceId(trace))));
          const held = all.filter((_, i) => states[i] === 'held');
          expect(held.length).toBeLessThan(0.7 * TRACES);
          for (const { trace, important } of all)
            if (important) expect(states[trace], `trace ${trace}`).toBe('held');

          const groups = new Map<string, Made[]>();
          for (const one of all) {
            const key = `${one.path}@${one.minute}`;
            groups.set(key, [...(groups.get(key) ?? []), one]);
          }
          const leftOver = new Set(held);
          for (const [key, group] of groups) {
            const still = group.filter((one) => leftOver.has(one));
            expect(still.length, key).toBeGreaterThan(0);
          }

          // Coverage is what is held, bucket by bucket, and tells what is there only for what it shows.
          const span = BigInt(minutes * MINUTE_MS) * 1_000_000n;
          const { traces, kept } = await store.coverage(T0, T0 + span, minutes);
          for (let minute = 0; minute < minutes; minute++) {
            expect(traces[minute]).toBe(held.filter((one) => one.minute === minute).length);
            expect(kept[minute]).toBeLessThanOrEqual(traces[minute] as number);
          }
          expect(kept[0]).toBe(traces[0]);
        },
      ),
      { numRuns: 8 },
    );
  }, 60_000);

  it('keeps the slowest of a path first', async () => {
    const store = testStore({ budgetBytes: 2 * 2 ** 20 });
    const all = Array.from(
      { length: TRACES },
      (_, trace): TestSpan => ({
        trace,
        span: trace,
        startMs: trace,
        durationMs: trace === 13 ? 900 : 1,
        padding: 300,
      }),
    );
    for (let at = 0; at < all.length; at += 100) store.take(all.slice(at, at + 100));
    expect(await store.traceState(traceId(13))).toBe('held');
    const old = await Promise.all(all.slice(0, 200).map(({ trace }) => store.traceState(traceId(trace))));
    expect(old.filter((state) => state === 'held').length).toBeLessThanOrEqual(3);
  });
});
