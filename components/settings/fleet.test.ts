import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '@/lib/api/engines';
import { fleetOf, stateOf } from './fleet';

function engine(id: string, more: Partial<EngineInfo> = {}): EngineInfo {
  return {
    id,
    service: 'edge',
    connected: true,
    configHash: 'h1',
    agent: null,
    remoteConfig: null,
    mayBe: [],
    ...more,
  } as EngineInfo;
}

const sick = {
  transport: 'ws',
  capabilities: [],
  conflict: null,
  problem: null,
  health: {
    healthy: false,
    status: 'degraded',
    lastError: '',
    components: [
      {
        name: 'main',
        healthy: false,
        status: 'x',
        lastError: '',
        components: [{ name: 'out', healthy: false, status: 'x', lastError: 'refused', components: [] }],
      },
    ],
  },
} as const;

describe('the list of engines', () => {
  it('groups by service and configuration, worst first everywhere', () => {
    const groups = fleetOf([
      engine('a'),
      engine('b', { configHash: 'h2' }),
      engine('c', { configHash: 'h2', connected: false }),
      engine('fine', { service: 'other' }),
      engine('torn', { service: 'third', agent: sick }),
    ]);
    expect(groups.map(({ service, inTrouble }) => [service, inTrouble])).toEqual([
      ['edge', 1],
      ['third', 1],
      ['other', 0],
    ]);
    expect(groups[0]?.configs.map(({ hash, engines }) => [hash, engines.map(({ id }) => id)])).toEqual([
      ['h2', ['c', 'b']],
      ['h1', ['a']],
    ]);
  });

  it('says the worst of what is wrong, with the words of the component that is the cause', () => {
    expect(stateOf(engine('a', { agent: sick })).label).toBe('unhealthy: refused');
    expect(stateOf(engine('a', { connected: false, agent: sick })).label).toBe('disconnected');
    const failed = { revision: 1, status: 'failed', error: 'x' } as const;
    expect(stateOf(engine('a', { remoteConfig: failed })).label).toBe('refused its last change');
  });
});
