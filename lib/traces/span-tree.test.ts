import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSpanTree, causesOf } from './span-tree';
import { columnsOf, randomSpans } from './testing/random-trace';
import { slowParent } from './testing/slow-waterfall';
import { traceFromPicture } from './testing/trace-picture';

const SEED = 20_261_133;

describe('the tree of a trace', () => {
  it('puts each span before its children, and children by start', () => {
    const tree = buildSpanTree(
      traceFromPicture(
        't',
        `
        recv    b |WW------|
          route b |  .W    |
            exp b |    .WW |
          copy  b |   .W   |`,
      ),
    );
    expect([...tree.order]).toEqual([0, 1, 2, 3]);
    expect([...tree.depth]).toEqual([0, 1, 2, 1]);
    expect([...tree.descendants]).toEqual([3, 1, 0, 0]);
    expect(causesOf(tree, 2)).toEqual([0, 1, 2]);
  });

  it('makes the earliest span of a cycle a root, and a self parent too', () => {
    const tree = buildSpanTree(
      traceFromPicture(
        't',
        `
        a b |W   | parent=2
        b b | W  | parent=0
        c b |  W | parent=1
        d b |   W| parent=3`,
      ),
    );
    expect([...tree.parent]).toEqual([-1, 0, 1, -1]);
    expect([...tree.order]).toEqual([0, 1, 2, 3]);
  });

  it(`holds every span exactly once, below the parent that a slow search finds (seed ${SEED})`, () => {
    fc.assert(
      fc.property(randomSpans, (spans) => {
        const tree = buildSpanTree(columnsOf('t', spans));
        expect([...tree.order].sort((a, b) => a - b)).toEqual(spans.map((_, row) => row));
        const position = new Map([...tree.order].map((row, index) => [row, index]));
        for (let row = 0; row < tree.length; row++) {
          const chain = causesOf(tree, row);
          expect(chain.length).toBe((tree.depth[row] ?? 0) + 1);
          const above = tree.parent[row] ?? -1;
          expect(above < 0 ? null : above).toBe(slowParent(spans, row));
          if (above >= 0) expect(position.get(above)).toBeLessThan(position.get(row) ?? -1);
          const below = spans.filter((_, each) => each !== row && causesOf(tree, each).includes(row));
          expect(tree.descendants[row]).toBe(below.length);
        }
      }),
      { seed: SEED },
    );
  });

  it('walks a chain of 100,000 spans without a deep stack', () => {
    const spans = Array.from({ length: 100_000 }, (_, row) => ({
      parent: row - 1,
      start: row,
      duration: 1,
      node: 0,
      batch: 0,
      outcome: 0,
    }));
    expect(buildSpanTree(columnsOf('t', spans)).depth[99_999]).toBe(99_999);
  });
});
