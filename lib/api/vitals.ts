/** `GET /api/v1/vitals`: how the dashboard itself is doing, over about the last minute where a figure is of a time. */
export interface Quantiles {
  readonly count: number;
  /** Null where nothing was timed. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

export interface VitalsAnswer {
  readonly ingest: {
    /** From the body to rows, a request; on the event loop, so nothing else runs meanwhile. */
    readonly requestMs: Quantiles;
    /** Share of the event loop's time that goes into it. */
    readonly loopShare: number | null;
    readonly requestsPerSec: number | null;
    readonly bytesPerSec: number | null;
    /** Bytes that were let in and are not stored yet, and how many may be. */
    readonly bytesInFlight: number;
    readonly limitBytes: number;
  };
  /** Slowest first. */
  readonly queries: readonly (Quantiles & { readonly endpoint: string })[];
  /** How much later than asked for a timer fires. */
  readonly loopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly stream: { readonly viewers: number; readonly limit: number; readonly skipped: number };
  readonly process: {
    /** Share of one CPU. */
    readonly cpuShare: number | null;
    readonly rssBytes: number;
    readonly heapBytes: number;
    /** Typed arrays: where spans and series are. */
    readonly arrayBytes: number;
  };
  /** What is bounded by number: how full it is, and what found no room or, where the oldest leaves, had to go. */
  readonly tables: readonly {
    readonly name: string;
    readonly size: number;
    readonly limit: number | null;
    readonly overflow: number | null;
    readonly oldestLeaves?: boolean;
  }[];
  /** What engines recorded for this server and could not deliver, in the last hour; only those that tell. */
  readonly unsent: readonly { readonly engine: string; readonly signal: string; readonly items: number }[];
}
