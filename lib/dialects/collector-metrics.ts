/**
 * The Collector's metrics, with and without the feature gate `telemetry.newPipelineTelemetry`. With it the scope names
 * the component, and `….consumed.items`/`….produced.items` count for all; the older counters of the same things are then
 * left aside, or each item would count twice. Without it a point names its receiver, processor or exporter.
 */
import type { Entity, FactAttributes, Measure } from '@/lib/model/facts';
import { ATTR, SIGNAL_ALIASES } from '@/lib/semconv/attributes';
import { firstTextOf, textOf } from './attributes';
import { queueChannelId, signalOfPipeline } from './collector-config';
import {
  type CollectorKnowledge,
  destinationOf,
  exporterNode,
  processorNode,
  soleProcessor,
} from './collector-knowledge';
import { collectorMetricName, signalOfMetric } from './collector-names';
import { type DialectState, NO_MEANING, type SeriesMeaning, type SeriesOf, type Target } from './dialect';
import { nodeEntity } from './metric-facts';
import { perSecondUnit } from './units';

interface Meant {
  readonly measure: Measure;
  readonly extra?: FactAttributes;
  readonly perUnit?: number;
  /** What the gate's own counters tell better. */
  readonly withoutGateOnly?: boolean;
}

const PROCESS: Readonly<Record<string, Measure>> = {
  otelcol_process_cpu_seconds: 'cpu',
  otelcol_process_memory_rss: 'memory',
  otelcol_process_uptime: 'uptime',
};

const ITEMS = '(?:spans|log_records|metric_points)';

/** The first that fits. Names are canonical: dots are underscores, suffixes of scrapes are gone. */
const MEANINGS: readonly (readonly [RegExp, Meant])[] = [
  [/^otelcol_(receiver|processor|exporter|connector)_consumed_items$/, { measure: 'items_in' }],
  [/^otelcol_(receiver|processor|exporter|connector)_produced_items$/, { measure: 'items_out' }],
  [
    new RegExp(`^otelcol_receiver_accepted_${ITEMS}$`),
    { measure: 'items_in', extra: { outcome: 'success' } },
  ],
  [new RegExp(`^otelcol_receiver_refused_${ITEMS}$`), { measure: 'items_in', extra: { outcome: 'refused' } }],
  [new RegExp(`^otelcol_receiver_failed_${ITEMS}$`), { measure: 'items_in', extra: { outcome: 'failure' } }],
  [/^otelcol_processor_incoming_items$/, { measure: 'items_in', withoutGateOnly: true }],
  [/^otelcol_processor_outgoing_items$/, { measure: 'items_out', withoutGateOnly: true }],
  [/^otelcol_processor_internal_duration$/, { measure: 'duration' }],
  [
    new RegExp(`^otelcol_processor_memory_limiter_refused_${ITEMS}$`),
    { measure: 'items_returned', withoutGateOnly: true },
  ],
  [
    /^otelcol_processor_filter_(spans|logs|datapoints)_filtered$/,
    { measure: 'reduced', extra: { reason: 'filtered' } },
  ],
  [/^otelcol_processor_batch_batch_send_size$/, { measure: 'batch_size' }],
  [/^otelcol_processor_batch_timeout_trigger_send$/, { measure: 'flushes', extra: { reason: 'timer' } }],
  [/^otelcol_processor_batch_batch_size_trigger_send$/, { measure: 'flushes', extra: { reason: 'size' } }],
  [/^otelcol_processor_tail_sampling_sampling_traces_on_memory$/, { measure: 'in_flight' }],
  [new RegExp(`^otelcol_exporter_sent_${ITEMS}$`), { measure: 'items_delivered' }],
  [
    new RegExp(`^otelcol_exporter_send_failed_${ITEMS}$`),
    { measure: 'dropped', extra: { reason: 'send_failed' } },
  ],
  [
    new RegExp(`^otelcol_exporter_enqueue_failed_${ITEMS}$`),
    { measure: 'dropped', extra: { reason: 'queue_full' } },
  ],
  [/^otelcol_exporter_in_flight_requests$/, { measure: 'in_flight' }],
];

const QUEUE: Readonly<Record<string, Measure>> = {
  otelcol_exporter_queue_size: 'depth',
  otelcol_exporter_queue_capacity: 'capacity',
};

/** Recorded as a request is offered to the queue, taken or not: how many, and how large they are. */
const QUEUE_OFFERS = 'otelcol_exporter_queue_batch_send_size';

/** One attempt of an exporter at its destination, retries counted each; the HTTP and RPC conventions, old and new. */
const ATTEMPT = /^(http_client_(request_)?duration|rpc_client_(call_)?duration)(_milliseconds|_seconds)?$/;

export function mapCollectorSeries(series: SeriesOf, state: DialectState): SeriesMeaning | null {
  const name = collectorMetricName(series.metric);
  const process = PROCESS[name];
  if (process) return meaning({ kind: 'engine' }, process, {}, perSecondUnit(series.unit));
  const known = state.collector;
  const signal = signalOf(series, name);

  const queue = QUEUE[name];
  if (queue) {
    const exporter = exporterOf(series, known);
    if (exporter === '' || signal === '') return null;
    return meaning(queueOf(exporter, signal), queue, { signal }, 1);
  }
  if (name === QUEUE_OFFERS) return offers(exporterOf(series, known), signal);
  if (ATTEMPT.test(name)) return attempt(series, known, signal);
  if (/^otelcol_processor_probabilistic_sampler_count_(traces|logs)_sampled$/.test(name)) {
    return sampledOut(series, name, known);
  }
  const meant = MEANINGS.find(([pattern]) => pattern.test(name))?.[1];
  if (!meant || (meant.withoutGateOnly && known.gate)) return null;
  const node = nodeOf(series, name, known, signal);
  if (node === '') return null;
  return meaning(
    nodeEntity(node),
    measureOf(name, meant, series, known, signal),
    {
      ...(signal !== '' && { signal }),
      ...outcomeOf(series),
      ...portOf(series, name),
      ...meant.extra,
    },
    perSecondUnit(series.unit),
  );
}

function queueOf(exporter: string, signal: string): Entity {
  return { kind: 'channel', channel: queueChannelId(exporter, signal), node: exporter };
}

function offers(exporter: string, signal: string): SeriesMeaning | null {
  if (exporter === '') return null;
  const attributes: FactAttributes = signal === '' ? {} : { signal };
  const size: Target = { entity: nodeEntity(exporter), measure: 'batch_size', attributes, perUnit: 1 };
  // Without the gate the signal is not told, and with it which of the exporter's queues it is.
  if (signal === '') return { ...NO_MEANING, targets: [size] };
  const offered: Target = {
    ...size,
    entity: queueOf(exporter, signal),
    measure: 'offered',
    countOnly: true,
  };
  return { ...NO_MEANING, targets: [size, offered] };
}

/** What an exporter works on is its request: how long an attempt takes, and whether it was taken. */
function attempt(series: SeriesOf, known: CollectorKnowledge, signal: string): SeriesMeaning | null {
  const exporter = exporterOfAttempt(series, known);
  if (exporter === '') return null;
  const http = firstTextOf(series.attributes, ['http.response.status_code', 'http.status_code']);
  const rpc = firstTextOf(series.attributes, ['rpc.response.status_code', 'rpc.grpc.status_code']);
  const success = http !== '' ? /^[123]/.test(http) : rpc === '0' || rpc === 'OK';
  const perUnit = series.unit === 'ms' || series.metric.endsWith('_milliseconds') ? 1e-3 : 1;
  return meaning(
    nodeEntity(exporter),
    'duration',
    { ...(signal !== '' && { signal }), outcome: success ? 'success' : 'failure' },
    perUnit,
  );
}

/** With the gate the scope says whose it is; without it the destination does, where only one exporter has it. */
function exporterOfAttempt(series: SeriesOf, known: CollectorKnowledge): string {
  if (known.gate) {
    const kind = textOf(series.scope?.attributes, ATTR.componentKind);
    return kind === 'exporter' ? exporterOf(series, known) : '';
  }
  const [only, ...more] = known.destinations.get(destinationOf(series.attributes)) ?? [];
  return only !== undefined && more.length === 0 ? exporterNode(known, only) : '';
}

/**
 * What the queue did not take is an answer to the client as long as the way back to the receiver is synchronous, and
 * lost behind a processor that has answered already. Where no configuration tells, the worse is presumed.
 */
function measureOf(
  name: string,
  meant: Meant,
  series: SeriesOf,
  known: CollectorKnowledge,
  signal: string,
): Measure {
  if (!name.startsWith('otelcol_exporter_enqueue_failed_') || !known.declared) return meant.measure;
  const exporter = componentOf(series, 'exporter');
  const into = known.declared.filter(
    (pipeline) => pipeline.signal === signal && pipeline.exporters.includes(exporter),
  );
  const answered = into.some(({ processors }) =>
    processors.some((processor) => /^(batch|groupbytrace|tail_sampling)(\/|$)/.test(processor)),
  );
  return answered || into.length === 0 ? 'dropped' : 'items_returned';
}

function sampledOut(series: SeriesOf, name: string, known: CollectorKnowledge): SeriesMeaning | null {
  if (textOf(series.attributes, 'sampled') !== 'false') return null;
  const signal = name.includes('_logs_') ? 'logs' : 'traces';
  const component = componentOf(series, 'processor') || soleProcessor(known, 'probabilistic_sampler');
  if (component === '') return null;
  const node = processorNode(known, component, pipelineOf(series), signal);
  return node === '' ? null : meaning(nodeEntity(node), 'reduced', { signal, reason: 'sampled' }, 1);
}

function nodeOf(series: SeriesOf, name: string, known: CollectorKnowledge, signal: string): string {
  if (name.startsWith('otelcol_exporter_')) return exporterOf(series, known);
  if (name.startsWith('otelcol_receiver_')) return componentOf(series, 'receiver');
  if (name.startsWith('otelcol_connector_')) return componentOf(series, 'connector');
  const component = componentOf(series, 'processor') || textOf(series.attributes, 'filter');
  if (component === '') return '';
  // With the gate every processor names its pipeline; one that does not cannot be placed.
  const pipeline = pipelineOf(series);
  if (pipeline === '' && known.gate && !known.declared) return '';
  return processorNode(known, component, pipeline, signal);
}

function exporterOf(series: SeriesOf, known: CollectorKnowledge): string {
  const component = componentOf(series, 'exporter');
  return component === '' ? '' : exporterNode(known, component);
}

function componentOf(series: SeriesOf, kind: string): string {
  return (
    textOf(series.scope?.attributes, ATTR.componentId) ||
    firstTextOf(series.attributes, [ATTR.componentId, kind, 'otelcol_component_id'])
  );
}

function pipelineOf(series: SeriesOf): string {
  return textOf(series.scope?.attributes, ATTR.componentPipelineId);
}

function signalOf(series: SeriesOf, name: string): string {
  // What a connector produces has the signal that it makes, not the one that it takes.
  const output = name === 'otelcol_connector_produced_items' ? ['otelcol.signal.output'] : [];
  return (
    firstTextOf(series.scope?.attributes, [...output, ...SIGNAL_ALIASES]) ||
    firstTextOf(series.attributes, ['data_type', 'otel.signal', 'otel_signal', ...SIGNAL_ALIASES]) ||
    signalOfMetric(name) ||
    signalOfPipeline(pipelineOf(series))
  );
}

function outcomeOf(series: SeriesOf): FactAttributes {
  const outcome = firstTextOf(series.attributes, ['otelcol.component.outcome', 'otelcol_component_outcome']);
  return outcome === '' ? {} : { outcome };
}

function portOf(series: SeriesOf, name: string): FactAttributes {
  if (name !== 'otelcol_connector_produced_items') return {};
  const port = textOf(series.attributes, ATTR.componentPipelineId);
  return port === '' ? {} : { port };
}

function meaning(
  entity: Entity,
  measure: Measure,
  attributes: FactAttributes,
  perUnit: number,
): SeriesMeaning {
  return { ...NO_MEANING, targets: [{ entity, measure, attributes, perUnit }] };
}
