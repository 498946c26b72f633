/** Reading hooks. What the stream keeps fresh never goes stale by itself; the rest is asked again at a slow pace. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ControlActionsAnswer } from '@/lib/api/control';
import type { CoverageAnswer } from '@/lib/api/coverage';
import type { EngineInfo } from '@/lib/api/engines';
import type { HealthAnswer } from '@/lib/api/health';
import type { MetricsAnswer } from '@/lib/api/metrics';
import type { TracingSettingsAnswer } from '@/lib/api/settings';
import type { Finding, TopologyAnswer } from '@/lib/api/topology';
import type { ControlLaneAnswer, LineageAnswer, TraceAnswer, TracesAnswer } from '@/lib/api/traces';
import type { TuningAnswer } from '@/lib/api/tuning';
import type { VitalsAnswer } from '@/lib/api/vitals';
import { fetchJson } from './fetch-json';
import { showMap } from './live-stats';
import { type MetricsRequest, queryKeys, type TraceFilters } from './query-keys';
import { useTimeCursor } from './time-cursor';
import { rangeBounds, rangeLengthMs, type TimeRange } from './time-range';
import { useEngineParam, useScope } from './url-state';

export function useHealth() {
  return useQuery({
    queryKey: queryKeys.health,
    queryFn: ({ signal }) => fetchJson<HealthAnswer>('/api/v1/health', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const VITALS_REFETCH_MS = 2_000;

/** Asked for while a page shows it: the stream does not carry it. */
export function useVitals() {
  return useQuery({
    queryKey: queryKeys.vitals,
    queryFn: ({ signal }) => fetchJson<VitalsAnswer>('/api/v1/vitals', { signal }),
    refetchInterval: VITALS_REFETCH_MS,
  });
}

const COVERAGE_REFETCH_MS = 10_000;
const COVERAGE_BUCKETS = '60';

/** Of which minutes of the last hour traces are still held. */
export function useCoverage() {
  return useQuery({
    queryKey: queryKeys.coverage,
    queryFn: ({ signal }) =>
      fetchJson<CoverageAnswer>('/api/v1/coverage', { query: { buckets: COVERAGE_BUCKETS }, signal }),
    refetchInterval: COVERAGE_REFETCH_MS,
  });
}

export function useEngines() {
  return useQuery({
    queryKey: queryKeys.engines,
    queryFn: ({ signal }) => fetchJson<readonly EngineInfo[]>('/api/v1/engines', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The engine of the URL, else the first that reports; null before any has. */
export function useSelectedEngine(): EngineInfo | null {
  const [param] = useEngineParam();
  const { data } = useEngines();
  return data?.find((engine) => engine.id === param) ?? data?.[0] ?? null;
}

/** The map at the cursor. Its figures go to the live figures, where each card reads its own. */
export function useTopology() {
  const scope = useScope();
  const { atUnixNano } = useTimeCursor();
  const query = useQuery({
    queryKey: queryKeys.topology(scope, atUnixNano),
    queryFn: ({ signal }) =>
      fetchJson<TopologyAnswer>('/api/v1/topology', { query: { ...scope, at: atUnixNano }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  const { data, isPlaceholderData } = query;
  useEffect(() => {
    if (data && !isPlaceholderData) showMap(data, atUnixNano === null);
  }, [data, isPlaceholderData, atUnixNano]);
  return query;
}

export function useTraces(filters: TraceFilters, options: { readonly refetchMs?: number | false } = {}) {
  return useQuery({
    queryKey: queryKeys.traces(filters),
    queryFn: ({ signal }) => fetchJson<TracesAnswer>('/api/v1/traces', { query: { ...filters }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: options.refetchMs ?? false,
  });
}

/** Spans told in full with a trace: a page draws rows and needs few of them; some views read all that there are. */
export const FEW_SPANS = 100;
export const ALL_SPANS = 2_000;

/** A trace whose last moment is this near may still be running: it is asked for again. */
const SETTLED_AFTER_MS = 20_000;
const RUNNING_REFETCH_MS = 2_000;

/** How soon to look at a trace again, or never once nothing more is to be expected. */
export function refetchOf(answer: TraceAnswer | undefined, nowMs: number): number | false {
  if (!answer) return false;
  const { trace } = answer;
  const endMs = Number(BigInt(trace.startUnixNano) / 1_000_000n) + trace.durationMs;
  return nowMs - endMs < SETTLED_AFTER_MS ? RUNNING_REFETCH_MS : false;
}

export function traceQuery(traceId: string, spans: number) {
  return {
    queryKey: queryKeys.trace(traceId, spans),
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      fetchJson<TraceAnswer>(`/api/v1/traces/${encodeURIComponent(traceId)}`, {
        query: { limit: spans, control: 'later' },
        signal,
      }),
    refetchInterval: (query: { readonly state: { readonly data: TraceAnswer | undefined } }) =>
      refetchOf(query.state.data, Date.now()),
    // What was asked for as the pointer came down is fresh when the page is there.
    staleTime: RUNNING_REFETCH_MS,
    retry: false,
  };
}

export function useTrace(traceId: string, spans = FEW_SPANS) {
  return useQuery({ ...traceQuery(traceId, spans), enabled: traceId !== '' });
}

/** The control lane between two moments, or all of it; asked for again with each revision of the trace. */
export function controlLaneQuery(
  traceId: string,
  revision: number,
  window: { readonly from: string; readonly to: string } | null,
) {
  return {
    queryKey: queryKeys.controlLane(traceId, revision, window),
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      fetchJson<ControlLaneAnswer>(`/api/v1/traces/${encodeURIComponent(traceId)}/control`, {
        query: { from: window?.from, to: window?.to },
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  };
}

/** Asked for again with each revision of the trace. */
export function useLineage(traceId: string, revision = 0, enabled = true) {
  return useQuery({
    queryKey: queryKeys.lineage(traceId, revision),
    queryFn: ({ signal }) =>
      fetchJson<LineageAnswer>(`/api/v1/traces/${encodeURIComponent(traceId)}/lineage`, { signal }),
    enabled: enabled && traceId !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** Points that a chart of usual width can tell apart. */
const CHART_POINTS = 240;

export function defaultStepMs(lengthMs: number): number {
  return Math.max(1_000, Math.ceil(lengthMs / CHART_POINTS / 1_000) * 1_000);
}

/** A running range is asked again every step; a fixed one never changes. */
export function useMetrics(
  request: MetricsRequest,
  range: TimeRange,
  options: { readonly enabled?: boolean } = {},
) {
  const stepMs = request.stepMs ?? defaultStepMs(rangeLengthMs(range));
  const full = { ...request, stepMs };
  return useQuery({
    queryKey: queryKeys.metrics(full, range),
    queryFn: ({ signal }) =>
      fetchJson<MetricsAnswer>('/api/v1/metrics', {
        query: { ...full, ...rangeBounds(range, Date.now()) },
        signal,
      }),
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
    refetchInterval: range.kind === 'last' ? Math.max(1_000, stepMs) : false,
  });
}

/** The audit trail; live unless `from` and `to` are given. */
export function useControlActions(
  engine = '',
  bounds: { readonly from?: string | null; readonly to?: string | null } = {},
) {
  const from = bounds.from ?? null;
  const to = bounds.to ?? null;
  return useQuery({
    queryKey: queryKeys.control(engine, from, to),
    queryFn: ({ signal }) =>
      fetchJson<ControlActionsAnswer>('/api/v1/control/actions', { query: { engine, from, to }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const TUNING_REFETCH_MS = 2_000;

/** What the channels and batches bore over the chosen window, at the cursor. */
export function useTuning(engine: string | null) {
  const { window } = useScope();
  const { atUnixNano } = useTimeCursor();
  return useQuery({
    queryKey: queryKeys.tuning(engine ?? '', window, atUnixNano),
    queryFn: ({ signal }) =>
      fetchJson<TuningAnswer>('/api/v1/tuning', { query: { engine, window, at: atUnixNano }, signal }),
    enabled: engine !== null,
    placeholderData: keepPreviousData,
    refetchInterval: atUnixNano === null ? TUNING_REFETCH_MS : false,
  });
}

export function useTracingSettings(engine: string | null) {
  return useQuery({
    queryKey: queryKeys.tracing(engine ?? ''),
    queryFn: ({ signal }) =>
      fetchJson<TracingSettingsAnswer>('/api/v1/settings/tracing', { query: { engine }, signal }),
    enabled: engine !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export interface EffectiveConfig {
  readonly hash: string;
  readonly files: readonly {
    readonly name: string;
    readonly contentType: string;
    /** Redacted; null where it could not be read. */
    readonly body: string | null;
  }[];
}

/** The configuration that an engine reported, without its credentials; its hash is its version. */
export function useEngineConfig(engine: string, hash: string | null) {
  return useQuery({
    queryKey: queryKeys.config(engine, hash ?? ''),
    queryFn: ({ signal }) =>
      fetchJson<EffectiveConfig>(`/api/v1/engines/${encodeURIComponent(engine)}/config`, { signal }),
    enabled: hash !== null,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

export interface FindingsAnswer {
  readonly findings: readonly Finding[];
}

const FINDINGS_REFETCH_MS = 5_000;

export function useFindings(
  engine: string | null,
  bounds: { readonly from?: string | null; readonly to?: string | null } = {},
) {
  const from = bounds.from ?? null;
  const to = bounds.to ?? null;
  return useQuery({
    queryKey: queryKeys.findings(engine ?? '', from, to),
    queryFn: ({ signal }) =>
      fetchJson<FindingsAnswer>('/api/v1/findings', { query: { engine, from, to }, signal }),
    enabled: engine !== null,
    refetchInterval: to === null ? FINDINGS_REFETCH_MS : false,
  });
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly active: boolean;
}

export interface ScenariosAnswer {
  readonly scenarios: readonly Scenario[];
}

export function useScenarios(enabled = true) {
  return useQuery({
    queryKey: queryKeys.scenarios,
    queryFn: ({ signal }) => fetchJson<ScenariosAnswer>('/api/v1/scenarios', { signal }),
    enabled,
  });
}
