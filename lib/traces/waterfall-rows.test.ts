import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseTrace } from './analysed-trace';
import { ALL_ROWS, parseRowsWindow, type RowsWindow } from './rows-window';
import { columnsOf, spansWithCopies } from './testing/random-trace';
import { slowParent, slowRows } from './testing/slow-waterfall';
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

const SEED = 20_261_131;

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

  it(`are those of a slow definition, however they are folded, searched and cut (seed ${SEED})`, () => {
    const row = fc.integer({ min: 0, max: 24 });
    const moment = fc.option(fc.integer({ min: 0, max: 100 }), { nil: null });
    const windows = fc.record({
      fromMs: moment,
      toMs: moment,
      depth: fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
      toggled: fc.array(row, { maxLength: 4 }),
      shut: fc.array(row, { maxLength: 2 }),
      closed: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
      unfolded: fc.array(row, { maxLength: 2 }),
      foldSimilar: fc.boolean(),
      searched: fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
      reveal: fc.option(row, { nil: null }),
    });
    fc.assert(
      fc.property(
        spansWithCopies,
        windows,
        fc.nat(30),
        fc.integer({ min: 1, max: 60 }),
        (spans, window, offset, limit) => {
          const slow = slowRows({ traceId: 't', spans, links: [] }, window);
          const nanos = (ms: number | null) => (ms === null ? null : BigInt(ms) * 1_000_000n);
          const ids = (rows: readonly number[]) => new Set(rows.map((each) => `t/${each}`));
          const rows = rowsAnswer(analyseTrace(columnsOf('t', spans)), {
            from: nanos(window.fromMs),
            to: nanos(window.toMs),
            depth: window.depth,
            toggled: ids(window.toggled),
            shut: ids(window.shut),
            closedNodes: new Set(window.closed.map((node) => `n${node}`)),
            unfolded: ids(window.unfolded),
            foldSimilar: window.foldSimilar,
            query: window.searched === null ? '' : `n${window.searched}`,
            reveal: window.reveal === null ? null : `t/${window.reveal}`,
            offset,
            limit,
          });
          expect(rows.spanId).toEqual(slow.slice(offset, offset + limit).map((each) => `t/${each}`));
          expect([rows.totalRows, rows.totalSpans]).toEqual([slow.length, spans.length]);
          const above = slow.slice(offset, offset + limit).map((each) => slowParent(spans, each));
          expect(rows.parentRow).toEqual(above.map((each) => (each === null ? -1 : slow.indexOf(each))));
          expect(rows.parentSpanId).toEqual(above.map((each) => (each === null ? '' : `t/${each}`)));
          const revealed = slow.indexOf(window.reveal ?? -1);
          expect(rows.revealed).toBe(revealed < 0 ? null : revealed);
          const found = slow.flatMap((each, i) => (spans[each]?.node === window.searched ? [i] : []));
          expect(rows.matches).toEqual(
            window.searched === null ? null : { rows: found, total: found.length },
          );
        },
      ),
      { seed: SEED, numRuns: 400 },
    );
  });
});

describe('a window', () => {
  it('is read from a query string, and refused with a reason', () => {
    const read = (text: string) => parseRowsWindow(new URLSearchParams(text));
    expect(
      read('offset=20&limit=10&depth=2&toggled=a,b&shut=d&closed=n&similar=fold&unfolded=c&q=x&reveal=s'),
    ).toEqual({
      ok: true,
      value: {
        ...ALL_ROWS,
        offset: 20,
        limit: 10,
        depth: 2,
        toggled: new Set(['a', 'b']),
        shut: new Set(['d']),
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
