import { describe, expect, it } from 'vitest';
import type { DecisionFact } from '@/lib/model/facts';
import { whatIf } from './what-if';

function decision(n: number, status: string, durationMs: number): DecisionFact {
  return {
    kind: 'decision',
    timeNano: BigInt(n),
    traceId: n.toString(16).padStart(32, '0'),
    kept: status === 'ERROR',
    by: status === 'ERROR' ? 'errors' : '',
    votes: {},
    status,
    durationMs,
    nodes: ['a'],
    spanCount: 3,
    attributes: {},
  };
}

describe('what other policies would have kept', () => {
  const decisions = [decision(1, 'ERROR', 5), decision(2, 'OK', 2_000), decision(3, 'OK', 5)];

  it('counts each kept trace once and says what is kept now', async () => {
    const answer = await whatIf(
      decisions,
      {
        policies: [
          { name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
          { name: 'slow', type: 'latency', latency: { threshold_ms: 1_000 } },
        ],
        maxWaitMs: 30_000,
      },
      async () => true,
    );
    expect(answer).toMatchObject({ decisions: 3, kept: 2, keptNow: 1 });
    expect(answer.byPolicy).toEqual([
      { policy: 'errors', kept: 1 },
      { policy: 'slow', kept: 1 },
    ]);
    expect(answer.examples.map(({ kept }) => kept)).toEqual([true, true, false]);
  });

  it('says which policies it cannot judge', async () => {
    const tenant = { key: 'tenant', values: ['a'] };
    const policies = [{ name: 'tenant', type: 'string_attribute' as const, string_attribute: tenant }];
    const answer = await whatIf(decisions, { policies, maxWaitMs: 30_000 }, async () => false);
    expect(answer.cannotTell).toHaveLength(1);
    expect(answer.kept).toBe(0);
  });
});
