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
  /** Differs whenever something of the trace has come since. */
  readonly revision: number;
  /** The first 2,000 by start. */
  readonly spans: readonly SpanDetail[];
  /** Control actions and mode changes in the window of the trace, and messages that its spans met; bounded as the lane is. */
  readonly controlEvents: readonly ControlEvent[];
  /** Its lane as a whole; null where it was asked to come later and the trace is large. */
  readonly control: ControlLaneAnswer | null;
  /** Span ids along the critical path, root first. */
  readonly criticalPath: readonly string[];
  readonly truncated: boolean;
  readonly total: number;
  readonly path: TravelledPath;
  readonly statistics: readonly NodeTimes[];
  readonly overview: TraceOverview;
  /** Each policy's vote, where the engine told its decision. */
  readonly decision: SamplingDecision | null;
  /** Where a Collector's trace was cut; null where it is whole. */
  readonly continuation: TraceContinuation | null;
}

/** What came before or after it is in traces that nothing joins to it: among those of this time that `search` finds. */
export interface TraceContinuation {
  readonly direction: 'before' | 'after';
  readonly fromUnixNano: string;
  readonly toUnixNano: string;
  readonly search: string;
}

/** Nodes that the trace went through, in order of first span, and the hops between them. */
export interface TravelledPath {
  readonly nodes: readonly { readonly id: string; readonly spans: number; readonly errors: number }[];
  readonly hops: readonly {
    readonly from: string;
    readonly to: string;
    readonly spans: number;
    readonly errors: number;
    /** Longest wait in the channel of this hop, null where the source does not tell. */
    readonly waitMs: number | null;
  }[];
}

/** What one node did in a trace; sums over its spans, in milliseconds. */
export interface NodeTimes {
  readonly node: string;
  readonly spans: number;
  readonly errors: number;
  readonly items: number | null;
  readonly waitMs: number;
  readonly workMs: number;
  readonly blockedMs: number;
  readonly outcomeWaitMs: number;
  readonly heldMs: number;
  readonly maxMs: number;
  /** Working time that no child span covers. */
  readonly selfMs: number;
}

/** The whole trace in at most 600 strokes, top to bottom as the waterfall is. */
export interface TraceOverview {
  /** The zero of all offsets: the earliest moment of the trace, channel waits included. */
  readonly originUnixNano: string;
  readonly endMs: number;
  readonly lanes: number;
  readonly lane: readonly number[];
  readonly fromMs: readonly number[];
  readonly toMs: readonly number[];
  /** 0 waiting, 1 working, 2 held, 3 blocked, 4 waiting for the outcome. */
  readonly kind: readonly number[];
}

export interface SamplingDecision {
  readonly kept: boolean;
  readonly by: string;
  readonly votes: Readonly<Record<string, string>>;
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
  /** Messages that this mark stands for: more than one where they would not all fit. */
  readonly count: number;
}

/** `…/control`: what stands on the lane between two moments, of a trace of any size, with true totals. */
export interface ControlLaneAnswer {
  readonly revision: number;
  /** In the window, by time. */
  readonly events: readonly ControlEvent[];
  /** Messages and actions of the whole trace. */
  readonly kinds: readonly { readonly kind: string; readonly total: number; readonly folded: boolean }[];
  /** In the window. */
  readonly total: number;
  /** True where a mark stands for several: a shorter window shows them one by one. */
  readonly truncated: boolean;
}

/** `…/rows`: what a waterfall draws, windowed, as columns. */
export interface RowsAnswer {
  /** Of the trace, at least: what came while it was read may be in it. */
  readonly revision: number;
  readonly originUnixNano: string;
  readonly totalSpans: number;
  readonly totalRows: number;
  readonly offset: number;
  readonly spanId: readonly string[];
  readonly depth: readonly number[];
  /** The row that it stands below, of all rows that are shown, and its span; −1 and empty for a root. */
  readonly parentRow: readonly number[];
  readonly parentSpanId: readonly string[];
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
  readonly batch: readonly string[];
  readonly items: readonly (number | null)[];
  /** False where the rows below it are folded away. */
  readonly opened: readonly boolean[];
  /** Rows like this one that it can be shown for, and how many of them are folded behind it now. */
  readonly similar: readonly number[];
  readonly folded: readonly number[];
  /** Latest moment of the trace, milliseconds after the origin, outcome waits and holds included. */
  readonly endMs: number;
  /** What the decoded spans add; empty where only columns were read. */
  readonly marks: readonly RowMarks[];
  /** Rows that match `q`, at most 2,000 of `total`; null where nothing is searched. */
  readonly matches: { readonly rows: readonly number[]; readonly total: number } | null;
  /** Row of the span asked for by `reveal`, its ancestors opened; null where it is not there. */
  readonly revealed: number | null;
}

/** What a row shows beside its times. */
export interface RowMarks {
  /** Port, split, flush reason, items: one short line. */
  readonly note: string;
  /** Why it failed, or empty. */
  readonly message: string;
  /** Milliseconds after the origin; at most 64 a row. */
  readonly events: readonly { readonly name: string; readonly atMs: number; readonly label: string }[];
  readonly eventsTotal: number;
  /** Links out of the span and back to it, at most 16 a row. */
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly type: string;
    readonly direction: 'out' | 'in';
    readonly state: 'held' | 'evicted' | 'unknown';
    /** Of a merge: how long the contributor was held until the flush. */
    readonly heldMs: number | null;
  }[];
}

/**
 * A journey's items, by the contract's conservation:
 * admitted + fromElsewhere + created = delivered + dropped + returned + toElsewhere + open.
 */
export interface JourneyAccount {
  /** At the receivers that are on the journey. */
  readonly admitted: number;
  /** From and to batches that are not on it, or whose spans are not here. */
  readonly fromElsewhere: number;
  readonly toElsewhere: number;
  /** Copies of a fan-out beyond the first, further attempts of a retry. */
  readonly created: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly returned: number;
  /** Not accounted for: what followed is still running or never came. */
  readonly open: number;
  /** `unknown` where a span does not tell its items. */
  readonly state: 'adds up' | 'does not add up' | 'unknown';
  /** Where it does not add up, at most 20. */
  readonly hops: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly node: string;
    readonly missing: number;
  }[];
}

/** `…/lineage`: batches as nodes, merges and splits as edges. */
export interface LineageAnswer {
  readonly batches: readonly {
    /** What `from` and `to` of an edge name: the batch id, or with the trace where two batches share one. */
    readonly id: string;
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
    readonly spanCount: number;
    readonly nodeIds: readonly string[];
    /** Batches merged into this one in all, known or not; 0 where it is no merge. */
    readonly contributors: number;
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
  /** Between all of its batches, told or not. */
  readonly totalEdges: number;
  /** Null where the journey is too large to be counted span by span. */
  readonly account: JourneyAccount | null;
  /** The critical path through merges, first cause first. */
  readonly criticalPath: readonly { readonly traceId: string; readonly spanId: string }[];
}
