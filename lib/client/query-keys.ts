/** Every key of the query cache, in one place: the stream writes under the same keys as the hooks read. */
import type { MetricQuery } from '@/lib/api/metrics';
import type { StatsWindow } from '@/lib/model/stats-window';

/** What the page looks at; empty texts mean the server's own choice. */
export interface StreamScope {
  readonly engine: string;
  readonly pipeline: string;
  readonly window: StatsWindow;
}

export interface TraceFilters {
  readonly engine?: string;
  readonly node?: readonly string[];
  readonly signal?: readonly string[];
  readonly status?: 'ok' | 'error' | '';
  readonly minDurationMs?: number | null;
  readonly maxDurationMs?: number | null;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly q?: string;
  readonly policy?: string;
  readonly control?: string;
  readonly sort?: 'start' | '-start' | 'duration' | '-duration';
  readonly limit?: number;
  readonly cursor?: string | null;
}

export interface MetricsRequest {
  readonly metric: MetricQuery;
  readonly engine?: string;
  readonly node?: string;
  readonly channel?: string;
  readonly path?: string;
  readonly stepMs?: number;
}

export const queryKeys = {
  health: ['health'],
  vitals: ['vitals'],
  coverage: ['coverage'],
  engines: ['engines'],
  topology: (scope: StreamScope, at: string | null) => [
    'topology',
    scope.engine,
    scope.pipeline,
    scope.window,
    at ?? 'live',
  ],
  traces: (filters: TraceFilters) => ['traces', 'list', filters],
  trace: (traceId: string, spans: number) => ['traces', 'one', traceId, spans],
  rows: (traceId: string, page: number, request: unknown) => ['traces', 'rows', traceId, page, request],
  controlLane: (traceId: string, revision: number, window: unknown) => [
    'traces',
    'control',
    traceId,
    revision,
    window,
  ],
  lineage: (traceId: string, revision: number) => ['traces', 'lineage', traceId, revision],
  metrics: (request: MetricsRequest, range: unknown) => ['metrics', request, range],
  control: (engine: string, from: string | null, to: string | null) => ['control', engine, from, to],
  controlPrefix: ['control'],
  tracing: (engine: string) => ['tracing', engine],
  config: (engine: string, hash: string) => ['config', engine, hash],
  findings: (engine: string, from: string | null, to: string | null) => ['findings', engine, from, to],
  tuning: (engine: string, window: StatsWindow, at: string | null) => ['tuning', engine, window, at],
  comparison: (engine: string, window: StatsWindow, from: string, to: string) => [
    'comparison',
    engine,
    window,
    from,
    to,
  ],
  scenarios: ['scenarios'],
} as const;
