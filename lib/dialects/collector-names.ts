/** The Collector's metric names however they came: as OTLP tells them, and as Prometheus scrapes and relays them. */

/**
 * `otelcol.receiver.produced.items`, `otelcol_exporter_sent_spans__spans__total`, `otelcol_exporter_queue_size_batches`
 * become `otelcol_receiver_produced_items`, `otelcol_exporter_sent_spans`, `otelcol_exporter_queue_size`.
 */
export function collectorMetricName(name: string): string {
  return name
    .replaceAll('.', '_')
    .replace(/_total$/, '')
    .replace(/__\w*$/, '')
    .replace(/_ratio$/, '')
    .replace(/^(otelcol_processor_internal_duration|otelcol_process_uptime)_seconds$/, '$1')
    .replace(/^(otelcol_process_memory_rss)_bytes$/, '$1')
    .replace(/^(otelcol_exporter_queue_(?:size|capacity))_batch(?:es)?$/, '$1')
    .replace(/^(otelcol_exporter_in_flight_requests)_requests?$/, '$1');
}

/** The signal that a name ends with, as `…_sent_log_records`; empty where it does not tell. */
export function signalOfMetric(name: string): string {
  if (/_spans(_|$)/.test(name)) return 'traces';
  if (/_(log_records|logs)(_|$)/.test(name)) return 'logs';
  return /_(metric_points|datapoints)(_|$)/.test(name) ? 'metrics' : '';
}
