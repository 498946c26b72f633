/** A trace as text, for a chat or a ticket: what happened, where the time went, what failed. */
import type { TraceAnswer } from '@/lib/api/traces';
import { timeShares } from './hop-times';

export function summaryText(answer: TraceAnswer, url: string): string {
  const { trace } = answer;
  const shares = timeShares({ ...trace, heldMs: heldTime(answer) });
  const slowest = [...answer.statistics].sort((a, b) => total(b) - total(a))[0];
  const failed = answer.spans.filter((span) => span.status === 'error');
  const lines = [
    `Batch ${trace.batchId || trace.traceId}: ${trace.status === 'error' ? 'failed' : 'ok'} after ${ms(trace.durationMs)}`,
    `  time      waiting ${percent(shares.waitMs)}, working ${percent(shares.workMs)}, blocked ${percent(shares.blockedMs)}, held ${percent(shares.heldMs)}`,
    `  path      ${trace.nodeIds.join(' > ')}`,
    `  spans     ${answer.total} in ${trace.nodeIds.length} nodes${trace.items === null ? '' : `, ${trace.items} items`}`,
    slowest && `  slowest   ${slowest.node}: ${slowestTimes(slowest)}`,
    ...failed.slice(0, 3).map((span) => `  error     ${span.nodeId}: ${span.statusMessage || 'failed'}`),
    failed.length > 3 && `  error     and ${failed.length - 3} more`,
    trace.policy && `  kept by   ${trace.policy}`,
    `  trace     ${trace.traceId}`,
    `  ${url}`,
  ];
  return lines.filter(Boolean).join('\n');
}

function heldTime(answer: TraceAnswer): number {
  return answer.statistics.reduce((sum, node) => sum + node.heldMs, 0);
}

function total(node: TraceAnswer['statistics'][number]): number {
  return node.waitMs + node.workMs + node.blockedMs + node.heldMs;
}

function slowestTimes(node: TraceAnswer['statistics'][number]): string {
  const parts: [string, number][] = [
    ['waiting', node.waitMs],
    ['working', node.workMs],
    ['blocked', node.blockedMs],
    ['held', node.heldMs],
  ];
  return parts
    .filter(([, value]) => value > 0)
    .map(([name, value]) => `${name} ${ms(value)}`)
    .join(', ');
}

/** Three significant digits are what a reader compares; the page itself shows more. */
function ms(value: number): string {
  if (value >= 1_000) return `${Number((value / 1_000).toPrecision(3))} s`;
  return value >= 1 ? `${Number(value.toPrecision(3))} ms` : `${Number((value * 1_000).toPrecision(3))} µs`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
