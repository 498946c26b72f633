import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layeredLayout } from './layered-layout';

describe('a small graph', () => {
  it('is laid out from left to right', () => {
    const edges = [
      { from: 'recv', to: 'batch' },
      { from: 'batch', to: 'a' },
      { from: 'batch', to: 'b' },
      { from: 'recv', to: 'b' },
    ];
    expect(layeredLayout(['recv', 'batch', 'a', 'b'], edges)).toEqual([
      { id: 'recv', layer: 0, lane: 0 },
      { id: 'batch', layer: 1, lane: 0 },
      { id: 'a', layer: 2, lane: 0 },
      { id: 'b', layer: 2, lane: 1 },
    ]);
  });

  it('ends on cycles, and puts no two nodes in one place', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    fc.assert(
      fc.property(fc.array(fc.record({ from: id, to: id }), { maxLength: 12 }), (edges) => {
        const placed = layeredLayout(['a', 'b', 'c', 'd', 'e'], edges);
        expect(new Set(placed.map((each) => `${each.layer}/${each.lane}`)).size).toBe(5);
      }),
    );
  });
});
