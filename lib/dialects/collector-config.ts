/**
 * The Collector's effective configuration. Processors are made anew for each pipeline and belong to it; receivers,
 * exporters and connectors belong to the process. A connector is an exporter of one pipeline and a receiver of another.
 *
 *   receivers ▶ p1 ▶ p2 ▶ … ▶ exporters, for each of `service.pipelines`
 */
import type { EdgeFact } from '@/lib/model/facts';
import { DEFAULT_PORT, type NodeKind } from '@/lib/semconv/signals';
import { pdataChannelId } from '@/lib/semconv/urn';
import { asList, asNumber, asRecord } from './attributes';
import { type DeclaredNode, type DeclaredTopology, declaredNode, MAX_DECLARED } from './declared-topology';
import { componentType, instanceId } from './instance-id';

export const STATEFUL_TYPES =
  /^(batch|groupbytrace|groupbyattrs|tail_sampling|interval|cumulativetodelta|deltatocumulative|span_?metrics|servicegraph|log_?dedup|count|sum)/;
const EXPORTER_SUFFIX = 'exporter';

export interface CollectorPipeline {
  readonly id: string;
  readonly signal: string;
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

/** The signal of a pipeline stands before the slash. */
export function signalOfPipeline(pipeline: string): string {
  return componentType(pipeline);
}

/** Each exporter has a sending queue for each signal. */
export function queueChannelId(exporter: string, signal: string): string {
  return signal === '' ? pdataChannelId(exporter) : `${pdataChannelId(exporter)}:${signal}`;
}

/** A receiver and an exporter of one name (`otlp` is usual) are two nodes. */
export function exporterId(component: string, isReceiverToo: boolean): string {
  return isReceiverToo ? `${component}@${EXPORTER_SUFFIX}` : component;
}

export function collectorPipelines(config: unknown): CollectorPipeline[] {
  return Object.entries(asRecord(asRecord(asRecord(config).service).pipelines)).map(([id, body]) => {
    const names = (key: string) =>
      asList(asRecord(body)[key]).filter((name): name is string => typeof name === 'string');
    return {
      id,
      signal: signalOfPipeline(id),
      receivers: names('receivers'),
      processors: names('processors'),
      exporters: names('exporters'),
    };
  });
}

/** Null where this is no configuration of a Collector. */
export function collectorTopology(config: unknown): DeclaredTopology | null {
  const root = asRecord(config);
  const service = asRecord(root.service);
  if (typeof service.pipelines !== 'object' || service.pipelines === null) return null;
  const pipelines = collectorPipelines(config);
  const connectors = new Set(Object.keys(asRecord(root.connectors)));
  const receivers = new Set(pipelines.flatMap((pipeline) => pipeline.receivers));
  const nodes = new Map<string, DeclaredNode>();
  const edges = new Map<string, EdgeFact>();
  const capacities: Record<string, number> = Object.create(null);
  const problems: string[] = [];

  const idOf = (component: string, kind: NodeKind) =>
    kind === 'exporter' ? exporterId(component, receivers.has(component)) : component;
  const put = (id: string, component: string, kind: NodeKind, pipeline: string | null) => {
    if (nodes.has(id)) return;
    if (nodes.size >= MAX_DECLARED) {
      if (problems.length === 0) problems.push(`more than ${MAX_DECLARED} nodes: the rest is not drawn`);
      return;
    }
    const section = asRecord(root[`${kind}s`]);
    if (!(component in section)) problems.push(`${kind} ${component} is used and not configured`);
    const type = componentType(component);
    const config = section[component] ?? null;
    const stateful = STATEFUL_TYPES.test(type);
    const queue = asRecord(asRecord(config).sending_queue);
    const concurrency = kind === 'exporter' ? asNumber(queue.num_consumers) : null;
    nodes.set(
      id,
      declaredNode({ id, component, pipeline, nodeKind: kind, type, stateful, config, concurrency }),
    );
  };
  const connect = (from: string, to: string, channel: string, signal: string) => {
    if (edges.size >= MAX_DECLARED || !nodes.has(from) || !nodes.has(to)) return;
    const held = edges.get(`${from}>${to}`);
    // Two pipelines without processors may join the same two with different signals, each through its own queue.
    const port = held && held.channel !== channel ? signal : DEFAULT_PORT;
    const key = port === DEFAULT_PORT ? `${from}>${to}` : `${from}>${to}:${port}`;
    edges.set(key, { kind: 'edge', from, port, to, channel, provenance: 'declared' });
  };

  for (const pipeline of pipelines) {
    const isConnector = (name: string) => connectors.has(name);
    let from = pipeline.receivers.map((name) => {
      put(name, name, isConnector(name) ? 'connector' : 'receiver', null);
      return name;
    });
    for (const name of pipeline.processors) {
      const id = instanceId(name, pipeline.id);
      put(id, name, 'processor', pipeline.id);
      for (const sender of from) connect(sender, id, pdataChannelId(id), pipeline.signal);
      from = [id];
    }
    for (const name of pipeline.exporters) {
      const kind = isConnector(name) ? 'connector' : 'exporter';
      const id = idOf(name, kind);
      put(id, name, kind, null);
      const channel = kind === 'exporter' ? queueChannelId(id, pipeline.signal) : pdataChannelId(id);
      for (const sender of from) connect(sender, id, channel, pipeline.signal);
      const size = asNumber(
        asRecord(asRecord(asRecord(asRecord(root.exporters)[name]).sending_queue)).queue_size,
      );
      if (kind === 'exporter' && size !== null) capacities[channel] = size;
    }
  }
  const names = pipelines.map((pipeline) => pipeline.id);
  return {
    pipelines: names,
    nodes: [...nodes.values()],
    edges: [...edges.values()],
    capacities,
    unused: unusedComponents(root, pipelines),
    problems,
  };
}

/** Configured, and named by no pipeline. */
function unusedComponents(
  root: Readonly<Record<string, unknown>>,
  pipelines: readonly CollectorPipeline[],
): string[] {
  const used = new Set(
    pipelines.flatMap(({ receivers, processors, exporters }) => [...receivers, ...processors, ...exporters]),
  );
  return (
    ['receivers', 'processors', 'exporters', 'connectors']
      .flatMap((section) => Object.keys(asRecord(root[section])))
      // One that does nothing stands there to be put in when it is wanted.
      .filter((component) => !used.has(component) && componentType(component) !== 'nop')
      .slice(0, MAX_DECLARED)
  );
}
