import { describe, expect, it } from 'vitest';
import type { ControlRequest } from '@/lib/api/control';
import { type Act, type DesiredState, INITIAL_DESIRED_STATE } from '@/lib/opamp/remote-config';
import { targetBefore, withoutActs, withRequest, withUndo } from './desired-changes';
import { afterReport, baseOf, initialRecord, wish } from './desired-record';

function act(id: string, request: ControlRequest): Act {
  return { id, target: request.target, action: request.action, issuedAtUnixNano: '1' };
}

function order(state: DesiredState, request: Omit<ControlRequest, 'engine'>, id = 'a1'): DesiredState {
  const full = { engine: 'e', ...request };
  const next = withRequest(state, full, act(id, full));
  if (!next.ok) throw new Error(next.error);
  return next.value;
}

const start = INITIAL_DESIRED_STATE;
const bytes = (state: DesiredState) => new TextEncoder().encode(JSON.stringify(state));

describe('what an order does to the desired state', () => {
  it('changes what it names, keeps the rest, and carries the act', () => {
    const first = order(start, { target: 'exp', action: 'config_update', config: { delayMs: 5 } });
    const second = order(
      first,
      { target: 'exp', action: 'config_update', config: { retries: 2 }, capacity: 9 },
      'a2',
    );
    expect(second.revision).toBe(2);
    expect(second.nodes.exp).toEqual({ config: { delayMs: 5, retries: 2 } });
    expect(second.channels).toEqual({ 'pdata:exp': { capacity: 9 } });
    expect(second.actions.map(({ id }) => id)).toEqual(['a1', 'a2']);
  });

  it('remembers drained and stopped nodes, and lets a restart run them again', () => {
    const drained = order(start, { target: 'exp', action: 'drain' });
    expect(drained.nodes.exp?.state).toBe('drained');
    expect(order(drained, { target: 'exp', action: 'shutdown' }).nodes.exp?.state).toBe('stopped');
    expect(order(drained, { target: 'exp', action: 'restart' }).nodes.exp?.state).toBe('running');
    expect(order(start, { target: 'exp', action: 'restart' }).nodes).toEqual({});
  });

  it.each([
    [{ target: 'exp', action: 'config_update' }, /needs config/],
    [{ target: 'pdata:exp', action: 'config_update', config: {} }, /belong to a node/],
    [{ target: 'pdata:exp', action: 'drain' }, /cannot be told/],
    [{ target: 'pipeline', action: 'config_update', capacity: 3 }, /belongs to a channel/],
  ] as const)('refuses %j', (request, reason) => {
    const full = { engine: 'e', ...request };
    const next = withRequest(start, full, act('a', full));
    expect(next.ok ? '' : next.error).toMatch(reason);
  });

  it('undoes to exactly what was before', () => {
    const before = order(start, {
      target: 'exp',
      action: 'config_update',
      config: { delayMs: 5 },
      capacity: 4,
    });
    const after = order(
      before,
      { target: 'exp', action: 'config_update', config: { delayMs: 80 }, capacity: 8 },
      'a2',
    );
    const undo = act('a3', { engine: 'e', target: 'exp', action: 'config_update' });
    const undone = withUndo(after, 'exp', targetBefore(before, 'exp'), undo);
    expect([undone.nodes, undone.channels]).toEqual([before.nodes, before.channels]);
    const first = withUndo(before, 'exp', targetBefore(start, 'exp'), undo);
    expect([first.nodes, first.channels]).toEqual([{}, {}]);
  });

  it('drops acts that are done without a new revision', () => {
    const state = order(start, { target: 'exp', action: 'restart' });
    expect(withoutActs(state, new Set(['a1']))).toEqual({ ...state, actions: [] });
    expect(withoutActs(state, new Set(['other']))).toBe(state);
  });
});

describe('what an agent’s report does to the record', () => {
  const wished = wish(
    initialRecord(),
    order(start, { target: 'exp', action: 'config_update', concurrency: 2 }),
  );
  const report = { effective: null, lastHash: wished.hash, error: '' };

  it('follows the status of what was offered, and of nothing else', () => {
    expect(afterReport(wished, { ...report, status: 'applying' }).status).toBe('applying');
    expect(afterReport(wished, { ...report, status: 'applied' }).status).toBe('applied');
    expect(afterReport(wished, { ...report, lastHash: 'other', status: 'applied' }).status).toBe('pending');
  });

  it('starts the next change from what runs when the last one failed', () => {
    const failed = afterReport(wished, { ...report, status: 'failed', error: 'no' });
    expect(failed).toMatchObject({ status: 'failed', error: 'no' });
    expect(baseOf(failed)).toMatchObject({ revision: 1, nodes: {}, actions: [] });
  });

  it('goes back to what was applied before where the engine finds only while applying that a node refuses', () => {
    const first = afterReport(wished, { ...report, status: 'applied' });
    const second = wish(first, { ...first.state, revision: 2, nodes: { exp: { concurrency: 9 } } });
    const told = { ...report, lastHash: second.hash };
    const applied = afterReport(second, { ...told, status: 'applied' });
    const failed = afterReport(applied, { ...told, status: 'failed', error: 'exp: no' });
    expect(failed).toMatchObject({ status: 'failed', error: 'exp: no' });
    expect(baseOf(failed)).toMatchObject({ revision: 2, nodes: { exp: { concurrency: 2 } } });
  });

  it('adopts a later state without its acts, and offers it again to an engine that lost it', () => {
    const later = { ...order(start, { target: 'exp', action: 'drain' }), revision: 7 };
    const unset = { lastHash: '', status: 'unset', error: '' } as const;
    const adopted = afterReport(initialRecord(), { ...unset, effective: bytes(later) });
    expect(adopted).toMatchObject({ status: 'applied', offered: false, state: { revision: 7, actions: [] } });
    expect(afterReport(adopted, { ...unset, effective: bytes(later) }).offered).toBe(false);
    expect(afterReport(adopted, { ...unset, effective: null })).toMatchObject({
      status: 'pending',
      offered: true,
    });
  });

  it('takes a file of that name that is no desired state for nothing', () => {
    const strange = { lastHash: '', status: 'unset', error: '', effective: new Uint8Array([1, 2]) } as const;
    expect(afterReport(initialRecord(), strange)).toMatchObject({ offered: false, state: start });
  });
});
