/** What the server needs of the parts it composes, as narrow interfaces. `compose.ts` plugs the parts in. */
import type { ControlActionsAnswer } from '@/lib/api/control';
import type { EngineArrivals, EngineTracing } from '@/lib/api/engines';
import type { HealthAnswer } from '@/lib/api/health';
import type { MetricQuery, MetricsAnswer } from '@/lib/api/metrics';
import type { WhatIfAnswer } from '@/lib/api/settings';
import type { Finding, Missing, TopologyAnswer, TopologyEdge } from '@/lib/api/topology';
import type { SamplingDecision } from '@/lib/api/traces';
import type { TuningAnswer } from '@/lib/api/tuning';
import type { VitalsAnswer } from '@/lib/api/vitals';
import type { DialectName, EngineId } from '@/lib/model/engine';
import type { StatsWindow } from '@/lib/model/stats-window';
import type { TailSamplingConfig } from '@/lib/sampling/config';
import type { IngestResult } from '@/lib/store/span-store';
import type { LostItems } from '@/lib/topology/losses';

export type OtlpSignal = 'traces' | 'metrics' | 'logs';

export interface IngestPort {
  /** A promise where it is much: it is stored in slices then, and `body` may not change until it is done. */
  append(
    signal: OtlpSignal,
    encoding: 'protobuf' | 'json',
    body: Uint8Array,
  ): IngestResult | Promise<IngestResult>;
}

export interface TopologyAsk {
  /** Null while none has reported. */
  readonly engine: EngineId | null;
  readonly pipeline: string | null;
  readonly window: StatsWindow;
  /** Absent: now. */
  readonly atUnixNano: bigint | null;
}

export interface MetricsAsk {
  readonly engine: EngineId | null;
  readonly metric: MetricQuery;
  readonly node: string | null;
  readonly channel: string | null;
  readonly path: string | null;
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
  readonly stepMs: number;
}

/** What is known of an engine from its telemetry. */
export interface EngineDescription {
  readonly dialect: DialectName;
  readonly pipelines: readonly string[];
  readonly missing: readonly Missing[];
  readonly arrivals: EngineArrivals;
  /** Null where it tells nothing of its tracing. The mode in it is what its metrics say, null where they do not. */
  readonly tracing: EngineTracing | null;
}

export const ITEMS_WAYS = ['in', 'out', 'delivered', 'lost', 'reduced'] as const;
export type ItemsWay = (typeof ITEMS_WAYS)[number];

export interface AnalysisPort {
  describe(engine: EngineId): EngineDescription;
  /** The operator's own data over the last hour, all engines together. */
  dataFigures(): HealthAnswer['data'];
  /** What engines could not deliver to this server within the last hour. */
  unsent(): VitalsAnswer['unsent'];
  seriesStats(): Pick<HealthAnswer['store'], 'seriesBytes' | 'seriesBudgetBytes' | 'series'>;
  /** Grows with everything that can change a map or a chart. */
  readonly revision: number;
  topology(ask: TopologyAsk): TopologyAnswer;
  /** Starts to lay out the newest maps, small ones as far as their places can be kept: who opens one finds it in order. */
  prepareMaps(): void;
  /** Resolves once the places of its cards are known. */
  laidOut(ask: Pick<TopologyAsk, 'engine' | 'atUnixNano'>): Promise<void>;
  tuning(ask: {
    readonly engine: EngineId | null;
    readonly window: StatsWindow;
    readonly atUnixNano: bigint;
  }): TuningAnswer;
  metrics(ask: MetricsAsk): MetricsAnswer;
  findings(engine: EngineId, fromUnixNano: bigint, toUnixNano: bigint): readonly Finding[];
  controlActions(ask: {
    readonly engine: EngineId | null;
    readonly fromUnixNano: bigint;
    readonly toUnixNano: bigint;
    readonly limit: number;
  }): ControlActionsAnswer;
  /** Messages over an edge in this incarnation; null where they are not told. */
  edgeTotal(engine: EngineId, edge: Pick<TopologyEdge, 'from' | 'port' | 'to' | 'channel'>): number | null;
  /** Items of a node in this incarnation, exact; null where they are not told of it. */
  itemsTotal(engine: EngineId, node: string, way: ItemsWay): number | null;
  /** Items lost in this incarnation, by node and reason; without those that nothing was lost of. */
  lostTotals(engine: EngineId): readonly LostItems[];
  nodesOf(engine: EngineId): readonly string[];
  /** The configuration that a node runs with, redacted as its engine told it; null where it does not. */
  runningConfig(engine: EngineId, node: string): Readonly<Record<string, unknown>> | null;
  /** What the engine told of its decision on a trace. */
  decisionOf(traceId: string): SamplingDecision | null;
  /** Traces kept and seen in a range, from the metrics; null where tracing does not sample. */
  sampled(
    engine: EngineId,
    fromUnixNano: bigint,
    toUnixNano: bigint,
  ): { readonly kept: number; readonly seen: number } | null;
  whatIf(engine: EngineId, tailSampling: TailSamplingConfig): Promise<WhatIfAnswer>;
}
