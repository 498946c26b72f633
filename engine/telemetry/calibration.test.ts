import { describe, expect, it } from 'vitest';
import type { Clock } from '@/lib/base/clock';
import { epochNanos } from '@/lib/base/time';
import { DEFAULT_TAIL_SAMPLING } from '@/lib/sampling/config';
import { createCalibration } from './calibration';

/** Time passes only as the recorder reads the clock: each reading takes `readNs`, and nothing else takes any. */
function costlyClock() {
  const clock = { now: 0, readNs: 40 };
  const asClock: Clock = {
    epoch: epochNanos(0n),
    nowNs: () => clock.now,
    readInto(out, index) {
      clock.now += clock.readNs;
      out[index] = clock.now;
    },
    setTimer: () => ({ cancel: () => undefined }),
  };
  return Object.assign(clock, { asClock });
}

describe('the live calibration', () => {
  it('follows a recorder that becomes slower, and finds nothing in None', () => {
    const clock = costlyClock();
    const calibration = createCalibration(clock.asClock, () => DEFAULT_TAIL_SAMPLING);
    for (let i = 0; i < 40; i++) calibration.round();
    const before = calibration.figures();
    expect(before.none).toBe(0);
    expect(before.full).toBeGreaterThan(0);
    clock.readNs *= 10;
    for (let i = 0; i < 40; i++) calibration.round();
    const after = calibration.figures();
    expect(after.full).toBeCloseTo(10 * (before.full ?? 0), 6);
    expect(after.tail).toBeCloseTo(10 * (before.tail ?? 0), 6);
    expect(after.none).toBe(0);
  });

  it('reads the clock no more than twice a hop', () => {
    const clock = costlyClock();
    const calibration = createCalibration(clock.asClock, () => DEFAULT_TAIL_SAMPLING);
    for (let i = 0; i < 40; i++) calibration.round();
    expect(calibration.figures().full).toBeLessThanOrEqual(2 * clock.readNs);
  });

  it('says nothing before it has measured', () => {
    expect(createCalibration(costlyClock().asClock, () => DEFAULT_TAIL_SAMPLING).figures()).toEqual({});
  });
});
