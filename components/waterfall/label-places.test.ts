import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeLabels } from './label-places';

describe('labels beside ticks', () => {
  it('stand right where there is room, else left, else nowhere', () => {
    const ticks = [
      { x: 10, width: 60 },
      { x: 300, width: 60 },
      { x: 320, width: 60 },
      { x: 395, width: 60 },
    ];
    expect(placeLabels(ticks, 400)).toEqual(['right', 'left', 'none', 'none']);
  });

  it('never overlap one another', () => {
    const tick = fc.record({ x: fc.integer({ min: 0, max: 500 }), width: fc.integer({ min: 10, max: 150 }) });
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 12 }), (given) => {
        const ticks = [...given].sort((a, b) => a.x - b.x);
        const boxes = placeLabels(ticks, 500).flatMap((side, i) => {
          const { x, width } = ticks[i] ?? { x: 0, width: 0 };
          if (side === 'none') return [];
          return [side === 'right' ? [x + 8, x + 8 + width] : [x - 8 - width, x - 8]];
        });
        boxes.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
        boxes.forEach((box, i) => {
          const after = boxes[i + 1];
          if (after) expect(after[0]).toBeGreaterThanOrEqual(box[1] ?? 0);
        });
      }),
    );
  });
});
