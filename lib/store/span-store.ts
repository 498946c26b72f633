/** What the store is to those who feed it and to those who watch over it; asking it is `TelemetryStore`. */

import type { HealthAnswer, LedgerCounts } from '@/lib/api/health';
import type { Clock } from '@/lib/base/clock';
import type { EngineId, ResourceIdentity } from '@/lib/model/engine';
import type { HeardSpan } from '@/lib/model/heard-span';
import type { TraceSummary } from '@/lib/model/trace-query';
import type { LogsData, MetricsData, Resource } from '@/lib/otlp/types';
import type { TelemetryStore } from './telemetry-store';

export interface SpanStoreOptions {
  /** Bytes of everything that the store keeps: wire bytes, columns, indexes, tables. */
  readonly budgetBytes: number;
  readonly clock: Clock;
  /** Who a resource is. Called for each distinct resource and scope that comes, and for each part of metrics and logs. */
  readonly resolveEngine: (resource: ResourceIdentity) => EngineId;
  /** Takes the points of one resource and tells what became of them; what it does not count was rejected. */
  readonly onMetrics?: (
    engine: EngineId,
    resource: Resource | undefined,
    part: ResourceMetrics,
  ) => PointCounts;
  /** Hears log records that have an event name, a resource at a time, after they were stored. */
  readonly onLogs?: (engine: EngineId, resource: Resource | undefined, part: ResourceLogs) => void;
  readonly observer?: SpanObserver;
  /** How many ids of traces that left are remembered; 100,000 unless told. */
  readonly evictedMemory?: number;
  /** Lets other work run between slices of a long query; `setImmediate` unless told. */
  readonly pause?: () => Promise<void>;
  /** Spans or log records of one slice of ingest; about a thousand unless told. */
  readonly sliceItems?: number;
  /** Requests of metrics up to this length are decoded in one go; 64 KiB unless told. */
  readonly wholeMetricBytes?: number;
}

export type ResourceMetrics = MetricsData['resourceMetrics'][number];
export type ResourceLogs = LogsData['resourceLogs'][number];

export interface PointCounts {
  readonly stored: number;
  readonly duplicate: number;
  /** Taken and dropped at once, for want of room. */
  readonly evicted?: number;
  /** Understood, and of no meaning here: counted with what was dropped, and not held against the sender. */
  readonly ignored?: number;
}

export interface ObservedSpan extends HeardSpan {
  /** Unix milliseconds. */
  readonly startMs: number;
}

/** Hears every span that is stored, once: figures of sources that send spans only are derived from it. */
export interface SpanObserver {
  /** Asked for each block of spans before they come: whether to tell those of this engine. */
  listens(engine: EngineId): boolean;
  /** The object is used again for the next span. */
  onSpan(engine: EngineId, span: ObservedSpan): void;
}

/** A request that is no OTLP leaves nothing behind; else what was refused of it, with the reason. */
export type IngestResult =
  | { readonly ok: true; readonly received: number; readonly rejected: number; readonly message: string }
  | { readonly ok: false; readonly message: string };

export interface Ledger {
  readonly spans: LedgerCounts;
  readonly logRecords: LedgerCounts;
  readonly points: LedgerCounts;
}

export interface ChangedTraces {
  /** Newest change first, each trace once. */
  readonly traces: readonly TraceSummary[];
  /** Traces that changed too and are not among them. */
  readonly more: number;
  /** Traces held, of that engine where one is asked for. */
  readonly total: number;
  /** Give it back to hear what comes after. */
  readonly mark: number;
}

export interface Coverage {
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
  /** Traces held whose start lies in each bucket, and those of them that are kept for what they show. */
  readonly traces: readonly number[];
  readonly kept: readonly number[];
}

export interface TableFill {
  readonly name: string;
  readonly size: number;
  readonly limit: number | null;
  /** Times that something found no room; null where the oldest makes room instead. */
  readonly overflow: number | null;
}

export interface SpanStore extends TelemetryStore {
  /** Takes a request without a break, however large. */
  appendTraces(bytes: Uint8Array): IngestResult;
  appendLogs(bytes: Uint8Array): IngestResult;
  appendMetrics(bytes: Uint8Array): IngestResult;
  /** The same in OTLP JSON, UTF-8. */
  appendTracesJson(bytes: Uint8Array): IngestResult;
  appendLogsJson(bytes: Uint8Array): IngestResult;
  appendMetricsJson(bytes: Uint8Array): IngestResult;
  /** The same, in slices where it is much: then the answer comes when all is stored. `bytes` may not change until then. */
  append(
    signal: 'traces' | 'logs' | 'metrics',
    encoding: 'protobuf' | 'json',
    bytes: Uint8Array,
  ): IngestResult | Promise<IngestResult>;
  /** Points that left the series later. */
  notePointsEvicted(count: number): void;
  ledger(): Ledger;
  stats(): Pick<HealthAnswer['store'], 'bytes' | 'budgetBytes' | 'spans' | 'traces' | 'oldestUnixNano'>;
  /** Tables bounded by number: strings, links that wait for their trace. */
  tables(): readonly TableFill[];
  changedSince(mark: number, limit: number, engine?: string | null): ChangedTraces;
  coverage(fromUnixNano: bigint, toUnixNano: bigint, buckets: number): Promise<Coverage>;
  /** Keeps these traces longer than others: a finding cites them. At most 1,000 at a time; the newest call counts. */
  cite(traceIds: readonly string[]): void;
}
