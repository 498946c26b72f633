/** The contract's log records: topology, control actions, sampling decisions, and events of spans told as logs. */
import type { ControlFact, DecisionFact, EdgeFact, Fact, TopologyFact } from '@/lib/model/facts';
import type { OtlpLogRecord, Scope } from '@/lib/otlp/types';
import { ATTR, NODE_ID_ALIASES } from '@/lib/semconv/attributes';
import { canonicalEventName, LOG_EVENT } from '@/lib/semconv/events';
import { DEFAULT_PORT, NODE_KINDS, type NodeKind } from '@/lib/semconv/signals';
import { parseUrn, pdataChannelId } from '@/lib/semconv/urn';
import { asList, asNumber, asRecord, asText, firstTextOf, plainRecord, plainValue } from './attributes';
import type { ResourceLogs } from './dialect';

/** Nodes and connections that one record may declare; a pipeline beyond that is not drawn by anyone. */
const MAX_DECLARED = 10_000;

export function weirLogFacts(logs: ResourceLogs): Fact[] {
  const facts: Fact[] = [];
  for (const { scope, logRecords } of logs.scopeLogs) {
    for (const record of logRecords) {
      const fact = factOf(scope, record);
      if (fact) facts.push(fact);
    }
  }
  return facts;
}

function factOf(scope: Scope | undefined, record: OtlpLogRecord): Fact | null {
  switch (record.eventName) {
    case '':
      return null;
    case LOG_EVENT.topology:
      return topologyFact(record);
    case LOG_EVENT.control:
      return controlFact(record);
    case LOG_EVENT.samplingDecision:
      return decisionFact(record);
    default:
      return eventFact(scope, record);
  }
}

/** Any named log record is an event of the node that its attributes, else its scope, name. */
export function eventFact(scope: Scope | undefined, record: OtlpLogRecord): Fact {
  return {
    kind: 'event',
    node: firstTextOf(record.attributes, NODE_ID_ALIASES) || firstTextOf(scope?.attributes, NODE_ID_ALIASES),
    name: canonicalEventName(record.eventName),
    timeNano: timeOf(record),
    traceId: record.traceId,
    spanId: record.spanId,
    severity: record.severityNumber,
    attributes: plainRecord(record.attributes),
  };
}

function topologyFact(record: OtlpLogRecord): TopologyFact | null {
  const body = bodyOf(record);
  const pipeline = asText(body.pipeline) || 'main';
  const nodes = asList(body.nodes)
    .slice(0, MAX_DECLARED)
    .flatMap((entry) => declaredNode(asRecord(entry), pipeline));
  if (nodes.length === 0) return null;
  const capacities: Record<string, number> = Object.create(null);
  for (const entry of asList(body.channels).slice(0, 2 * MAX_DECLARED)) {
    const { id, capacity } = asRecord(entry);
    const places = asNumber(capacity);
    if (typeof id === 'string' && places !== null) capacities[id] = places;
  }
  const edges = asList(body.connections)
    .slice(0, MAX_DECLARED)
    .flatMap((entry) => declaredEdge(asRecord(entry)));
  const revision = asNumber(body.revision) ?? 0;
  return { kind: 'topology', timeNano: timeOf(record), pipeline, revision, nodes, edges, capacities };
}

function declaredNode(
  node: Readonly<Record<string, unknown>>,
  pipeline: string,
): TopologyFact['nodes'][number][] {
  const id = asText(node.id);
  if (id === '') return [];
  const type = asText(node.type);
  return [
    {
      kind: 'node',
      id,
      component: id,
      pipeline,
      nodeKind: nodeKindOf(asText(node.kind)) ?? parseUrn(type)?.kind ?? 'processor',
      type,
      stateful: node.stateful === true,
      ports: asList(node.ports).filter((port): port is string => typeof port === 'string'),
      concurrency: asNumber(node.concurrency),
      state: asText(node.state) || null,
      config: node.config ?? null,
      configSchema: node.configSchema ?? null,
      faults: node.faults ?? null,
    },
  ];
}

/** `from` is `node` or `node:port`; ids hold no colon. */
function declaredEdge(connection: Readonly<Record<string, unknown>>): EdgeFact[] {
  const [from = '', port = DEFAULT_PORT] = asText(connection.from).split(':');
  const to = asText(connection.to);
  if (from === '' || to === '') return [];
  return [{ kind: 'edge', from, port, to, channel: pdataChannelId(to), provenance: 'declared' }];
}

function controlFact(record: OtlpLogRecord): ControlFact | null {
  const attributes = { ...bodyOf(record), ...plainRecord(record.attributes) };
  const id = asText(attributes[ATTR.controlId]);
  if (id === '') return null;
  const node = asText(attributes[ATTR.nodeId]) || asText(attributes[ATTR.channelId]);
  return {
    kind: 'control',
    timeNano: timeOf(record),
    id,
    action: asText(attributes[ATTR.controlAction]),
    target: asText(attributes['control.target']) || node || 'pipeline',
    origin: asText(attributes[ATTR.controlOrigin]) || 'engine',
    revision: asNumber(attributes[ATTR.controlRevision]),
    outcome: asText(attributes[ATTR.controlOutcome]),
    message: asText(attributes['control.message']) || asText(attributes.message) || bodyText(record),
    durationMs: asNumber(attributes['control.duration.ms']) ?? asNumber(attributes['duration.ms']),
    affectedCount: asNumber(attributes[ATTR.affectedCount]) ?? 0,
    traceId: record.traceId,
    spanId: record.spanId,
  };
}

function decisionFact(record: OtlpLogRecord): DecisionFact | null {
  const attributes = { ...bodyOf(record), ...plainRecord(record.attributes) };
  const traceId = record.traceId || asText(attributes['trace.id']) || asText(attributes.traceId);
  if (traceId === '') return null;
  return {
    kind: 'decision',
    timeNano: timeOf(record),
    traceId,
    kept: attributes.kept === true,
    by: asText(attributes.by) || asText(attributes[ATTR.samplingPolicy]),
    votes: textRecord(attributes.votes),
    status: asText(attributes.status),
    durationMs: asNumber(attributes['duration.ms']) ?? asNumber(attributes.durationMs) ?? 0,
    nodes: asList(attributes.nodes).filter((node): node is string => typeof node === 'string'),
    spanCount: asNumber(attributes['span.count']) ?? asNumber(attributes.spanCount) ?? 0,
    attributes: textRecord(attributes.attributes),
    ...(attributes['dropped.items'] !== undefined && {
      droppedItems: asNumber(attributes['dropped.items']) ?? 0,
    }),
    ...(attributes['blocked.ms'] !== undefined && { blockedMs: asNumber(attributes['blocked.ms']) ?? 0 }),
    ...(attributes['control.actions'] !== undefined && {
      controlActions: asList(attributes['control.actions']).map(String),
    }),
  };
}

function textRecord(value: unknown): Readonly<Record<string, string>> {
  const texts: Record<string, string> = Object.create(null);
  for (const [key, entry] of Object.entries(asRecord(value))) texts[key] = String(entry);
  return texts;
}

function bodyOf(record: OtlpLogRecord): Readonly<Record<string, unknown>> {
  return asRecord(plainValue(record.body));
}

function bodyText(record: OtlpLogRecord): string {
  return asText(plainValue(record.body));
}

function timeOf(record: OtlpLogRecord): bigint {
  return record.timeUnixNano > 0n ? record.timeUnixNano : record.observedTimeUnixNano;
}

function nodeKindOf(text: string): NodeKind | null {
  return NODE_KINDS.find((kind) => kind === text) ?? null;
}
