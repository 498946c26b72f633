import { describe, expect, test } from 'vitest';
import type { ControlActionRow, ControlActionsAnswer } from '@/lib/api/control';
import type { HealthAnswer } from '@/lib/api/health';
import type { TopologyAnswer } from '@/lib/api/topology';
import { queryKeys, type StreamScope } from './query-keys';
import { mergeActions, writesOf } from './stream-reducer';

const scope: StreamScope = { engine: '', pipeline: '', window: '10s' };

function action(id: string, outcome: ControlActionRow['outcome'], time = '1'): ControlActionRow {
  return {
    id,
    engine: 'e',
    timeUnixNano: time,
    action: 'restart',
    target: 'n',
    origin: 'operator',
    revision: 1,
    outcome,
    message: '',
    tookMs: null,
    affected: null,
    traceId: null,
    spanId: null,
    summary: '',
    undoable: false,
    after: null,
  };
}

const topology: TopologyAnswer = {
  engine: 'e',
  pipeline: null,
  revision: 3,
  atUnixNano: '5',
  window: '10s',
  layout: 'final',
  nodes: [],
  edges: [],
  control: [],
  verdict: null,
  findings: [],
  missing: [],
};

describe('the stream', () => {
  test('a map replaces the live one of its scope, and its figures', () => {
    const writes = writesOf({ type: 'topology', data: topology }, scope);
    expect(writes).toEqual([
      { kind: 'set', key: queryKeys.topology(scope, null), value: topology },
      { kind: 'topology', answer: topology },
    ]);
  });

  test('health goes under the key that the hook reads', () => {
    const data = { status: 'ok' } as unknown as HealthAnswer;
    expect(writesOf({ type: 'health', data }, scope)).toEqual([
      { kind: 'set', key: queryKeys.health, value: data },
    ]);
  });

  test('new traces are counted with those that were left out', () => {
    const writes = writesOf({ type: 'traces', data: { traces: [], more: 7, total: 9 } }, scope);
    expect(writes[0]).toEqual({ kind: 'new-traces', count: 7, total: 9 });
  });
});

describe('control actions', () => {
  const before: ControlActionsAnswer = {
    actions: [action('a', 'pending')],
    total: 1,
    truncated: false,
    folded: [],
  };

  test('an outcome replaces the row in place', () => {
    expect(mergeActions(before, [action('a', 'applied')])).toMatchObject({
      actions: [{ id: 'a', outcome: 'applied' }],
      total: 1,
    });
  });

  test('new ones come first, newest of them on top', () => {
    const after = mergeActions(before, [action('b', 'pending', '2'), action('c', 'pending', '3')]);
    expect(after).toMatchObject({ actions: [{ id: 'c' }, { id: 'b' }, { id: 'a' }], total: 3 });
  });

  test('a list that was never asked for stays unasked', () => {
    expect(mergeActions(undefined, [action('b', 'pending')])).toBeUndefined();
  });
});
