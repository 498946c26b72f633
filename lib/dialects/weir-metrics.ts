/** The contract's own metrics, name by name. */
import type { EdgeFact, Entity, FactAttributes, Measure } from '@/lib/model/facts';
import { ATTR } from '@/lib/semconv/attributes';
import { METRIC } from '@/lib/semconv/metrics';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { firstTextOf, textOf } from './attributes';
import { NO_MEANING, type SeriesMeaning, type SeriesOf } from './dialect';
import { nodeEntity } from './metric-facts';
import { isByDesign } from './reasons';
import { ATTRIBUTE_NAMES, type Known } from './weir-attributes';

const NODE: Readonly<Record<string, Measure>> = {
  [METRIC.nodeDuration]: 'duration',
  [METRIC.nodeBusy]: 'busy',
  [METRIC.nodeBlocked]: 'blocked',
  [METRIC.nodeConcurrency]: 'concurrency',
  [METRIC.nodeInFlight]: 'in_flight_items',
  [METRIC.nodeFlushes]: 'flushes',
  [METRIC.pdataDelayed]: 'delayed',
  [METRIC.pdataBatchSize]: 'batch_size',
};

const CHANNEL: Readonly<Record<string, Measure>> = {
  [METRIC.channelDepth]: 'depth',
  [METRIC.channelCapacity]: 'capacity',
  [METRIC.channelOccupancy]: 'occupancy',
  [METRIC.channelReceived]: 'received',
  [METRIC.channelWait]: 'wait',
};

/** Counted by who sends: an edge where `from` is told, else the channel as a whole. */
const EDGE: Readonly<Record<string, Measure>> = {
  [METRIC.channelSent]: 'sent',
  [METRIC.channelBlocked]: 'blocked_sends',
  [METRIC.channelSendBlocked]: 'send_blocked',
};

const ENGINE: Readonly<Record<string, Measure>> = {
  [METRIC.tracingSpans]: 'spans',
  [METRIC.tracingOverhead]: 'overhead',
  [METRIC.tracingCpu]: 'tracing_cpu',
  [METRIC.tracingBytes]: 'tracing_bytes',
  [METRIC.processCpu]: 'cpu',
  [METRIC.exportLost]: 'export_lost',
};

const CONTROL: Readonly<Record<string, Measure>> = {
  [METRIC.controlActions]: 'control_actions',
  [METRIC.controlDuration]: 'control_duration',
};

const BATCHES: Readonly<Record<string, Measure>> = {
  in: 'batches_in',
  out: 'batches_out',
  created: 'batches_created',
  delivered: 'batches_delivered',
  returned: 'batches_returned',
};

const ITEMS: Readonly<Record<string, Measure>> = {
  in: 'items_in',
  out: 'items_out',
  created: 'items_created',
  delivered: 'items_delivered',
  returned: 'items_returned',
};

export function mapWeirSeries(series: SeriesOf): SeriesMeaning | null {
  const { metric } = series;
  const engine = ENGINE[metric];
  if (engine) return one({ kind: 'engine' }, engine, series);

  const node =
    firstTextOf(series.attributes, [ATTR.nodeId]) || textOf(series.scope?.attributes, ATTR.componentId);
  const control = CONTROL[metric];
  if (control) {
    const action = textOf(series.attributes, ATTR.controlAction);
    return one({ kind: 'control', action, node: node || 'pipeline' }, control, series);
  }
  if (metric === METRIC.pathDuration) {
    const path = textOf(series.attributes, 'path.id');
    return path === '' ? null : one({ kind: 'path', path }, 'path_duration', series);
  }
  const channel = textOf(series.attributes, ATTR.channelId);
  if (channel !== '') return mapChannel(series, channel, node);
  if (node === '') return null;

  const direct = NODE[metric];
  if (direct) return one(nodeEntity(node), direct, series);
  if (metric === METRIC.pdataDropped) {
    const reduced = isByDesign(series.nodeType(node), textOf(series.attributes, 'reason'));
    return one(nodeEntity(node), reduced ? 'reduced' : 'dropped', series);
  }
  const flows = metric === METRIC.nodeBatches ? BATCHES : metric === METRIC.nodeItems ? ITEMS : null;
  const flow = flows?.[textOf(series.attributes, 'direction')];
  return flow ? one(nodeEntity(node), flow, series) : null;
}

function mapChannel(series: SeriesOf, channel: string, node: string): SeriesMeaning | null {
  const whole = CHANNEL[series.metric];
  if (whole) return one({ kind: 'channel', channel, node }, whole, series);
  const measure = EDGE[series.metric];
  if (!measure) return null;
  const from = textOf(series.attributes, 'from');
  if (from === '') return one({ kind: 'channel', channel, node }, measure, series);
  const port = textOf(series.attributes, ATTR.outPort) || DEFAULT_PORT;
  const meaning = one({ kind: 'edge', from, port, channel }, measure, series);
  const edge: EdgeFact = { kind: 'edge', from, port, to: node, channel, provenance: 'observed' };
  return measure === 'sent' && node !== '' ? { ...meaning, topology: [edge] } : meaning;
}

function one(entity: Entity, measure: Measure, series: SeriesOf): SeriesMeaning {
  const attributes: Partial<Record<Known, string>> = {};
  for (const { key, value } of series.attributes) {
    const known = ATTRIBUTE_NAMES[key];
    if (known && 'stringValue' in value) attributes[known] = value.stringValue as string;
  }
  const named: FactAttributes = attributes;
  return { ...NO_MEANING, targets: [{ entity, measure, attributes: named, perUnit: 1 }] };
}
