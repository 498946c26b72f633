/** The line of figures in the head of a trace. */
import type { TraceAnswer } from '@/lib/api/traces';
import { formatCount, formatMs, formatPercent } from '@/lib/base/format';
import { timeShares } from '@/lib/traces/hop-times';

export interface HeaderFigure {
  readonly name: string;
  readonly value: string;
  readonly tone: string;
  readonly title?: string;
}

export function headerFigures(answer: TraceAnswer): HeaderFigure[] {
  const { trace, statistics } = answer;
  const heldMs = statistics.reduce((sum, node) => sum + node.heldMs, 0);
  const shares = timeShares({ ...trace, heldMs });
  const share = (name: string, value: number, ms: number, tone: string): HeaderFigure => ({
    name,
    value: formatPercent(value),
    tone,
    title: `${formatMs(ms)} of all hops together`,
  });
  return [
    { name: 'total', value: formatMs(trace.durationMs), tone: 'text-ink' },
    share('waiting', shares.waitMs, trace.waitMs, 'text-ink-2'),
    share('working', shares.workMs, trace.workMs, 'text-work'),
    share('blocked', shares.blockedMs, trace.blockedMs, 'text-blocked'),
    ...(heldMs > 0 ? [share('held', shares.heldMs, heldMs, 'text-ink')] : []),
    { name: 'items', value: itemsInAndOut(answer), tone: 'text-ink' },
    {
      name: 'spans · nodes',
      value: `${formatCount(answer.total)} · ${answer.path.nodes.length}`,
      tone: 'text-ink',
    },
  ];
}

/** What came in at the first node, and what the last ones of each branch were given. */
function itemsInAndOut(answer: TraceAnswer): string {
  const { trace, spans, truncated } = answer;
  if (trace.items === null) return '–';
  const parents = new Set(spans.map((span) => span.parentSpanId));
  // An attempt that was made again left with nothing.
  const leaves = spans.filter(
    (span) =>
      !parents.has(span.spanId) &&
      span.items !== null &&
      !span.backlinks.some((link) => link.type === 'retry'),
  );
  if (truncated || leaves.length === 0 || leaves.length > 4 || spans.length < 2)
    return formatCount(trace.items);
  return `${formatCount(trace.items)} → ${leaves.map((span) => formatCount(span.itemsOut ?? span.items)).join(' + ')}`;
}
