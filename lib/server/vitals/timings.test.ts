import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimings } from './timings';

describe('timings', () => {
  it('tell quantiles of the last minute within 0.3 %, and forget what is older', () => {
    const moments = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.double({ min: 0.001, max: 5_000, noNaN: true })),
      { minLength: 1, maxLength: 200 },
    );
    fc.assert(
      fc.property(moments, (unordered) => {
        let now = 0;
        const timings = createTimings(() => now);
        const records = [...unordered].sort((a, b) => a[0] - b[0]);
        for (const [at, ms] of records) {
          now = at;
          timings.record('x', ms);
        }
        const oldest = (Math.floor(now / 10_000) - 5) * 10_000;
        const held = records
          .filter(([at]) => at >= oldest)
          .map(([, ms]) => ms)
          .sort((a, b) => a - b);
        const { count, p50Ms, p99Ms, maxMs } = timings.quantiles('x');
        expect(count).toBe(held.length);
        expect(maxMs).toBe(held.at(-1));
        for (const [q, told] of [
          [0.5, p50Ms],
          [0.99, p99Ms],
        ] as const) {
          const exact = held[Math.ceil(q * held.length) - 1] as number;
          expect(Math.abs((told as number) - exact) / exact).toBeLessThan(0.003);
        }
        expect(timings.sumMs('x')).toBeCloseTo(
          held.reduce((sum, ms) => sum + ms, 0),
          3,
        );
      }),
    );
  });

  it('know nothing of what was never timed, and hold a bounded number of names', () => {
    const timings = createTimings(() => 0);
    expect(timings.quantiles('x')).toEqual({ count: 0, p50Ms: null, p99Ms: null, maxMs: null });
    for (let i = 0; i < 1_000; i++) timings.record(`name ${i}`, 1);
    expect(timings.names.length).toBeLessThanOrEqual(65);
    expect(timings.quantiles('other').count).toBe(1_000 - 64);
  });
});
