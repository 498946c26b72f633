/** `GET /api/v1/metrics`: series for charts, already downsampled to `stepMs`. Empty steps are null. */
export const METRIC_QUERIES = [
  'node.throughput_in',
  'node.throughput_out',
  'node.latency',
  'node.error_ratio',
  'node.busy',
  'node.blocked',
  'node.in_flight',
  'node.batch_size',
  'node.dropped',
  'node.delayed',
  'channel.utilization',
  'channel.depth',
  'channel.wait',
  'channel.blocked',
  'channel.rate',
  'path.latency',
  'path.throughput',
  'control.actions',
  'tracing.spans',
  'tracing.overhead',
] as const;
export type MetricQuery = (typeof METRIC_QUERIES)[number];

export interface MetricsAnswer {
  readonly metric: MetricQuery;
  readonly unit: string;
  readonly fromUnixNano: string;
  readonly toUnixNano: string;
  readonly stepMs: number;
  readonly steps: number;
  readonly series: readonly MetricSeries[];
  readonly total: number;
  readonly truncated: boolean;
  /** How it is known: metrics of the source, or derived from received spans. */
  readonly source: 'metrics' | 'spans' | null;
}

export interface MetricSeries {
  /** Node, channel, path or action. */
  readonly id: string;
  /** What splits it further: `p50`, `p95`, `p99`, a signal, an outcome, a reason, a size bucket. */
  readonly split: string;
  readonly values: readonly (number | null)[];
}
