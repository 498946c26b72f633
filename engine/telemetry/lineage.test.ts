import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TailSamplingConfig } from '@/lib/sampling/config';
import { createBench, layoutOf, pdataOf, plain, settled } from './telemetry.testing';

const LAYOUT = layoutOf('rcv:receiver/otlp > merge:processor/batch > exp:exporter/http');
const ERRORS: TailSamplingConfig = {
  policies: [{ name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } }],
  maxWaitMs: 600_000,
};

interface Family {
  /** Contributors of each merge; numbers below `sources` are received batches, the rest earlier merges. */
  readonly sources: number;
  readonly merges: readonly (readonly number[])[];
  readonly failing: readonly number[];
}

const family: fc.Arbitrary<Family> = fc
  .record({ sources: fc.integer({ min: 1, max: 8 }), mergeCount: fc.integer({ min: 0, max: 6 }) })
  .chain(({ sources, mergeCount }) =>
    fc.record({
      sources: fc.constant(sources),
      merges: fc.tuple(
        ...Array.from({ length: mergeCount }, (_, m) =>
          fc.uniqueArray(fc.nat({ max: sources + m - 1 }), { minLength: 1, maxLength: 4 }),
        ),
      ),
      failing: fc.uniqueArray(fc.nat({ max: sources + mergeCount - 1 }), { maxLength: 2 }),
    }),
  );

/** The definition, word by word: seeds, their ancestors and descendants, and the direct contributors of kept merges. */
function expectedKept({ sources, merges, failing }: Family): Set<number> {
  const core = new Set(failing);
  const up = (trace: number) => {
    for (const from of merges[trace - sources] ?? []) {
      core.add(from);
      up(from);
    }
  };
  const down = (trace: number) => {
    merges.forEach((contributors, m) => {
      if (!contributors.includes(trace)) return;
      core.add(sources + m);
      down(sources + m);
    });
  };
  for (const seed of failing) {
    up(seed);
    down(seed);
  }
  const kept = new Set(core);
  for (const trace of core) for (const from of merges[trace - sources] ?? []) kept.add(from);
  return kept;
}

/** Every trace is one span; merges come in order, then all complete, oldest merge last. */
async function run(plan: Family) {
  const bench = createBench(LAYOUT, { mode: 'tail', tailSampling: ERRORS });
  const { hops } = bench.telemetry;
  const rows: number[] = [];
  const traces: number[] = [];
  const fails = (trace: number) => (plan.failing.includes(trace) ? 'failure' : 'success');
  for (let i = 0; i < plan.sources; i++) {
    const pdata = pdataOf(i);
    rows.push(hops.beginAdmission(0, pdata));
    traces.push(pdata.trace);
    hops.opened(pdata.trace);
    bench.pass(1);
    hops.end(rows[i] ?? 0, fails(i), 'failed');
  }
  plan.merges.forEach((contributors, m) => {
    const pdata = pdataOf(plan.sources + m);
    const spans = Int32Array.from(contributors, (from) => rows[from] ?? 0);
    const zeros = new Float64Array(contributors.length);
    const row = hops.beginFlush(1, pdata, contributors.length, spans, zeros, zeros, contributors.map(String));
    rows.push(row);
    traces.push(pdata.trace);
    hops.opened(pdata.trace);
    hops.end(row, fails(plan.sources + m), 'failed');
  });
  for (let i = traces.length - 1; i >= 0; i--) {
    hops.resolved(traces[i] ?? 0);
    // Some of the family complete in one turn, some in another.
    if (i % 2 === 0) bench.telemetry.flush();
  }
  bench.telemetry.flush();
  await settled();
  return bench;
}

const serialOf = (id: unknown) => Number(String(id).replace('batch-', ''));

describe('tail sampling along lineage', () => {
  it('keeps exactly seeds, ancestors, descendants, and direct contributors of kept merges', async () => {
    await fc.assert(
      fc.asyncProperty(family, async (plan) => {
        const { exported } = await run(plan);
        const kept = exported.spans.map((span) => serialOf(plain(span.attributes)['pdata.id']));
        expect(kept.sort((a, b) => a - b)).toEqual([...expectedKept(plan)].sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  it('says on each root why: the policy, or lineage', async () => {
    await fc.assert(
      fc.asyncProperty(family, async (plan) => {
        for (const span of (await run(plan)).exported.spans) {
          const attributes = plain(span.attributes);
          const own = plan.failing.includes(serialOf(attributes['pdata.id']));
          expect(attributes['tailsampling.policy']).toBe(own ? 'errors' : 'lineage');
        }
      }),
      { numRuns: 20 },
    );
  });

  it('accounts for every span: recorded is kept and dropped', async () => {
    await fc.assert(
      fc.asyncProperty(family, async (plan) => {
        const { spans } = (await run(plan)).telemetry.stats();
        expect(spans.kept + spans.dropped + spans.overwritten).toBe(spans.recorded);
        expect(spans.overwritten).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it('tells each decision once, with votes and what policies looked at', async () => {
    const { exported } = await run({ sources: 3, merges: [[0, 1]], failing: [0] });
    const decisions = exported.logs.filter((log) => log.eventName === 'dataflow.sampling.decision');
    expect(decisions.map((log) => plain(log.attributes)).map(({ kept, by }) => [kept, by])).toEqual(
      expect.arrayContaining([
        [true, 'errors'],
        [true, 'lineage'],
        [true, 'lineage'],
        [false, ''],
      ]),
    );
    expect(decisions).toHaveLength(4);
    const own = decisions.map((log) => plain(log.attributes)).find(({ by }) => by === 'errors');
    expect(own).toMatchObject({
      votes: { errors: 'sampled' },
      status: 'ERROR',
      nodes: ['rcv'],
      'span.count': 1,
    });
  });

  it('decides a trace that never completes at its longest wait, and late spans follow', async () => {
    const bench = createBench(LAYOUT, { mode: 'tail', tailSampling: { ...ERRORS, maxWaitMs: 1_000 } });
    const { hops } = bench.telemetry;
    const pdata = pdataOf(1);
    const root = hops.beginAdmission(0, pdata);
    hops.opened(pdata.trace);
    bench.pass(1_001);
    bench.telemetry.flush();
    hops.end(root, 'failure', 'too late to matter');
    bench.telemetry.flush();
    await settled();
    expect(bench.exported.spans).toEqual([]);
    expect(bench.telemetry.stats().traces.overdue).toBe(1);
    expect(bench.telemetry.stats().spans.dropped).toBe(1);
  });
});

describe('a merge of more than a span has links for', () => {
  const MANY = 300;
  const sources = Array.from({ length: MANY }, (_, i) => i);

  it('keeps all of its contributors, and links as many as a span may', async () => {
    const { exported } = await run({ sources: MANY, merges: [sources], failing: [MANY] });
    expect(exported.spans).toHaveLength(MANY + 1);
    const merged = exported.spans.find((span) => span.links.length > 0);
    expect(merged?.links).toHaveLength(128);
    expect(merged?.droppedLinksCount).toBe(MANY - 128);
    expect(plain(merged?.attributes ?? [])).toMatchObject({ 'contributors.count': MANY });
    expect(plain(merged?.attributes ?? [])).not.toHaveProperty('tailsampling.missing.count');
  });

  it('is kept for a contributor that has no link', async () => {
    const { exported } = await run({ sources: MANY, merges: [sources], failing: [MANY - 1] });
    expect(exported.spans).toHaveLength(MANY + 1);
  });

  it('says how many of its family nobody knew', async () => {
    const bench = createBench(LAYOUT, { mode: 'tail', tailSampling: ERRORS });
    const { hops } = bench.telemetry;
    const pdata = pdataOf(1);
    const none = new Float64Array(0);
    const row = hops.beginFlush(1, pdata, 5, new Int32Array(0), none, none, []);
    hops.opened(pdata.trace);
    hops.end(row, 'failure', 'failed');
    hops.resolved(pdata.trace);
    bench.telemetry.flush();
    await settled();
    expect(plain(bench.exported.spans[0]?.attributes ?? [])).toMatchObject({
      'tailsampling.missing.count': 5,
    });
  });
});
