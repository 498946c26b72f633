/** Everything long-lived of the server process, made once by `compose.ts` and found through `current-hub.ts`. */
import type { Clock } from '@/lib/base/clock';
import type { EpochNanos } from '@/lib/base/time';
import type { SpanStore } from '@/lib/store/span-store';
import type { TraceReader } from '@/lib/traces/trace-reader';
import type { EngineDirectory } from './engines/directory';
import type { Incident } from './incident/incident';
import type { RequestLedger } from './ingest/request-ledger';
import type { AnalysisPort } from './ports';
import type { ServerConfig } from './server-config';
import type { Steering } from './steering/steering';
import type { StreamHub } from './stream/stream-hub';
import type { Vitals } from './vitals/vitals';

export interface Hub {
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly startedAt: EpochNanos;
  readonly store: SpanStore;
  readonly traces: TraceReader;
  readonly analysis: AnalysisPort;
  readonly directory: EngineDirectory;
  readonly steering: Steering;
  readonly requests: RequestLedger;
  readonly stream: StreamHub;
  readonly incident: Incident;
  readonly vitals: Vitals;
  /** Ports as they were bound: they differ from the configured ones where those are 0. */
  readonly agentPort: number;
  readonly grpcPort: number;
  readonly isStopping: boolean;
  /** Requests are being refused. */
  readonly isOverloaded: boolean;
  /** Unix nanoseconds. */
  now(): bigint;
  close(): Promise<void>;
}
