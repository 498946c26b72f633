/** What is kept of one engine's telemetry beside its spans and series. */
import { createDiagnosis, type Diagnosis } from '@/lib/diagnosis/diagnosis';
import { createDialectState, type DialectState } from '@/lib/dialects/dialect';
import { createSpanFacts, type SpanFacts } from '@/lib/dialects/span-facts';
import type { DialectName, EngineId } from '@/lib/model/engine';
import { createRollingSeconds, type RollingSeconds } from '@/lib/topology/rolling-seconds';
import { createTopologyModel, type TopologyModel } from '@/lib/topology/topology-model';

export interface EngineTelemetry {
  readonly id: EngineId;
  dialect: DialectName;
  readonly dialectState: DialectState;
  readonly topology: TopologyModel;
  readonly diagnosis: Diagnosis;
  /** Figures of spans, for a source that sends nothing else. */
  readonly spanFacts: SpanFacts;
  /** Figures of the live map as they were last reckoned. */
  rolling: RollingSeconds;
  /** The incarnation that all of this is of. */
  incarnation: number;
  /** When each incarnation began, newest last; at most MAX_RESTARTS. */
  readonly restarts: bigint[];
  /** When the first of each signal came, Unix nanoseconds; null while none has. */
  readonly first: { traces: bigint | null; metrics: bigint | null; logs: bigint | null };
  /**
   * Until when it is a recording that was put back, in Unix nanoseconds; null for an engine that reports. Spans up to
   * then are of the recording too: its figures and findings are there already and are not made again.
   */
  recordedTo: bigint | null;
  /** What became of the effective configuration that its agent reported last. */
  config: { readonly hash: string; readonly isRead: boolean; readonly problem: string | null } | null;
}

export const MAX_RESTARTS = 100;

export function createEngineTelemetry(
  id: EngineId,
  dialect: DialectName,
  incarnation: number,
  nowUnixNano: bigint,
): EngineTelemetry {
  return {
    id,
    dialect,
    dialectState: createDialectState(),
    topology: createTopologyModel(),
    diagnosis: createDiagnosis(),
    spanFacts: createSpanFacts(nowUnixNano),
    rolling: createRollingSeconds(),
    incarnation,
    restarts: [],
    first: { traces: null, metrics: null, logs: null },
    recordedTo: null,
    config: null,
  };
}
