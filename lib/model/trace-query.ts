/** What a list of traces can be asked for, and what a row of it says. */
export interface TraceQuery {
  readonly engine?: string;
  readonly node?: readonly string[];
  readonly signal?: readonly string[];
  readonly status?: 'ok' | 'error';
  readonly minDurationMs?: number;
  readonly maxDurationMs?: number;
  readonly fromUnixNano?: bigint;
  readonly toUnixNano?: bigint;
  /** Free text over batch id, trace id prefix, span names, node ids and status messages. */
  readonly q?: string;
  readonly policy?: string;
  /** A `control.id`: traces of the batches that the action affected. */
  readonly control?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly sort: 'start' | '-start' | 'duration' | '-duration';
}

export interface TraceSummary {
  readonly traceId: string;
  readonly engine: string;
  readonly batchId: string;
  readonly rootName: string;
  readonly startUnixNano: string;
  readonly durationMs: number;
  readonly waitMs: number;
  readonly workMs: number;
  readonly blockedMs: number;
  readonly spanCount: number;
  /** In order of first span, each once. */
  readonly nodeIds: readonly string[];
  readonly signal: string;
  readonly status: 'ok' | 'error';
  readonly statusMessage: string;
  readonly items: number | null;
  readonly policy: string | null;
  /** True where a link leads to or from another trace. */
  readonly linked: boolean;
  /** True while no root has come. */
  readonly rootMissing: boolean;
  /** Spans that were left out because the trace took too much of the store. */
  readonly cutSpans?: number;
}

export interface TracePage {
  readonly traces: readonly TraceSummary[];
  /** Traces that match in all. */
  readonly total: number;
  readonly nextCursor: string | null;
}
