import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseTrace } from './analysed-trace';
import { ALL_ROWS, type RowsWindow } from './rows-window';
import { MIN_SIMILAR } from './similar-rows';
import type { SpanTree } from './span-tree';
import { columnsOf, spansWithCopies } from './testing/random-trace';
import { traceFromPicture } from './testing/trace-picture';
import { rowsAnswer } from './waterfall-rows';

const SEED = 20_261_132;
const parts = Array.from({ length: 12 }, (_, i) => `    exp b.${i} |  ${i === 7 ? 'WWW' : 'W  '}     |`);
const fanned = traceFromPicture(
  't',
  ['  split b |WW        |', ...parts, '    exp b.x |  W       | err', '    exp b.y |     W    |'].join('\n'),
);
const ask = (window: Partial<RowsWindow>) =>
  rowsAnswer(analyseTrace(fanned), { ...ALL_ROWS, foldSimilar: true, ...window });

describe('rows that are alike', () => {
  it('are shown as one, of the critical path if one is on it, and a failed one is like no other', () => {
    const rows = ask({});
    expect(rows.spanId).toEqual(['t/0', 't/13', 't/14']);
    expect(rows.similar).toEqual([0, 0, 12]);
    expect(rows.folded).toEqual([0, 0, 12]);
    expect(rows.critical).toEqual([true, false, true]);
    expect([rows.totalRows, rows.totalSpans]).toEqual([3, 15]);
  });

  it('are all there when they are unfolded, and where nothing asked to fold them', () => {
    expect(ask({ unfolded: new Set(['t/14']) }).totalRows).toBe(15);
    expect(ask({ unfolded: new Set(['t/14']) }).similar.at(-1)).toBe(12);
    expect(ask({ foldSimilar: false }).totalRows).toBe(15);
  });

  it('are not folded where one is searched or asked for', () => {
    const rows = ask({ query: 'b.3' });
    expect(rows.spanId).toEqual(['t/0', 't/4', 't/13', 't/14']);
    expect(rows.folded.at(-1)).toBe(11);
    expect(ask({ reveal: 't/2' }).revealed).toBe(1);
  });

  it(`are those that a comparison of whole subtrees finds, whatever the tree (seed ${SEED})`, () => {
    fc.assert(
      fc.property(spansWithCopies, (spans) => {
        const trace = analyseTrace(columnsOf('t', spans));
        const { tree, similar } = trace;
        const groups = new Map<string, number[]>();
        for (const row of tree.order) {
          const key = `${tree.parent[row]}:${textOf(tree, spans, row)}`;
          groups.set(key, [...(groups.get(key) ?? []), row]);
        }
        for (const group of groups.values()) {
          const shown = new Set(group.map((row) => similar.shownBy[row]));
          expect(shown.size).toBe(1);
          const [by = -1] = shown;
          if (group.length < MIN_SIMILAR) expect(by).toBe(-1);
          else expect(group).toContain(by);
        }
        const rows = rowsAnswer(trace, { ...ALL_ROWS, foldSimilar: true });
        const hidden = rows.spanId.reduce((sum, id, i) => {
          const row = Number(id.slice(2));
          return sum + (rows.folded[i] ?? 0) * (1 + (tree.descendants[row] ?? 0));
        }, 0);
        expect(rows.totalRows + hidden).toBe(spans.length);
      }),
      { seed: SEED },
    );
  });
});

function textOf(tree: SpanTree, spans: readonly { readonly node: number }[], row: number): string {
  const below = [...tree.order].filter((each) => tree.parent[each] === row);
  return `${spans[row]?.node}(${below.map((each) => textOf(tree, spans, each)).join()})`;
}
