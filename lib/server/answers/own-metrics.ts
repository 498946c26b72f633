/** The dashboard's own state as metrics: what came in, what is held, how long answers take, what found no room. */
import type { HealthAnswer } from '@/lib/api/health';
import type { Quantiles, VitalsAnswer } from '@/lib/api/vitals';
import type { PrometheusMetric } from './prometheus-text';

export interface OwnState {
  readonly health: HealthAnswer;
  readonly vitals: VitalsAnswer;
  /** CPU seconds of the process. */
  readonly cpuSeconds: number;
}

export function ownMetrics({ health, vitals, cpuSeconds }: OwnState): PrometheusMetric[] {
  const { store, requests, data } = health;
  const { ingest, stream, process, loopDelayMs } = vitals;
  return [
    {
      name: 'weir_ledger_items',
      help: 'Items by what became of them; stored is what is held now.',
      type: 'gauge',
      samples: ledgerSamples(health.ledger),
    },
    {
      name: 'weir_requests_total',
      help: 'OTLP requests by what became of them.',
      type: 'counter',
      samples: Object.entries(requests).map(([outcome, value]) => ({ labels: { outcome }, value })),
    },
    gauge('weir_store_bytes', 'Bytes held by the store.', store.bytes),
    gauge('weir_store_budget_bytes', 'Bytes that the store may hold.', store.budgetBytes),
    gauge('weir_store_spans', 'Spans held.', store.spans),
    gauge('weir_store_traces', 'Traces held.', store.traces),
    gauge('weir_series_bytes', 'Bytes held by the series.', store.seriesBytes),
    gauge('weir_series_budget_bytes', 'Bytes that the series may hold.', store.seriesBudgetBytes),
    gauge('weir_series', 'Series held.', store.series),
    gauge('weir_ingest_spans_per_second', 'Spans a second arriving.', data.spansPerSec),
    gauge('weir_ingest_cpu_ratio', 'Share of one CPU that taking requests in takes.', ingest.cpuShare),
    gauge('weir_ingest_bytes_per_second', 'Bytes of requests a second.', ingest.bytesPerSec),
    gauge('weir_ingest_in_flight_bytes', 'Bytes let in and not stored yet.', ingest.bytesInFlight),
    gauge('weir_ingest_in_flight_limit_bytes', 'Bytes that may be in flight.', ingest.limitBytes),
    summary('weir_ingest_seconds', 'Time to take a request in, over the last minute.', [
      { labels: {}, of: ingest.requestMs },
    ]),
    summary(
      'weir_query_seconds',
      'Time to answer, over the last minute.',
      vitals.queries.map((query) => ({ labels: { endpoint: query.endpoint }, of: query })),
    ),
    {
      name: 'weir_event_loop_delay_seconds',
      help: 'How late the event loop is, over the last minute.',
      type: 'gauge',
      samples: [
        { labels: { quantile: '0.5' }, value: loopDelayMs.p50 / 1e3 },
        { labels: { quantile: '0.99' }, value: loopDelayMs.p99 / 1e3 },
        { labels: { quantile: '1' }, value: loopDelayMs.max / 1e3 },
      ],
    },
    gauge('weir_items_lost', "Operator's items lost over the last hour.", data.lost),
    gauge('weir_items_presumed_lost', 'Items under way in engines that vanished.', data.presumedLost),
    gauge('weir_items_reduced', 'Items taken out by design over the last hour.', data.reduced),
    {
      name: 'weir_engine_unsent_items',
      help: 'Telemetry that an engine could not deliver here, over the last hour.',
      type: 'gauge',
      samples: vitals.unsent.map(({ engine, signal, items }) => ({
        labels: { engine, signal },
        value: items,
      })),
    },
    gauge('weir_stream_connections', 'Open event streams.', stream.viewers),
    counter(
      'weir_stream_skipped_total',
      'Times that a newer state had to wait for a slow reader.',
      stream.skipped,
    ),
    {
      name: 'weir_table_entries',
      help: 'Entries of tables that are bounded by number.',
      type: 'gauge',
      samples: vitals.tables.map(({ name, size }) => ({ labels: { table: name }, value: size })),
    },
    {
      name: 'weir_table_limit',
      help: 'Entries that a table may have.',
      type: 'gauge',
      samples: vitals.tables.map(({ name, limit }) => ({ labels: { table: name }, value: limit })),
    },
    {
      name: 'weir_table_overflow_total',
      help: 'What found no room in a table, or left it to make room.',
      type: 'counter',
      samples: vitals.tables.map(({ name, overflow }) => ({ labels: { table: name }, value: overflow })),
    },
    gauge('process_resident_memory_bytes', 'Resident memory.', process.rssBytes),
    gauge('nodejs_heap_size_used_bytes', 'Heap in use.', process.heapBytes),
    gauge('nodejs_array_buffers_bytes', 'Typed arrays.', process.arrayBytes),
    counter('process_cpu_seconds_total', 'CPU time of the server.', cpuSeconds),
  ];
}

function gauge(name: string, help: string, value: number | null): PrometheusMetric {
  return { name, help, type: 'gauge', samples: [{ value }] };
}

function counter(name: string, help: string, value: number): PrometheusMetric {
  return { name, help, type: 'counter', samples: [{ value }] };
}

/** Quantiles as gauges, in seconds: they are of the last minute and not of all time, as a summary's would be. */
function summary(
  name: string,
  help: string,
  parts: readonly { readonly labels: Readonly<Record<string, string>>; readonly of: Quantiles }[],
): PrometheusMetric {
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1e3);
  return {
    name,
    help,
    type: 'gauge',
    samples: parts.flatMap(({ labels, of }) => [
      { labels: { ...labels, quantile: '0.5' }, value: seconds(of.p50Ms) },
      { labels: { ...labels, quantile: '0.99' }, value: seconds(of.p99Ms) },
      { labels: { ...labels, quantile: '1' }, value: seconds(of.maxMs) },
    ]),
  };
}

function ledgerSamples(ledger: HealthAnswer['ledger']): PrometheusMetric['samples'] {
  return Object.entries(ledger).flatMap(([kind, counts]) =>
    Object.entries(counts).map(([state, value]) => ({ labels: { kind, state }, value: Number(value) })),
  );
}
