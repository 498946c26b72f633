import { describe, expect, it } from 'vitest';
import { applyFilterText, chipsOf, NO_FILTERS } from './filter-text';

describe('the search box of the list', () => {
  it('turns what it knows into chips and leaves the rest as text', () => {
    const filters = applyFilterText(NO_FILTERS, 'status:error node:exp-slow >1.5s <2min batch-12 node:x');
    expect(filters).toEqual({
      ...NO_FILTERS,
      status: 'error',
      node: ['exp-slow', 'x'],
      minDurationMs: 1_500,
      maxDurationMs: 120_000,
      q: 'batch-12',
    });
    expect(
      chipsOf(filters, (ms) => `${ms} ms`).map((chip) => `${chip.name} ${chip.operator} ${chip.value}`),
    ).toEqual([
      'node is exp-slow',
      'node is x',
      'status is error',
      'duration ≥ 1500 ms',
      'duration ≤ 120000 ms',
      'text has batch-12',
    ]);
  });

  it('takes a chip away again', () => {
    const filters = applyFilterText(NO_FILTERS, 'node:a policy:slow');
    const [first] = chipsOf(filters, String);
    expect(first?.without).toEqual({ ...NO_FILTERS, policy: 'slow' });
  });

  it('keeps words that only look like filters', () => {
    expect(applyFilterText(NO_FILTERS, 'status:odd a:b').q).toBe('status:odd a:b');
  });
});
