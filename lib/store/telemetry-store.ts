/**
 * The query side of the store: asynchronous and paged, so that a cluster can stand behind it later. Nothing outside
 * `lib/store` may assume that all spans are in this process. Times are Unix nanoseconds, durations milliseconds.
 */
import type { SpanDetail } from '@/lib/model/span';
import type { TracePage, TraceQuery, TraceSummary } from '@/lib/model/trace-query';
import type { TracesData } from '@/lib/otlp/types';
import type { LogPage, LogQuery } from './log-pages';
import type { SpanColumns } from './span-columns';

export interface TelemetryStore {
  /** Traces that match, newest first unless sorted otherwise, with the true total. */
  listTraces(query: TraceQuery): Promise<TracePage>;
  /** `evicted` while the id is among the last 100,000 that left. */
  traceState(traceId: string): Promise<'held' | 'evicted' | 'unknown'>;
  traceSummary(traceId: string): Promise<TraceSummary | null>;
  /** A number that differs whenever something of the trace has come since; `null` where it is not held. */
  traceRevision(traceId: string): Promise<number | null>;
  /** What is searched of each span, as columns, by start; `null` where the trace is not held. */
  traceColumns(traceId: string): Promise<SpanColumns | null>;
  /** Spans decoded in full, ordered by start: `offset`, `limit` (at most 2,000). */
  traceSpans(traceId: string, offset: number, limit: number): Promise<readonly SpanDetail[]>;
  /**
   * The trace as it was sent, a page of spans at a time; `null` where it is not held. Reading throws where it leaves
   * before the last page.
   */
  otlpPages(traceId: string): Promise<AsyncIterable<TracesData> | null>;
  /** The log records of a window as they were sent, a page at a time, in the order in which they came. */
  logPages(query: LogQuery): AsyncIterable<LogPage>;
  span(traceId: string, spanId: string): Promise<SpanDetail | null>;
  /** Several spans at once, in the order asked for, `null` for those that are not there; at most 2,000. */
  spans(traceId: string, spanIds: readonly string[]): Promise<readonly (SpanDetail | null)[]>;
  /** `null` where the trace is not held. */
  controlMarks(traceId: string): Promise<ControlMarks | null>;
  /** Traces that link to this one, or that this one links to, one step away, at most `limit`. */
  linkedTraces(traceId: string, limit: number): Promise<readonly LinkedTrace[]>;
}

/** Events of a trace's spans named `control/…`, by time, as columns. */
export interface ControlMarks {
  readonly length: number;
  /** Further ones that were not read. */
  readonly left: number;
  /** What follows `control/`. */
  readonly kinds: readonly string[];
  readonly kind: Uint8Array;
  /** Nanoseconds after `epochUnixNano`. */
  readonly atNs: Float64Array;
  readonly epochUnixNano: bigint;
  /** The span that tells of it. */
  spanIdAt(index: number): string;
  /** Spans that a control action links to. */
  readonly linked: readonly string[];
}

export interface LinkedTrace {
  readonly traceId: string;
  readonly direction: 'upstream' | 'downstream';
  readonly state: 'held' | 'evicted' | 'unknown';
}
