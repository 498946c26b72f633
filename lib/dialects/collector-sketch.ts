/**
 * The map of a Collector from its telemetry alone. What a counter or a trace shows is `observed`; what only fits by
 * signal is `inferred`. The rules, and why each is no more than that:
 *
 *   order in a pipeline      spans name the processors that tell of themselves; `batch` and its like do not, but they
 *                            end the trace, so they stand behind. Any other silent processor makes the order a guess.
 *   receiver ▶ pipeline      a receiver's span begins with that pipeline's first processor: observed. Else by signal,
 *                            into pipelines that no connector feeds.
 *   connector ▶ pipeline     told by the connector's own counters.
 *   pipeline ▶ connector     by signal, from pipelines that the connector does not itself feed.
 *   pipeline ▶ exporter      by signal, from pipelines that end in no connector; observed where one trace holds both.
 */
import type { EdgeFact, NodeFact, Provenance, SeenFact } from '@/lib/model/facts';
import { DEFAULT_PORT, type NodeKind } from '@/lib/semconv/signals';
import { pdataChannelId } from '@/lib/semconv/urn';
import { queueChannelId, STATEFUL_TYPES, signalOfPipeline } from './collector-config';
import { type CollectorKnowledge, exporterNode } from './collector-knowledge';
import { componentType, instanceId } from './instance-id';

/** Processors that hand on what they took in a trace of its own. */
const ENDS_TRACE = /^(batch|groupbytrace|tail_sampling)$/;
/** With more pipelines than this of one signal, guesses by signal would be a thicket: they are left out. */
const MAX_GUESSES = 2_000;

interface Pipeline {
  readonly id: string;
  readonly signal: string;
  /** Node ids in order. */
  readonly order: readonly string[];
  /** True where the order, and with it the head, was seen. */
  readonly certain: boolean;
  /** True where what leaves it is still in the trace of what came in. */
  readonly keepsTrace: boolean;
}

export function collectorSeen(known: CollectorKnowledge): SeenFact {
  const edges = new Map<string, EdgeFact>();
  const connect = (from: string, to: string, provenance: Provenance, channel = pdataChannelId(to)) => {
    const key = `${from}>${to}`;
    const held = edges.get(key);
    if (held ? held.provenance === 'observed' || provenance === 'inferred' : edges.size >= MAX_GUESSES)
      return;
    edges.set(key, { kind: 'edge', from, port: DEFAULT_PORT, to, channel, provenance });
  };
  const toExporter = (from: string, component: string, signal: string, provenance: Provenance) => {
    const to = exporterNode(known, component);
    connect(from, to, provenance, queueChannelId(to, signal));
  };

  if (known.gate) {
    const pipelines = pipelinesOf(known);
    for (const pipeline of pipelines) connectWithin(pipeline, connect);
    const fed = connectReceivers(known, pipelines, connect);
    connectConnectors(known, pipelines, fed, connect);
    connectExporters(known, pipelines, fed, toExporter);
  } else {
    connectBySequence(known, connect, toExporter);
  }
  return { kind: 'seen', nodes: nodesOf(known), edges: [...edges.values()] };
}

type Connect = (from: string, to: string, provenance: Provenance) => void;
type ToExporter = (from: string, component: string, signal: string, provenance: Provenance) => void;

function nodesOf(known: CollectorKnowledge): NodeFact[] {
  const node = (id: string, component: string, nodeKind: NodeKind, pipeline: string | null): NodeFact => {
    const type = componentType(component);
    return { kind: 'node', id, component, pipeline, nodeKind, type, stateful: STATEFUL_TYPES.test(type) };
  };
  return [
    ...[...known.receivers.keys()].map((name) => node(name, name, 'receiver', null)),
    ...[...known.processors].map(([id, { component, pipeline }]) =>
      node(id, component, 'processor', pipeline === '' ? null : pipeline),
    ),
    ...[...known.connectors.keys()].map((name) => node(name, name, 'connector', null)),
    ...[...known.exporters.keys()].map((name) => node(exporterNode(known, name), name, 'exporter', null)),
  ];
}

function pipelinesOf(known: CollectorKnowledge): Pipeline[] {
  const members = new Map<string, string[]>();
  for (const { component, pipeline } of known.processors.values()) {
    if (pipeline !== '') members.set(pipeline, [...(members.get(pipeline) ?? []), component]);
  }
  for (const { outputs } of known.connectors.values()) {
    for (const pipeline of outputs) if (!members.has(pipeline)) members.set(pipeline, []);
  }
  return [...members].map(([id, components]) => pipelineOf(known, id, components, members));
}

function pipelineOf(
  known: CollectorKnowledge,
  id: string,
  components: readonly string[],
  members: ReadonlyMap<string, readonly string[]>,
): Pipeline {
  const signal = signalOfPipeline(id);
  const isAmbiguous = (component: string) =>
    [...members].some(
      ([other, names]) => other !== id && signalOfPipeline(other) === signal && names.includes(component),
    );
  let seen: readonly string[] = [];
  let adjacent = true;
  for (const sequence of known.sequences.values()) {
    if (sequence.signal !== signal) continue;
    const places = sequence.processors.flatMap((name, i) => (components.includes(name) ? [i] : []));
    const own = places.map((i) => sequence.processors[i] ?? '');
    if (new Set(own).size < own.length || own.length <= seen.length) continue;
    seen = own;
    adjacent = places.every((place, i) => i === 0 || place === (places[i - 1] ?? 0) + 1);
  }
  const silent = components.filter((component) => !seen.includes(component));
  const last = silent.filter((component) => ENDS_TRACE.test(componentType(component)));
  const unknown = silent.filter((component) => !last.includes(component));
  const order = [...seen, ...unknown, ...last].map((component) => instanceId(component, id));
  const single = components.length <= 1;
  const clear = unknown.length === 0 && last.length <= 1 && adjacent && !seen.some(isAmbiguous);
  return { id, signal, order, certain: single || clear, keepsTrace: last.length === 0 };
}

function connectWithin(pipeline: Pipeline, connect: Connect): void {
  const { order, certain, keepsTrace } = pipeline;
  for (const [i, to] of order.entries()) {
    const from = order[i - 1];
    if (from === undefined) continue;
    // That a processor which ends the trace comes last is what such processors are for, and was not seen.
    const seen = certain && (keepsTrace || i < order.length - 1);
    connect(from, to, seen ? 'observed' : 'inferred');
  }
}

/** The pipelines that a receiver feeds, by id. */
function connectReceivers(
  known: CollectorKnowledge,
  pipelines: readonly Pipeline[],
  connect: Connect,
): ReadonlySet<string> {
  const byConnector = new Set([...known.connectors.values()].flatMap(({ outputs }) => [...outputs]));
  const fed = new Set<string>();
  for (const [receiver, signals] of known.receivers) {
    for (const signal of signals) {
      const own = pipelines.filter((pipeline) => pipeline.signal === signal && pipeline.order.length > 0);
      const seen = own.filter((pipeline) => beginsWith(known, receiver, pipeline));
      const free = own.filter((pipeline) => !byConnector.has(pipeline.id));
      const guesses = seen.length > 0 ? [] : free.length > 0 ? free : own;
      for (const pipeline of [...seen, ...guesses]) {
        const [head] = pipeline.order;
        if (head === undefined) continue;
        fed.add(pipeline.id);
        connect(receiver, head, seen.includes(pipeline) && pipeline.certain ? 'observed' : 'inferred');
      }
    }
  }
  return fed;
}

function beginsWith(known: CollectorKnowledge, receiver: string, pipeline: Pipeline): boolean {
  return [...known.sequences.values()].some(
    (sequence) =>
      sequence.receiver === receiver &&
      sequence.signal === pipeline.signal &&
      sequence.processors[0] !== undefined &&
      instanceId(sequence.processors[0], pipeline.id) === pipeline.order[0],
  );
}

function connectConnectors(
  known: CollectorKnowledge,
  pipelines: readonly Pipeline[],
  fed: ReadonlySet<string>,
  connect: Connect,
): void {
  for (const [connector, { outputs }] of known.connectors) {
    for (const pipeline of pipelines) {
      const [head] = pipeline.order;
      if (!outputs.has(pipeline.id) || head === undefined) continue;
      connect(connector, head, pipeline.certain ? 'observed' : 'inferred');
    }
    for (const source of sourcesOf(known, connector, pipelines, fed)) {
      const tail = source.order.at(-1);
      if (tail !== undefined) connect(tail, connector, 'inferred');
    }
  }
}

/** Pipelines that may end in this connector: those that a receiver feeds before those that another connector does. */
function sourcesOf(
  known: CollectorKnowledge,
  connector: string,
  pipelines: readonly Pipeline[],
  fed: ReadonlySet<string>,
): readonly Pipeline[] {
  const of = known.connectors.get(connector);
  const able = pipelines.filter(({ id, signal }) => of?.inputs.has(signal) && !of.outputs.has(id));
  const first = able.filter(({ id }) => fed.has(id));
  return first.length > 0 ? first : able;
}

function connectExporters(
  known: CollectorKnowledge,
  pipelines: readonly Pipeline[],
  fed: ReadonlySet<string>,
  toExporter: ToExporter,
): void {
  const inConnector = new Set(
    [...known.connectors.keys()].flatMap((name) =>
      sourcesOf(known, name, pipelines, fed).map(({ id }) => id),
    ),
  );
  for (const [exporter, signals] of known.exporters) {
    for (const signal of signals) {
      const own = pipelines.filter((pipeline) => pipeline.signal === signal);
      const open = own.filter(({ id }) => !inConnector.has(id));
      for (const pipeline of open.length > 0 ? open : own) {
        const tail = pipeline.order.at(-1);
        if (tail !== undefined) {
          const seen = own.length === 1 && pipeline.certain && pipeline.keepsTrace;
          toExporter(
            tail,
            exporter,
            signal,
            seen && isReached(known, signal, exporter) ? 'observed' : 'inferred',
          );
          continue;
        }
        for (const [connector, { outputs }] of known.connectors) {
          if (outputs.has(pipeline.id)) toExporter(connector, exporter, signal, 'inferred');
        }
      }
    }
  }
  connectDirectly(known, pipelines, toExporter);
}

/** Receivers whose data no processor handles: the trace goes from one to the other, and nothing of that signal is between. */
function connectDirectly(
  known: CollectorKnowledge,
  pipelines: readonly Pipeline[],
  toExporter: ToExporter,
): void {
  for (const [receiver, signals] of known.receivers) {
    for (const signal of signals) {
      if (pipelines.some((pipeline) => pipeline.signal === signal && pipeline.order.length > 0)) continue;
      for (const [exporter, taken] of known.exporters) {
        if (!taken.has(signal)) continue;
        const seen = known.reached.has(`${receiver}|${signal}|${exporter}`);
        toExporter(receiver, exporter, signal, seen ? 'observed' : 'inferred');
      }
    }
  }
}

function isReached(known: CollectorKnowledge, signal: string, exporter: string): boolean {
  return [...known.receivers.keys()].some((receiver) =>
    known.reached.has(`${receiver}|${signal}|${exporter}`),
  );
}

/**
 * Without pipelines: the order in which a receiver's spans name processors, then the one processor that ends traces,
 * then exporters of the same signal. With several of those nobody can say which of them what goes through: no edge.
 */
function connectBySequence(known: CollectorKnowledge, connect: Connect, toExporter: ToExporter): void {
  const ending = [...known.processors.keys()].filter((name) => ENDS_TRACE.test(componentType(name)));
  const [only] = ending;
  for (const { receiver, signal, processors } of known.sequences.values()) {
    let from = receiver;
    for (const processor of processors) {
      connect(from, processor, 'inferred');
      from = processor;
    }
    if (only !== undefined && ending.length === 1) {
      connect(from, only, 'inferred');
      from = only;
    }
    for (const [exporter, signals] of known.exporters) {
      const reached = known.reached.has(`${receiver}|${signal}|${exporter}`);
      if (signals.has(signal) && (reached || ending.length <= 1))
        toExporter(from, exporter, signal, 'inferred');
    }
  }
}
