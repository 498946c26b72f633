import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignNodes, compareTraces } from './compare';
import { nodeTimes } from './node-times';
import { drawnAnswer } from './testing/drawn-answer';
import { traceFromPicture } from './testing/trace-picture';

describe('comparing two traces', () => {
  const quick = traceFromPicture('q', `recv b |W---|\n  exp b | .W |`);
  const slow = traceFromPicture(
    's',
    `recv b |W-----------|\n  retry b | .......W   |\n  exp b |   .....WW  |`,
  );

  it('aligns them by node and tells what each took longer', () => {
    const { nodes, reordered } = compareTraces(drawnAnswer(quick), drawnAnswer(slow));
    expect(nodes.map((each) => [each.node, each.deltaMs, each.a !== null])).toEqual([
      ['recv', 0, true],
      ['retry', 8, false],
      ['exp', 5, true],
    ]);
    expect(reordered).toBe(false);
    expect(nodeTimes(slow)[2]?.waitMs).toBe(5);
  });

  it('notices another order', () => {
    const other = traceFromPicture('o', `exp b |W---|\n  recv b | .W |`);
    expect(compareTraces(drawnAnswer(quick), drawnAnswer(other)).reordered).toBe(true);
  });

  it('keeps every node once, and the order of each list where both agree', () => {
    const list = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'));
    fc.assert(
      fc.property(list, list, (a, b) => {
        const aligned = alignNodes(a, b);
        expect([...aligned].sort()).toEqual([...new Set([...a, ...b])].sort());
        expect(alignNodes(a, a)).toEqual(a);
        const onlyA = a.filter((node) => !b.includes(node));
        expect(aligned.filter((node) => onlyA.includes(node))).toEqual(onlyA);
      }),
    );
  });

  it('keeps as many shared nodes in line as any choice of them could', () => {
    const list = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'));
    const isWithin = (part: readonly string[], whole: readonly string[]) => {
      let at = 0;
      for (const node of whole) if (node === part[at]) at++;
      return at === part.length;
    };
    const longestCommon = (a: readonly string[], b: readonly string[]) => {
      let longest = 0;
      for (let choice = 0; choice < 2 ** a.length; choice++) {
        const part = a.filter((_, i) => (choice >> i) % 2 === 1);
        if (isWithin(part, b)) longest = Math.max(longest, part.length);
      }
      return longest;
    };
    fc.assert(
      fc.property(list, list, (a, b) => {
        const aligned = alignNodes(a, b);
        const inLineWithBoth = longestCommon(
          a.filter((node) => b.includes(node)),
          b,
        );
        const kept = aligned.filter((node) => a.includes(node) && b.includes(node));
        expect(longestCommon(kept, a)).toBeGreaterThanOrEqual(inLineWithBoth);
        expect(longestCommon(kept, b)).toBeGreaterThanOrEqual(inLineWithBoth);
      }),
      { seed: 20_261_125 },
    );
  });
});
