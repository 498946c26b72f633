/**
 * The spans of one trace as columns, ordered by start then arrival. Times are nanoseconds after `originUnixNano`
 * (the earliest moment of the trace, channel waits included), so that a float64 holds them exactly.
 */
export interface SpanColumns {
  readonly traceId: string;
  readonly originUnixNano: bigint;
  readonly length: number;
  readonly spanIds: SpanIds;
  /** Row of the parent; −1 for a root, −2 where the parent never came. */
  readonly parent: Int32Array;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  /** Milliseconds; NaN where the span does not tell. */
  readonly waitMs: Float64Array;
  readonly workMs: Float64Array;
  readonly blockedMs: Float64Array;
  readonly outcomeWaitMs: Float64Array;
  readonly heldMs: Float64Array;
  readonly items: Float64Array;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: Uint8Array;
  /** Index into `nodes`, `names`, `batches`. */
  readonly node: Uint32Array;
  readonly name: Uint32Array;
  readonly batch: Uint32Array;
  readonly nodes: readonly string[];
  readonly names: readonly string[];
  readonly batches: readonly string[];
  /** Links out of these spans. */
  readonly links: readonly ColumnLink[];
}

/** Span ids by row: numbers inside, text for the few that someone asks for. */
export interface SpanIds {
  readonly length: number;
  /** 16 hex digits; empty where there is no such row. */
  at(row: number): string;
  /** −1 where there is none; of one that came twice, either. */
  rowOf(spanId: string): number;
}

export interface ColumnLink {
  readonly row: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly type: 'split' | 'merge' | 'retry' | 'control' | 'other';
  /** Items that went over it, NaN where not told; held time of a merge in ms. */
  readonly items: number;
  readonly heldMs: number;
}
