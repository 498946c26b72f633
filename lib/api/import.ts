/** `POST /api/v1/import/{traces|metrics|logs}`: an OTLP JSON request that a page read from a file. */
export interface ImportAnswer {
  /** Spans, points or log records. */
  readonly received: number;
  readonly rejected: number;
  /** Why some were rejected, or empty. */
  readonly message: string;
}
