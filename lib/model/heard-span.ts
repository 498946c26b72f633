/** What is told of a span to those who gather figures from spans. Times that it does not tell are NaN, texts empty. */
export interface HeardSpan {
  readonly node: string;
  /** Node of the parent span; empty where it is unknown, has not come yet, or this is a root. */
  readonly parentNode: string;
  readonly signal: string;
  readonly durationMs: number;
  readonly waitMs: number;
  readonly blockedMs: number;
  readonly workMs: number;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  readonly items: number;
}
