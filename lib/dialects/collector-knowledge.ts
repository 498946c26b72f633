/**
 * What a Collector's telemetry has told of its components so far: from metrics (with the feature gate: each processor
 * with its pipeline, each connector with where it sends; without: names and signals), from spans (the order of
 * processors, and which exporter a receiver's data reached in one trace), and from a configuration where one came.
 */
import type { KeyValue, Scope } from '@/lib/otlp/types';
import { ATTR, SIGNAL_ALIASES } from '@/lib/semconv/attributes';
import { firstTextOf, textOf } from './attributes';
import { type CollectorPipeline, collectorPipelines, exporterId, signalOfPipeline } from './collector-config';
import { collectorMetricName, signalOfMetric } from './collector-names';
import type { ResourceMetrics, ResourceSpans } from './dialect';
import { instanceId } from './instance-id';

/** Of each kind of thing learnt. */
const LIMIT = 2_000;
/** Spans of receivers whose children may still come. */
const OPEN_SPANS = 4_000;

export interface SeenProcessor {
  readonly component: string;
  /** Empty where the source does not tell it. */
  readonly pipeline: string;
  readonly signals: Set<string>;
}

/** What one receiver's span told: the processors in the order in which they started. */
export interface Sequence {
  readonly receiver: string;
  readonly signal: string;
  readonly processors: readonly string[];
}

export interface CollectorKnowledge {
  /** True once a component named itself in its scope: then all do, and names in attributes are of the same ones. */
  gate: boolean;
  readonly receivers: Map<string, Set<string>>;
  readonly exporters: Map<string, Set<string>>;
  readonly processors: Map<string, SeenProcessor>;
  readonly connectors: Map<string, { readonly inputs: Set<string>; readonly outputs: Set<string> }>;
  readonly sequences: Map<string, Sequence>;
  /** `receiver|signal|exporter`, where one trace holds both. */
  readonly reached: Set<string>;
  /** `address:port` of a destination → the exporters that send there. */
  readonly destinations: Map<string, Set<string>>;
  readonly openSpans: Map<string, { readonly receiver: string; readonly signal: string }>;
  /** From an effective configuration; null without one. */
  declared: readonly CollectorPipeline[] | null;
  /** Forgets what was seen. What was declared stays until something new is. */
  clear(): void;
}

export function createCollectorKnowledge(): CollectorKnowledge {
  const knowledge: CollectorKnowledge = {
    gate: false,
    receivers: new Map(),
    exporters: new Map(),
    processors: new Map(),
    connectors: new Map(),
    sequences: new Map(),
    reached: new Set(),
    destinations: new Map(),
    openSpans: new Map(),
    declared: null,
    clear() {
      const { receivers, exporters, processors, connectors, sequences, reached } = knowledge;
      for (const held of [receivers, exporters, processors, connectors, sequences, reached]) held.clear();
      knowledge.destinations.clear();
      knowledge.openSpans.clear();
      knowledge.gate = false;
    },
  };
  return knowledge;
}

export function collectorDeclared(knowledge: CollectorKnowledge, config: unknown): void {
  knowledge.declared = collectorPipelines(config);
}

/** The map's id of an exporter: one that shares its name with a receiver is told apart. */
export function exporterNode(knowledge: CollectorKnowledge, component: string): string {
  const isReceiverToo =
    knowledge.declared?.some((pipeline) => pipeline.receivers.includes(component)) ??
    knowledge.receivers.has(component);
  return exporterId(component, isReceiverToo);
}

/** The map's id of a processor; empty where the source does not tell which of several it is. */
export function processorNode(
  knowledge: CollectorKnowledge,
  component: string,
  pipeline: string,
  signal: string,
): string {
  if (pipeline !== '') return instanceId(component, pipeline);
  if (!knowledge.declared) return component;
  const candidates = knowledge.declared.filter(
    (known) => known.processors.includes(component) && (signal === '' || known.signal === signal),
  );
  const [only] = candidates;
  return only && candidates.length === 1 ? instanceId(component, only.id) : '';
}

/** The only processor of a type, where a metric does not say which it is of; empty where there are more. */
export function soleProcessor(knowledge: CollectorKnowledge, type: string): string {
  const isOf = (component: string) => component === type || component.startsWith(`${type}/`);
  const names = knowledge.declared
    ? new Set(knowledge.declared.flatMap(({ processors }) => processors.filter(isOf)))
    : new Set([...knowledge.processors.values()].map(({ component }) => component).filter(isOf));
  const [only] = names;
  return only !== undefined && names.size === 1 ? only : '';
}

/** Metrics: true where something is new. */
export function learnCollector(knowledge: CollectorKnowledge, part: ResourceMetrics): boolean {
  const before = sizeOf(knowledge);
  for (const { scope } of part.scopeMetrics) learnScope(knowledge, scope);
  for (const { scope, metrics } of part.scopeMetrics) {
    for (const metric of metrics) {
      const name = collectorMetricName(metric.name);
      const points = metric.sum?.dataPoints ?? metric.gauge?.dataPoints;
      for (const point of points ?? []) {
        const value = point.asDouble ?? Number(point.asInt ?? 0n);
        learnPoint(knowledge, scope, name, point.attributes, value);
      }
    }
  }
  return sizeOf(knowledge) !== before;
}

function learnScope(knowledge: CollectorKnowledge, scope: Scope | undefined): void {
  const id = textOf(scope?.attributes, ATTR.componentId);
  if (id === '') return;
  knowledge.gate = true;
  const signal = firstTextOf(scope?.attributes, SIGNAL_ALIASES);
  switch (textOf(scope?.attributes, ATTR.componentKind)) {
    case 'receiver':
      noteSignal(knowledge.receivers, id, signal);
      return;
    case 'exporter':
      noteSignal(knowledge.exporters, id, signal);
      return;
    case 'processor':
      noteProcessor(knowledge, id, textOf(scope?.attributes, ATTR.componentPipelineId), signal);
      return;
    case 'connector': {
      const known = knowledge.connectors.get(id) ?? { inputs: new Set(), outputs: new Set() };
      if (signal !== '') known.inputs.add(signal);
      if (knowledge.connectors.size < LIMIT) knowledge.connectors.set(id, known);
    }
  }
}

function learnPoint(
  knowledge: CollectorKnowledge,
  scope: Scope | undefined,
  name: string,
  attributes: readonly KeyValue[],
  value: number,
): void {
  if (name === 'otelcol_connector_produced_items') {
    const connector = knowledge.connectors.get(textOf(scope?.attributes, ATTR.componentId));
    const pipeline = textOf(attributes, ATTR.componentPipelineId);
    if (connector && pipeline !== '' && connector.outputs.size < LIMIT) connector.outputs.add(pipeline);
    return;
  }
  const signal =
    firstTextOf(attributes, ['otel.signal', 'data_type', 'otelcol.signal']) || signalOfMetric(name);
  const receiver = textOf(attributes, 'receiver');
  // Counters of signals that never came stand there as 0.
  if (receiver !== '') noteSignal(knowledge.receivers, receiver, value > 0 ? signal : '');
  if (knowledge.gate) return;
  const exporter = textOf(attributes, 'exporter');
  if (exporter !== '') noteSignal(knowledge.exporters, exporter, value > 0 ? signal : '');
  const destination = destinationOf(attributes);
  if (exporter !== '' && destination !== '') noteSignal(knowledge.destinations, destination, exporter);
  const processor = firstTextOf(attributes, ['processor', 'filter']);
  if (processor !== '') noteProcessor(knowledge, processor, '', signal);
}

/** Empty where it is not told. */
export function destinationOf(attributes: readonly KeyValue[]): string {
  const address = textOf(attributes, 'server.address');
  return address === '' ? '' : `${address}:${textOf(attributes, 'server.port')}`;
}

/** Spans: the order of processors, and what was reached in one trace. True where something is new. */
export function learnCollectorSpans(knowledge: CollectorKnowledge, part: ResourceSpans): boolean {
  const before = sizeOf(knowledge);
  for (const { scope, spans } of part.scopeSpans) {
    const component = textOf(scope?.attributes, ATTR.componentId);
    if (component === '' || textOf(scope?.attributes, ATTR.componentKind) !== 'receiver') continue;
    for (const span of spans) {
      const signal = signalOfReceiverSpan(span.name);
      if (signal === '') continue;
      noteSignal(knowledge.receivers, component, signal);
      if (knowledge.openSpans.size >= OPEN_SPANS) knowledge.openSpans.clear();
      knowledge.openSpans.set(span.spanId, { receiver: component, signal });
      const processors = span.events
        .filter((event) => event.name === 'Start processing.')
        .map((event) => textOf(event.attributes, 'processor'))
        .filter((name) => name !== '');
      const key = `${component}|${signal}|${processors.join('>')}`;
      if (knowledge.sequences.size < LIMIT && !knowledge.sequences.has(key)) {
        knowledge.sequences.set(key, { receiver: component, signal, processors });
      }
    }
  }
  for (const { scope, spans } of part.scopeSpans) {
    const component = textOf(scope?.attributes, ATTR.componentId);
    if (component === '' || textOf(scope?.attributes, ATTR.componentKind) !== 'exporter') continue;
    noteSignal(knowledge.exporters, component, firstTextOf(scope?.attributes, SIGNAL_ALIASES));
    for (const span of spans) {
      const parent = knowledge.openSpans.get(span.parentSpanId);
      if (!parent || knowledge.reached.size >= LIMIT) continue;
      knowledge.reached.add(`${parent.receiver}|${parent.signal}|${component}`);
    }
  }
  return sizeOf(knowledge) !== before;
}

function signalOfReceiverSpan(name: string): string {
  if (name.endsWith('/TraceDataReceived')) return 'traces';
  if (name.endsWith('/LogsReceived')) return 'logs';
  return name.endsWith('/MetricsReceived') ? 'metrics' : '';
}

function noteSignal(held: Map<string, Set<string>>, component: string, signal: string): void {
  const signals = held.get(component) ?? new Set();
  if (signal !== '') signals.add(signal);
  if (held.size < LIMIT || held.has(component)) held.set(component, signals);
}

function noteProcessor(
  knowledge: CollectorKnowledge,
  component: string,
  pipeline: string,
  signal: string,
): void {
  const id = instanceId(component, pipeline);
  const known = knowledge.processors.get(id) ?? { component, pipeline, signals: new Set<string>() };
  const own = pipeline === '' ? signal : signalOfPipeline(pipeline);
  if (own !== '') known.signals.add(own);
  if (knowledge.processors.size < LIMIT || knowledge.processors.has(id)) knowledge.processors.set(id, known);
}

/** Everything only grows, so a count tells whether anything is new. */
function sizeOf(knowledge: CollectorKnowledge): number {
  let size = knowledge.sequences.size + knowledge.reached.size + (knowledge.gate ? 1 : 0);
  for (const held of [knowledge.receivers, knowledge.exporters, knowledge.destinations]) {
    for (const signals of held.values()) size += 1 + signals.size;
  }
  for (const { signals } of knowledge.processors.values()) size += 1 + signals.size;
  for (const { inputs, outputs } of knowledge.connectors.values()) size += 1 + inputs.size + outputs.size;
  return size;
}
