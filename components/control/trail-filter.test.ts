import { describe, expect, it } from 'vitest';
import type { ControlActionRow } from '@/lib/api/control';
import { filterTrail, NO_FILTER, occurring } from './trail-filter';

function row(
  id: string,
  action: string,
  target: string,
  outcome: ControlActionRow['outcome'],
): ControlActionRow {
  return {
    id,
    engine: 'demo',
    timeUnixNano: '1',
    action,
    target,
    origin: 'operator',
    revision: 1,
    outcome,
    message: '',
    tookMs: 1,
    affected: 0,
    traceId: null,
    spanId: null,
    summary: '',
    undoable: false,
    after: null,
  };
}

const rows = [row('a', 'config_update', 'exp-slow', 'applied'), row('b', 'drain', 'pipeline', 'forced')];

describe('the trail', () => {
  it('is whole without a filter', () => {
    expect(filterTrail(rows, NO_FILTER)).toEqual(rows);
  });

  it('is narrowed by each field and by text, all at once', () => {
    expect(filterTrail(rows, { ...NO_FILTER, action: 'drain' })).toEqual([rows[1]]);
    expect(filterTrail(rows, { ...NO_FILTER, text: 'SLOW' })).toEqual([rows[0]]);
    expect(filterTrail(rows, { ...NO_FILTER, text: 'slow', outcome: 'forced' })).toEqual([]);
  });

  it('offers the values that occur', () => {
    expect(occurring(rows, 'outcome')).toEqual(['applied', 'forced']);
  });
});
