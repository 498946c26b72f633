import { describe, expect, it } from 'vitest';
import type { Finding } from '@/lib/api/topology';
import type { TracePage, TraceQuery, TraceSummary } from '@/lib/model/trace-query';
import { createCitedTraces } from './cited-traces';

function finding(id: string, until?: string): Finding {
  return {
    id,
    kind: 'bottleneck',
    node: 'slow',
    title: `Bottleneck: ${id}`,
    since: '10',
    ...(until === undefined ? {} : { until }),
    confidence: null,
    evidence: [
      { text: 'busy', value: 1, unit: '', link: 'node:slow' },
      { text: 'Batches', value: null, unit: '', link: '/traces?node=slow&from=8&sort=-duration' },
    ],
  };
}

function fakeStore(idsOf: (asked: number) => readonly string[]) {
  const queries: TraceQuery[] = [];
  let cited: readonly string[] = [];
  return {
    queries,
    cited: () => cited,
    listTraces: async (query: TraceQuery): Promise<TracePage> => {
      queries.push(query);
      const traces = idsOf(queries.length).map((traceId) => ({ traceId }) as TraceSummary);
      return { traces, total: traces.length, nextCursor: null };
    },
    cite: (ids: readonly string[]) => {
      cited = ids;
    },
  };
}

describe('traces that findings cite', () => {
  it('are those that the evidence leads to', async () => {
    const store = fakeStore(() => ['a', 'b']);
    await createCitedTraces(store).step([{ engine: 'e', finding: finding('one') }]);
    expect(store.queries).toEqual([
      { engine: 'e', node: ['slow'], fromUnixNano: 8n, sort: '-duration', limit: 20 },
    ]);
    expect(store.cited()).toEqual(['a', 'b']);
  });

  it('stay cited after the finding is over, which is looked at once more and then settled', async () => {
    const store = fakeStore((asked) => [`t${asked}`]);
    const traces = createCitedTraces(store);
    await traces.step([{ engine: 'e', finding: finding('one') }]);
    await traces.step([{ engine: 'e', finding: finding('one', '20') }]);
    await traces.step([{ engine: 'e', finding: finding('one', '20') }]);
    expect(store.queries).toHaveLength(2);
    expect(store.cited()).toEqual(['t1', 't2']);
  });

  it('are looked up for one finding at a time, each in its turn', async () => {
    const store = fakeStore((asked) => [`t${asked}`]);
    const traces = createCitedTraces(store);
    const findings = ['one', 'two'].map((id) => ({ engine: 'e', finding: finding(id) }));
    await Promise.all([traces.step(findings), traces.step(findings)]);
    expect(store.queries).toHaveLength(1);
    await traces.step(findings);
    expect([...store.cited()].sort()).toEqual(['t1', 't2']);
  });
});
