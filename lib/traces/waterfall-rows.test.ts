import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseTrace } from './analysed-trace';
import { ALL_ROWS, parseRowsWindow, type RowsWindow } from './rows-window';
import { buildSpanTree, causesOf } from './span-tree';
import { columnsOf, randomSpans } from './testing/random-trace';
import { PICTURE_ORIGIN, traceFromPicture } from './testing/trace-picture';
import { rowsAnswer } from './waterfall-rows';

const columns = traceFromPicture(
  't',
  `
  recv    b1   |WWB--------|
    route b1   |   ..W     |
      exp b1.1 |      .WWW | err items=4
      log b1.2 |      .W   |
    other b1   |   .W      | orphan`,
);
const ask = (window: Partial<RowsWindow>) => rowsAnswer(analyseTrace(columns), { ...ALL_ROWS, ...window });

describe('the rows of a waterfall', () => {
  it('carry the four times of a hop', () => {
    const rows = ask({});
    expect(rows.node).toEqual(['recv', 'route', 'exp', 'log', 'other']);
    expect(rows.startMs).toEqual([0, 5, 7, 7, 4]);
    expect(rows.waitMs).toEqual([0, 2, 1, 1, 1]);
    expect(rows.workMs).toEqual([2, 1, 3, 1, 1]);
    expect(rows.blockedMs[0]).toBe(1);
    expect(rows.outcomeWaitMs[0]).toBe(8);
    expect(rows.items).toEqual([null, null, 4, null, null]);
    expect(rows.endMs).toBe(11);
    expect(rows.critical).toEqual([true, true, true, false, false]);
  });

  it('are windowed, with true totals', () => {
    const rows = ask({ offset: 2, limit: 2 });
    expect(rows.spanId).toEqual(['t/2', 't/3']);
    expect([rows.totalRows, rows.totalSpans, rows.offset]).toEqual([5, 5, 2]);
  });

  it('fold by depth, and one by one against it', () => {
    expect(ask({ depth: 0 }).node).toEqual(['recv', 'other']);
    expect(ask({ depth: 1 }).node).toEqual(['recv', 'route', 'other']);
    expect(ask({ depth: 0, toggled: new Set(['t/0']) }).node).toEqual(['recv', 'route', 'other']);
    const folded = ask({ toggled: new Set(['t/1']) });
    expect(folded.node).toEqual(['recv', 'route', 'other']);
    expect(folded.opened).toEqual([true, false, true]);
    expect(folded.descendants[1]).toBe(2);
  });

  it('open the way to what is searched or asked for', () => {
    const found = ask({ depth: 0, query: 'log' });
    expect(found.node).toEqual(['recv', 'route', 'exp', 'log', 'other']);
    expect(found.matches).toEqual({ rows: [3], total: 1 });
    expect(ask({ depth: 0, reveal: 't/2' }).revealed).toBe(2);
    expect(ask({ reveal: 'gone' }).revealed).toBeNull();
  });

  it('are searched by status, duration and text that was decoded', () => {
    expect(ask({ query: 'error' }).matches?.rows).toEqual([2]);
    expect(ask({ query: '>2.5ms exp' }).matches?.rows).toEqual([2]);
    const extra = (row: number) => (row === 4 ? 'http 503' : '');
    expect(rowsAnswer(analyseTrace(columns), { ...ALL_ROWS, query: '503' }, extra).matches?.rows).toEqual([
      4,
    ]);
  });

  it('of a time are those that touch it, with their ancestors', () => {
    const at = (ms: number) => PICTURE_ORIGIN + BigInt(ms) * 1_000_000n;
    expect(ask({ from: at(10), to: at(10) }).node).toEqual(['recv', 'route', 'exp']);
  });

  it('agree with a slow definition, whatever the tree', () => {
    const folds = fc.record({
      depth: fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
      toggled: fc.array(fc.integer({ min: 0, max: 24 }), { maxLength: 5 }),
      closed: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(randomSpans, folds, (spans, { depth, toggled, closed }) => {
        const any = columnsOf('t', spans);
        const tree = buildSpanTree(any);
        const isOpen = (row: number) =>
          ((depth === null || (tree.depth[row] ?? 0) < depth) && !closed.includes(any.node[row] ?? -1)) !==
          toggled.includes(row);
        const slow = [...tree.order].filter((row) => causesOf(tree, row).slice(0, -1).every(isOpen));
        const rows = rowsAnswer(analyseTrace(any), {
          ...ALL_ROWS,
          depth,
          closedNodes: new Set(closed.map((node) => `n${node}`)),
          toggled: new Set(toggled.map((row) => `t/${row}`)),
        });
        expect(rows.spanId).toEqual(slow.map((row) => `t/${row}`));
        expect(rows.totalRows).toBe(slow.length);
      }),
    );
  });
});

describe('a window', () => {
  it('is read from a query string, and refused with a reason', () => {
    const read = (text: string) => parseRowsWindow(new URLSearchParams(text));
    expect(
      read('offset=20&limit=10&depth=2&toggled=a,b&closed=n&similar=fold&unfolded=c&q=x&reveal=s'),
    ).toEqual({
      ok: true,
      value: {
        ...ALL_ROWS,
        offset: 20,
        limit: 10,
        depth: 2,
        toggled: new Set(['a', 'b']),
        closedNodes: new Set(['n']),
        foldSimilar: true,
        unfolded: new Set(['c']),
        query: 'x',
        reveal: 's',
      },
    });
    for (const bad of [
      'limit=501',
      'similar=maybe',
      'offset=-1',
      'depth=x',
      'from=yesterday',
      `q=${'x'.repeat(201)}`,
    ]) {
      expect(read(bad).ok).toBe(false);
    }
  });
});
