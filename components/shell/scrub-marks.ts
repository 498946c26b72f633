/** Where things lie on the line of the last hour: 0 is an hour ago, 1 is now. Pure. */
import type { ControlActionRow } from '@/lib/api/control';
import type { CoverageAnswer } from '@/lib/api/coverage';
import type { Finding } from '@/lib/api/topology';
import { formatClockMs, unixMsFromNano } from '@/lib/base/format';
import { CURSOR_REACH_MS } from '@/lib/client/time-cursor';

/** At most so many marks are drawn; the newest. */
const MAX_MARKS = 120;

/** What lies before the hour is put at its start; `null` stays unknown. */
export function shareOfHour(atMs: number | null, nowMs: number): number | null {
  if (atMs === null) return null;
  return Math.min(1, Math.max(0, 1 - (nowMs - atMs) / CURSOR_REACH_MS));
}

export interface HeldSpan {
  readonly from: number;
  readonly to: number;
  /** True where only some are left: those that are kept for what they show. */
  readonly some: boolean;
}

/** Stretches of the line of which traces are still held, neighbours of a kind as one. */
export function heldSpans(coverage: CoverageAnswer, nowMs: number): readonly HeldSpan[] {
  const fromMs = unixMsFromNano(coverage.fromUnixNano) ?? nowMs;
  const toMs = unixMsFromNano(coverage.toUnixNano) ?? nowMs;
  const widthMs = (toMs - fromMs) / Math.max(1, coverage.traces.length);
  const spans: HeldSpan[] = [];
  for (const [i, traces] of coverage.traces.entries()) {
    if (traces === 0) continue;
    const some = coverage.kept[i] === traces;
    const from = shareOfHour(fromMs + i * widthMs, nowMs) ?? 0;
    const to = shareOfHour(fromMs + (i + 1) * widthMs, nowMs) ?? 1;
    const before = spans.at(-1);
    if (before && before.some === some && from - before.to < 1e-6)
      spans[spans.length - 1] = { ...before, to };
    else if (to > from) spans.push({ from, to, some });
  }
  return spans;
}

export interface Mark {
  readonly key: string;
  readonly at: number;
  readonly title: string;
}

export function marksOf(actions: readonly ControlActionRow[], nowMs: number): readonly Mark[] {
  return actions.slice(0, MAX_MARKS).flatMap((action) => {
    const atMs = unixMsFromNano(action.timeUnixNano);
    if (atMs === null || nowMs - atMs > CURSOR_REACH_MS) return [];
    const title = `${formatClockMs(atMs)} ${action.action} ${action.target}: ${action.outcome}`;
    return [{ key: action.id, at: shareOfHour(atMs, nowMs) ?? 0, title }];
  });
}

export interface Span {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly title: string;
}

/** An open finding reaches until now. */
export function findingSpans(findings: readonly Finding[], nowMs: number): readonly Span[] {
  return findings.slice(0, MAX_MARKS).flatMap((finding) => {
    const fromMs = unixMsFromNano(finding.since);
    const toMs = unixMsFromNano(finding.until) ?? nowMs;
    if (fromMs === null || nowMs - toMs > CURSOR_REACH_MS) return [];
    return [
      {
        key: finding.id,
        from: shareOfHour(fromMs, nowMs) ?? 0,
        to: shareOfHour(toMs, nowMs) ?? 1,
        title: `${finding.title}, since ${formatClockMs(fromMs)}`,
      },
    ];
  });
}
