import { describe, expect, it } from 'vitest';
import { durationAtY, scatterDecades, scatterScale, scatterX, scatterY, timeAtX } from './scatter-scale';

const points = [
  { atMs: 1_000, durationMs: 3 },
  { atMs: 61_000, durationMs: 420 },
];

describe('the scatter of durations', () => {
  it('spans whole powers of ten', () => {
    const scale = scatterScale(points, 600, 100);
    expect(scale && [scale.lowMs, scale.highMs]).toEqual([1, 1_000]);
    expect(scale && scatterDecades(scale)).toEqual([1, 10, 100, 1_000]);
  });

  it('is read back from pixels', () => {
    const scale = scatterScale(points, 600, 100);
    if (!scale) throw new Error('no scale');
    expect(timeAtX(scale, scatterX(scale, 30_000))).toBeCloseTo(30_000);
    expect(durationAtY(scale, scatterY(scale, 42))).toBeCloseTo(42);
    expect(scatterY(scale, 1_000)).toBeLessThan(scatterY(scale, 1));
  });

  it('does without points, and with one', () => {
    expect(scatterScale([], 600, 100)).toBeNull();
    expect(scatterScale([{ atMs: 5, durationMs: 0 }], 600, 100)?.toMs).toBe(1_005);
  });
});
