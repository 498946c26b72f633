/** `GET /api/v1/coverage?from=&to=&buckets=`: over which time the store still holds traces, for shading a time line. */
export interface CoverageAnswer {
  readonly fromUnixNano: string;
  readonly toUnixNano: string;
  /** Traces held by their start, one figure a bucket of the same length, oldest first. */
  readonly traces: readonly number[];
  /** Those of them that are held longer than others of their time, for what they show. */
  readonly kept: readonly number[];
}
