import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellAt, columnSpan, orderRows } from './heatmap-layout';

describe('a heatmap', () => {
  it('finds under the pointer the cell that was drawn there', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 2_000 }),
        fc.integer({ min: 1, max: 600 }),
        fc.nat(),
        (width, columns, pick) => {
          fc.pre(columns <= width);
          const layout = { width, rowHeight: 16, rows: 3, columns };
          const column = pick % columns;
          const span = columnSpan(layout, column);
          fc.pre(span.width >= 3);
          expect(cellAt(layout, span.x + span.width / 2, 20)).toEqual({ row: 1, column });
        },
      ),
    );
  });

  it('covers its width without seam or overlap', () => {
    const layout = { width: 1_003, rowHeight: 16, rows: 1, columns: 240 };
    let x = 0;
    for (let column = 0; column < layout.columns; column++) {
      const span = columnSpan(layout, column);
      expect(span.x).toBe(x);
      x += span.width;
    }
    expect(x).toBe(layout.width);
  });

  it('is nowhere outside its cells', () => {
    expect(cellAt({ width: 100, rowHeight: 10, rows: 2, columns: 10 }, 50, 25)).toBeNull();
    expect(cellAt({ width: 100, rowHeight: 10, rows: 2, columns: 10 }, -1, 5)).toBeNull();
  });

  it('lists busy channels first and unknown ones last', () => {
    const rows = [
      { id: 'idle', values: [0, 0] },
      { id: 'unknown', values: [null] },
      { id: 'full', values: [1, null] },
    ];
    expect(orderRows(rows).map((row) => row.id)).toEqual(['full', 'idle', 'unknown']);
  });
});
