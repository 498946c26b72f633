/** `GET /api/v1/health`: the ledger, in items, equal at every instant: received = stored + evicted + rejected + duplicate. */
export interface LedgerCounts {
  readonly received: number;
  readonly stored: number;
  readonly evicted: number;
  readonly rejected: number;
  readonly duplicate: number;
}

export interface HealthAnswer {
  readonly status: 'ok' | 'overloaded' | 'stopping';
  readonly startedAtUnixNano: string;
  readonly version: string;
  readonly ledger: {
    readonly spans: LedgerCounts;
    readonly logRecords: LedgerCounts;
    readonly points: LedgerCounts;
  };
  readonly requests: { readonly accepted: number; readonly refused: number; readonly rejected: number };
  readonly store: {
    readonly bytes: number;
    readonly budgetBytes: number;
    readonly spans: number;
    readonly traces: number;
    readonly seriesBytes: number;
    readonly seriesBudgetBytes: number;
    readonly series: number;
    /** Start of the oldest trace held. */
    readonly oldestUnixNano: string | null;
  };
  /** The operator's own data, over the last hour, all engines together, in items. */
  readonly data: {
    readonly lost: number | null;
    readonly presumedLost: number | null;
    readonly reduced: number | null;
    /** Spans a second arriving here, and items a second through the engines. */
    readonly spansPerSec: number;
    readonly itemsPerSec: number | null;
  };
  /** Who reports: held, of how many there is room for, and how many messages were turned away for want of it. */
  readonly engines: { readonly held: number; readonly max: number; readonly turnedAway: number };
  readonly agents: {
    readonly held: number;
    readonly connected: number;
    readonly max: number;
    readonly turnedAway: number;
    /** Bytes of effective configurations. */
    readonly configBytes: number;
    readonly maxConfigBytes: number;
    /** What agents sent that could not be taken, newest first. */
    readonly problems: readonly AgentProblem[];
  };
  readonly endpoints: {
    readonly otlpHttp: string;
    readonly otlpGrpc: string | null;
    readonly opampWs: string;
    readonly opampHttp: string;
  };
  readonly readOnly: boolean;
}

export interface AgentProblem {
  /** The agent's service and instance_uid, or where it called from while it has given none. */
  readonly agent: string;
  readonly message: string;
  readonly count: number;
  readonly atUnixNano: string;
}
