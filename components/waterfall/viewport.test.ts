import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  brushedView,
  clampView,
  formatView,
  lengthOf,
  panView,
  parseView,
  SHORTEST_MS,
  toMs,
  toX,
  wholeOf,
  zoomView,
} from './viewport';

const whole = { fromMs: 0, toMs: 1_000 };

describe('the viewport of a waterfall', () => {
  it('keeps the moment under the pointer in its place while zooming', () => {
    const view = zoomView({ fromMs: 100, toMs: 300 }, whole, 0.5, 150);
    expect(view).toEqual({ fromMs: 125, toMs: 225 });
    expect(toX(150, view, 800)).toBe(toX(150, { fromMs: 100, toMs: 300 }, 800));
  });

  it('goes in to a microsecond and no further', () => {
    let view = whole;
    for (let i = 0; i < 100; i++) view = zoomView(view, whole, 0.5, 400);
    expect(lengthOf(view)).toBeCloseTo(SHORTEST_MS, 9);
  });

  it('stays within the whole, whatever is done to it', () => {
    const move = fc.oneof(
      fc.record({ kind: fc.constant('zoom' as const), by: fc.double({ min: 0.01, max: 9, noNaN: true }) }),
      fc.record({ kind: fc.constant('pan' as const), by: fc.double({ min: -3, max: 3, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
        let view = whole;
        for (const { kind, by } of moves) {
          const middle = (view.fromMs + view.toMs) / 2;
          view = kind === 'zoom' ? zoomView(view, whole, by, middle) : panView(view, whole, by);
          expect(view.fromMs).toBeGreaterThanOrEqual(0);
          expect(view.toMs).toBeLessThanOrEqual(1_000 + 1e-9);
          expect(lengthOf(view)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('has room on both sides of the whole', () => {
    expect(wholeOf(1_000)).toEqual({ fromMs: -12, toMs: 1_030 });
    expect(lengthOf(wholeOf(0))).toBeGreaterThanOrEqual(SHORTEST_MS);
  });

  it('is brushed in either direction', () => {
    expect(brushedView(40, 10, whole)).toEqual({ fromMs: 10, toMs: 40 });
    expect(clampView({ fromMs: -50, toMs: 50 }, whole)).toEqual({ fromMs: 0, toMs: 100 });
  });

  it('is written to the URL and read back', () => {
    expect(parseView(formatView({ fromMs: 1.25, toMs: 3 }))).toEqual({ fromMs: 1.25, toMs: 3 });
    for (const bad of ['', 'x', '3~1', '1-2']) expect(parseView(bad)).toBeNull();
  });

  it('turns pixels into time and back', () => {
    expect(toMs(toX(42, whole, 640), whole, 640)).toBeCloseTo(42);
  });
});
