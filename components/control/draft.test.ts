import { describe, expect, it } from 'vitest';
import type { TopologyNode } from '@/lib/api/topology';
import { actionsFor, draftChanges, freshDraft, requestOf, type Target } from './draft';

const node = {
  id: 'exp-slow',
  config: { delayMs: 5 },
  faults: null,
  stats: { concurrency: 1 },
} as unknown as TopologyNode;
const target: Target = { kind: 'node', node };

describe('a draft', () => {
  it('changes nothing while it is fresh', () => {
    expect(draftChanges(freshDraft('exp-slow', target), target)).toEqual([]);
  });

  it('becomes a request with what was changed and nothing else', () => {
    const draft = { ...freshDraft('exp-slow', target), config: { delayMs: 80 }, concurrency: 4 };
    expect(draftChanges(draft, target).map((change) => change.path)).toEqual(['delayMs', 'concurrency']);
    expect(requestOf(draft, target, 'demo')).toEqual({
      engine: 'demo',
      target: 'exp-slow',
      action: 'config_update',
      config: { delayMs: 80 },
      concurrency: 4,
    });
  });

  it('carries faults as a whole, because they replace each other', () => {
    const draft = { ...freshDraft('exp-slow', target), faults: { errorRate: 0.2 } };
    expect(requestOf(draft, target, 'demo')).toMatchObject({ faults: { errorRate: 0.2 } });
  });

  it('gives a drain its deadline and a restart none', () => {
    const drain = freshDraft('exp-slow', target, 'drain');
    expect(requestOf(drain, target, 'demo')).toHaveProperty('deadlineMs', 5_000);
    expect(requestOf({ ...drain, action: 'restart' }, target, 'demo')).not.toHaveProperty('deadlineMs');
  });

  it('offers a channel its capacity alone', () => {
    expect(actionsFor({ kind: 'channel', id: 'pdata:exp-slow', capacity: 32 })).toEqual(['config_update']);
  });
});
