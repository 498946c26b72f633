import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseTrace } from './analysed-trace';
import { criticalPath, criticalRows, journeyCriticalPath, mergeWait } from './critical-path';
import { buildSpanTree, causesOf } from './span-tree';
import { columnsOf, randomSpans } from './testing/random-trace';
import { traceFromPicture } from './testing/trace-picture';

describe('the critical path', () => {
  it('is the chain of causes of the last to finish, not of the one that waits longest', () => {
    const columns = traceFromPicture(
      't',
      `
      recv  b1   |WW------------|
        a   b1.1 |  .WW         |
        b   b1.2 |  ..WWWW      |
          c b1.2 |        ..WWWW|`,
    );
    expect(criticalRows(columns)).toEqual([0, 2, 3]);
    expect(criticalPath(columns)).toEqual(['t/0', 't/2', 't/3']);
  });

  it('goes through the attempt that failed before the one that did not', () => {
    const columns = traceFromPicture(
      't',
      `
      retry b |W-----------|
        exp b | .WW        | err
        exp b |      .WW   | link=retry:t/1`,
    );
    expect(criticalRows(columns)).toEqual([0, 1, 2]);
  });

  it('descends into nested calls', () => {
    const columns = traceFromPicture(
      't',
      `
      http  - |WWWWWWWWWW|
        db  - | WW       |
        rpc - |    WWW   |`,
    );
    expect(criticalRows(columns)).toEqual([0, 2]);
  });

  it('agrees with a search over all leaves, with cycles and missing parents', () => {
    fc.assert(
      fc.property(randomSpans, (spans) => {
        const columns = columnsOf('t', spans);
        const tree = buildSpanTree(columns);
        const path = criticalRows(columns, tree);
        if (spans.length === 0) {
          expect(path).toEqual([]);
          return;
        }
        const leaf = path.at(-1) ?? -1;
        expect(path).toEqual(causesOf(tree, leaf));
        expect(tree.descendants[leaf]).toBe(0);
        const finished = (row: number) => (columns.endNs[row] ?? 0) - (columns.outcomeWaitMs[row] ?? 0) * 1e6;
        const latest = Math.max(...spans.map((_, row) => finished(row)));
        expect(path.map(finished)).toContain(latest);
      }),
    );
  });
});

describe('a merge', () => {
  const a = traceFromPicture('a', `recv a |WW|\n  batch a |  .W|`);
  const b = traceFromPicture('b', `recv b |WWWW|\n  batch b |    .W|`);
  const merged = traceFromPicture(
    'm',
    `
    batch m |WW   | link=merge:a/1:40:9 link=merge:b/1:24:1
      exp m |  .WW|`,
  );

  it('waited for the contributor that was held the shortest', () => {
    expect(mergeWait(merged, 0)?.last.traceId).toBe('b');
    expect(mergeWait(merged, 0)?.held.map((link) => link.heldMs)).toEqual([9]);
    expect(mergeWait(merged, 1)).toBeNull();
  });

  it('is preceded on the journey by its last contributor', () => {
    const traces = new Map([a, b, merged].map((each) => [each.traceId, analyseTrace(each)]));
    expect(journeyCriticalPath(traces, 'm').map((step) => step.spanId)).toEqual(['b/0', 'b/1', 'm/0', 'm/1']);
  });

  it('that was made from itself does not hang', () => {
    const self = traceFromPicture('s', `batch s |WW| link=merge:s/0:1:1`);
    expect(journeyCriticalPath(new Map([['s', analyseTrace(self)]]), 's')).toHaveLength(1);
  });
});
