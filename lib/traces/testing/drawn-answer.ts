/** The answer for a drawn trace, for tests of what is made of answers. */
import type { TraceAnswer } from '@/lib/api/traces';
import type { SpanColumns } from '@/lib/store/span-columns';
import { criticalPath } from '../critical-path';
import { nodeTimes } from '../node-times';
import { traceOverview } from '../trace-overview';
import { travelledPath } from '../travelled-path';

export function drawnAnswer(columns: SpanColumns): TraceAnswer {
  const statistics = nodeTimes(columns);
  const sum = (key: 'waitMs' | 'workMs' | 'blockedMs') =>
    statistics.reduce((total, node) => total + node[key], 0);
  const overview = traceOverview(columns);
  return {
    trace: {
      traceId: columns.traceId,
      engine: 'e',
      batchId: columns.batches[0] ?? '',
      rootName: columns.names[0] ?? '',
      startUnixNano: columns.originUnixNano.toString(),
      durationMs: overview.endMs,
      waitMs: sum('waitMs'),
      workMs: sum('workMs'),
      blockedMs: sum('blockedMs'),
      spanCount: columns.length,
      nodeIds: columns.nodes,
      signal: 'logs',
      status: columns.status.includes(2) ? 'error' : 'ok',
      statusMessage: '',
      items: null,
      policy: null,
      linked: false,
      rootMissing: false,
    },
    revision: 1,
    spans: [],
    controlEvents: [],
    control: null,
    criticalPath: criticalPath(columns),
    truncated: false,
    total: columns.length,
    path: travelledPath(columns),
    statistics,
    overview,
    decision: null,
    continuation: null,
  };
}
