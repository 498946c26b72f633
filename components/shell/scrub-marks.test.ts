import { expect, test } from 'vitest';
import type { Finding } from '@/lib/api/topology';
import { findingSpans, shareOfHour } from './scrub-marks';

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
