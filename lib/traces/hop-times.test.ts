import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hopSegments, timeShares } from './hop-times';

const hop = {
  startMs: 10,
  durationMs: 10,
  waitMs: 4,
  workMs: 3,
  blockedMs: 2,
  outcomeWaitMs: 5,
  heldMs: null,
};

describe('the times of a hop', () => {
  it('are drawn as waiting, working, blocked, outcome', () => {
    expect(hopSegments(hop)).toEqual([
      { kind: 'waiting', fromMs: 6, toMs: 10 },
      { kind: 'working', fromMs: 10, toMs: 13 },
      { kind: 'blocked', fromMs: 13, toMs: 15 },
      { kind: 'outcome', fromMs: 15, toMs: 20 },
    ]);
  });

  it('show a source that tells only a duration as working', () => {
    const bare = { ...hop, waitMs: null, workMs: null, blockedMs: null, outcomeWaitMs: null };
    expect(hopSegments(bare)).toEqual([{ kind: 'working', fromMs: 10, toMs: 20 }]);
  });

  it('put held time inside a span that was open for it, and after one that was not', () => {
    const inside = { ...hop, waitMs: 0, workMs: 2, blockedMs: 0, outcomeWaitMs: 0, heldMs: 8 };
    expect(hopSegments(inside).map((segment) => segment.kind)).toEqual(['working', 'held']);
    const after = { ...inside, workMs: 10 };
    expect(hopSegments(after).at(-1)).toEqual({ kind: 'held', fromMs: 20, toMs: 28 });
  });

  it('never overlap, never leave the hop, whatever a source tells', () => {
    const ms = fc.option(fc.double({ min: -5, max: 50, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(
        fc.record({
          startMs: fc.double({ min: 0, max: 100, noNaN: true }),
          durationMs: fc.double({ min: 0, max: 100, noNaN: true }),
          waitMs: ms,
          workMs: ms,
          blockedMs: ms,
          outcomeWaitMs: ms,
          heldMs: ms,
        }),
        (any) => {
          const segments = hopSegments(any);
          segments.forEach((segment, i) => {
            expect(segment.toMs).toBeGreaterThanOrEqual(segment.fromMs - 1e-9);
            const next = segments[i + 1];
            if (next) expect(next.fromMs).toBeGreaterThanOrEqual(segment.toMs - 1e-9);
          });
          const last = any.startMs + any.durationMs + Math.max(0, any.heldMs ?? 0);
          for (const segment of segments) expect(segment.toMs).toBeLessThanOrEqual(last + 1e-9);
        },
      ),
    );
  });

  it('have shares that add up to one', () => {
    const shares = timeShares({ waitMs: 94, workMs: 2, blockedMs: 3, heldMs: 1 });
    expect(shares.waitMs).toBeCloseTo(0.94);
    expect(timeShares({ waitMs: 0, workMs: 0, blockedMs: 0, heldMs: 0 }).workMs).toBe(0);
  });
});
