import { describe, expect, test } from 'vitest';
import { cannotApply, remedyName, remedyRequest } from './remedy';

describe('a remedy', () => {
  test('becomes the request that changes one number', () => {
    const base = { engine: 'e', action: 'config_update' };
    expect(remedyRequest('e', { what: 'concurrency', target: 'exp', now: 1, value: 4 }, 5)).toEqual({
      ...base,
      target: 'exp',
      concurrency: 5,
    });
    expect(remedyRequest('e', { what: 'capacity', target: 'pdata:exp', now: 64, value: 128 }, 128)).toEqual({
      ...base,
      target: 'pdata:exp',
      capacity: 128,
    });
    const size = { what: 'config', key: 'send_batch_size', target: 'b', now: 9, value: 4 } as const;
    expect(remedyRequest('e', size, 4)).toEqual({ ...base, target: 'b', config: { send_batch_size: 4 } });
    expect(remedyName(size)).toBe('send_batch_size of b');
  });

  test('is applied only where an engine takes it', () => {
    const agent = { transport: 'ws', capabilities: [], health: null, conflict: null, problem: null } as const;
    expect(cannotApply({ connected: true, agent, dialect: 'weir' }, false)).toBeNull();
    expect(cannotApply({ connected: true, agent, dialect: 'weir' }, true)).toContain('read-only');
    expect(cannotApply({ connected: false, agent, dialect: 'weir' }, false)).toContain('not connected');
    expect(cannotApply({ connected: true, agent: null, dialect: 'weir' }, false)).toContain('takes no');
    expect(cannotApply({ connected: true, agent, dialect: 'collector' }, false)).toContain('takes no');
  });
});
