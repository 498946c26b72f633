import { describe, expect, it, test } from 'vitest';
import type { Finding } from '@/lib/api/topology';
import { findingSpans, heldSpans, shareOfHour } from './scrub-marks';

const NOW = 10_000_000_000;
const HOUR = 3_600_000;

function finding(sinceMs: number, untilMs?: number): Finding {
  return {
    id: 'f',
    kind: 'bottleneck',
    node: 'n',
    title: 'Bottleneck: n',
    since: String(sinceMs * 1_000_000),
    ...(untilMs === undefined ? {} : { until: String(untilMs * 1_000_000) }),
    confidence: null,
    evidence: [],
  };
}

test('now is at the right end, an hour ago at the left, and what is older too', () => {
  expect(shareOfHour(NOW, NOW)).toBe(1);
  expect(shareOfHour(NOW - HOUR, NOW)).toBe(0);
  expect(shareOfHour(NOW - 2 * HOUR, NOW)).toBe(0);
  expect(shareOfHour(null, NOW)).toBeNull();
});

test('an open finding reaches until now', () => {
  expect(findingSpans([finding(NOW - HOUR / 2)], NOW)).toMatchObject([{ from: 0.5, to: 1 }]);
});

test('a finding that ended before the hour is not drawn', () => {
  expect(findingSpans([finding(NOW - 3 * HOUR, NOW - 2 * HOUR)], NOW)).toEqual([]);
});

describe('held stretches', () => {
  const at = (ms: number) => `${ms}000000`;
  const coverage = (traces: number[], kept: number[]) => ({
    fromUnixNano: at(0),
    toUnixNano: at(3_600_000),
    traces,
    kept,
  });

  it('are one where neighbours are alike, and tell what is left only in part', () => {
    expect(heldSpans(coverage([0, 3, 2, 9, 9, 0, 1, 0], [0, 3, 2, 1, 0, 0, 1, 0]), 3_600_000)).toEqual([
      { from: 0.125, to: 0.375, some: true },
      { from: 0.375, to: 0.625, some: false },
      { from: 0.75, to: 0.875, some: true },
    ]);
  });

  it('move to the left as time goes on, until they are out of the hour', () => {
    const [span] = heldSpans(coverage([5, 0], [0, 0]), 4_500_000);
    expect(span).toEqual({ from: 0, to: 0.25, some: false });
    expect(heldSpans(coverage([5, 0], [0, 0]), 9_000_000)).toEqual([]);
  });
});
