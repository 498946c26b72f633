/** `GET /api/v1/engines`: who reports, whether it is there, and what it can be told. */
import { z } from 'zod';
import type { RuntimeLevel } from '@/lib/dialects/otap-steering';
import type { DialectName } from '@/lib/model/engine';
import type { TracingMode } from '@/lib/semconv/signals';
import type { Missing } from './topology';

export const joinSchema = z.strictObject({ with: z.string().min(1).max(512) });

export interface EngineInfo {
  readonly id: string;
  readonly service: string;
  readonly instance: string;
  readonly version: string;
  readonly host: string;
  readonly dialect: DialectName;
  readonly pipelines: readonly string[];
  readonly connected: boolean;
  /** When it was last heard, and since when it is gone. */
  readonly lastSeenUnixNano: string;
  readonly disconnectedSinceUnixNano: string | null;
  readonly incarnation: number;
  readonly agent: {
    readonly transport: 'ws' | 'http';
    readonly capabilities: readonly string[];
    readonly health: AgentHealth | null;
    /** Another agent claims the same identity: what was seen and done. */
    readonly conflict: string | null;
    /** What the agent last sent that could not be taken, and how often. */
    readonly problem: {
      readonly message: string;
      readonly count: number;
      readonly atUnixNano: string;
    } | null;
  } | null;
  /**
   * Engines of the same service that this one's agent may be of: it sends no telemetry, they have no agent, and nothing tells
   * which belong together. Empty where there is no question; `POST /api/v1/engines/{id}/join {with}` answers it.
   */
  readonly mayBe: readonly string[];
  /** Over the effective configuration as its agent sent it; null while none came. */
  readonly configHash: string | null;
  readonly control: EngineControl;
  readonly tracing: EngineTracing | null;
  readonly remoteConfig: {
    readonly revision: number;
    readonly status: 'pending' | 'applying' | 'applied' | 'failed';
    readonly error?: string;
  } | null;
  readonly missing: readonly Missing[];
  readonly arrivals: EngineArrivals;
}

/** Since when each part of what a source can tell arrives, Unix nanoseconds; null while nothing of it has. */
export interface EngineArrivals {
  readonly traces: string | null;
  readonly metrics: string | null;
  readonly logs: string | null;
  /** True once a Collector's components count for themselves, by its feature gate. */
  readonly pipelineTelemetry: boolean;
}

/**
 * How an engine can be changed from here: `actions` by a desired state with acts of its own, `state` by its whole configuration
 * with a change made in it, `none` not at all, and why.
 */
export type EngineControl =
  | { readonly kind: 'actions' }
  | {
      readonly kind: 'state';
      /** How much each of its pipelines tells of itself; null where that is not told. */
      readonly levels: readonly { readonly pipeline: string; readonly level: RuntimeLevel | null }[];
    }
  | { readonly kind: 'none'; readonly why: string };

export interface AgentHealth {
  readonly healthy: boolean;
  readonly status: string;
  readonly lastError: string;
  readonly components: readonly ComponentHealth[];
}

export interface ComponentHealth extends AgentHealth {
  readonly name: string;
}

/** What tracing costs now, as the engine measures it. */
export interface EngineTracing {
  /** What runs now, as the engine last said; null until it has. */
  readonly mode: TracingMode | null;
  /** Calibrated cost per hop of each mode, nanoseconds. */
  readonly overheadNs: Readonly<Partial<Record<TracingMode, number>>>;
  /** Share of the engine's CPU time that goes into encoding and export, 0..1. */
  readonly cpuShare: number | null;
  readonly bytesPerSec: number | null;
  /** Spans a second: recorded, and kept. */
  readonly recordedPerSec: number | null;
  readonly keptPerSec: number | null;
}
