/** `GET /api/v1/traces…`. */
import type { SpanDetail } from '@/lib/model/span';
import type { TraceSummary } from '@/lib/model/trace-query';
import type { ControlActionRow } from './control';

export interface TracesAnswer {
  readonly traces: readonly TraceSummary[];
  readonly total: number;
  readonly truncated: boolean;
  readonly nextCursor: string | null;
  /** Where sampling is on: kept and seen, over the same window, from the metrics. */
  readonly sampled: { readonly kept: number; readonly seen: number } | null;
}

export interface TraceAnswer {
  readonly trace: TraceSummary;
  /** The first 2,000 by start. */
  readonly spans: readonly SpanDetail[];
  /** Control actions and mode changes in the window of the trace. */
  readonly controlEvents: readonly ControlEvent[];
  /** Span ids along the critical path, root first. */
  readonly criticalPath: readonly string[];
  readonly truncated: boolean;
  readonly total: number;
}

/** One mark on the control lane. */
export interface ControlEvent {
  readonly kind: string;
  readonly timeUnixNano: string;
  readonly target: string;
  readonly label: string;
  /** Spans of this trace that it affected. */
  readonly spanIds: readonly string[];
  /** Acks, nacks and ticks are folded by default. */
  readonly folded: boolean;
  readonly action: ControlActionRow | null;
}

/** `…/rows`: what a waterfall draws, windowed, as columns. */
export interface RowsAnswer {
  readonly originUnixNano: string;
  readonly totalSpans: number;
  readonly totalRows: number;
  readonly offset: number;
  readonly spanId: readonly string[];
  readonly depth: readonly number[];
  /** Rows below it in the tree. */
  readonly descendants: readonly number[];
  readonly node: readonly string[];
  readonly name: readonly string[];
  readonly startMs: readonly number[];
  readonly durationMs: readonly number[];
  readonly waitMs: readonly (number | null)[];
  readonly workMs: readonly (number | null)[];
  readonly blockedMs: readonly (number | null)[];
  readonly outcomeWaitMs: readonly (number | null)[];
  readonly heldMs: readonly (number | null)[];
  readonly status: readonly number[];
  readonly critical: readonly boolean[];
}

/** `…/lineage`: batches as nodes, merges and splits as edges. */
export interface LineageAnswer {
  readonly batches: readonly {
    readonly batchId: string;
    readonly traceId: string;
    readonly rootSpanId: string;
    readonly rootName: string;
    readonly startUnixNano: string;
    readonly durationMs: number;
    readonly items: number | null;
    readonly status: 'ok' | 'error';
    readonly state: 'held' | 'evicted' | 'unknown';
    /** Steps from the trace asked for; negative upstream. */
    readonly distance: number;
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly type: string;
    readonly items: number | null;
    readonly heldMs: number | null;
  }[];
  /** False where something was evicted, unknown or past the bound. */
  readonly complete: boolean;
  readonly total: number;
}
