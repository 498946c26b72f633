/** A store and an analysis that hold nothing: what a server without them would answer. For tests of the edges. */
import type { Ledger, SpanStore } from '@/lib/store/span-store';
import type { AnalysisPort } from './ports';

const NO_COUNTS = { received: 0, stored: 0, evicted: 0, rejected: 0, duplicate: 0 };
const NO_LEDGER: Ledger = { spans: NO_COUNTS, logRecords: NO_COUNTS, points: NO_COUNTS };

export function createEmptyStore(budgetBytes: number): SpanStore {
  const took = () => ({ ok: true, received: 0, rejected: 0, message: '' }) as const;
  return {
    listTraces: async () => ({ traces: [], total: 0, nextCursor: null }),
    traceState: async () => 'unknown',
    traceSummary: async () => null,
    traceColumns: async () => null,
    traceSpans: async () => [],
    span: async () => null,
    linkedTraces: async () => [],
    appendTraces: took,
    appendLogs: took,
    appendMetrics: took,
    appendTracesJson: took,
    appendLogsJson: took,
    appendMetricsJson: took,
    append: took,
    notePointsEvicted: () => undefined,
    ledger: () => NO_LEDGER,
    stats: () => ({ bytes: 0, budgetBytes, spans: 0, traces: 0, oldestUnixNano: null }),
    changedSince: (mark) => ({ traces: [], more: 0, total: 0, mark }),
    coverage: (fromUnixNano, toUnixNano, buckets) => ({
      fromUnixNano,
      toUnixNano,
      traces: new Array<number>(buckets).fill(0),
      kept: new Array<number>(buckets).fill(0),
    }),
    cite: () => undefined,
  };
}

export function createEmptyAnalysis(nowUnixNano: () => bigint): AnalysisPort {
  return {
    revision: 0,
    describe: () => ({ dialect: 'spans', pipelines: [], missing: [], tracing: null }),
    dataFigures: () => ({ lost: null, presumedLost: null, reduced: null, spansPerSec: 0, itemsPerSec: null }),
    seriesStats: () => ({ seriesBytes: 0, seriesBudgetBytes: 0, series: 0 }),
    topology: (ask) => ({
      engine: ask.engine ?? '',
      pipeline: ask.pipeline,
      revision: 0,
      atUnixNano: String(ask.atUnixNano ?? nowUnixNano()),
      window: ask.window,
      nodes: [],
      edges: [],
      control: [],
      verdict: null,
      findings: [],
      missing: [],
    }),
    metrics: (ask) => ({
      metric: ask.metric,
      unit: '',
      fromUnixNano: String(ask.fromUnixNano),
      toUnixNano: String(ask.toUnixNano),
      stepMs: ask.stepMs,
      steps: Math.ceil(Number(ask.toUnixNano - ask.fromUnixNano) / 1e6 / ask.stepMs),
      series: [],
      total: 0,
      truncated: false,
      source: null,
    }),
    findings: () => [],
    controlActions: () => ({ actions: [], total: 0, truncated: false, folded: [] }),
    nodesOf: () => [],
    runningConfig: () => null,
    decisionOf: () => null,
    sampled: () => null,
    whatIf: async () => ({ decisions: 0, kept: 0, keptNow: 0, byPolicy: [], examples: [], cannotTell: [] }),
  };
}
