/**
 * The OTAP engine's effective configuration: `groups.<g>.pipelines.<p>.{nodes,connections}`, and the pipeline of its
 * own observability as `system/observability`. A connection's source is `node` or `node["port"]`.
 */
import type { EdgeFact } from '@/lib/model/facts';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { controlChannelId, formatUrn, parseUrn, pdataChannelId } from '@/lib/semconv/urn';
import { asList, asNumber, asRecord, asText } from './attributes';
import { type DeclaredNode, type DeclaredTopology, declaredNode, MAX_DECLARED } from './declared-topology';
import { instanceId } from './instance-id';

export const OBSERVABILITY_PIPELINE = 'system/observability';
const STATEFUL = /batch|retry|durable|buffer|temporal|aggregat/;

interface Gathered {
  readonly pipelines: string[];
  readonly nodes: Map<string, DeclaredNode>;
  readonly edges: EdgeFact[];
  readonly capacities: Record<string, number>;
  readonly problems: string[];
}

/** Null where this is no configuration of an OTAP engine. */
export function otapTopology(config: unknown): DeclaredTopology | null {
  const root = asRecord(config);
  if (typeof root.groups !== 'object' || root.groups === null) return null;
  const gathered: Gathered = {
    pipelines: [],
    nodes: new Map(),
    edges: [],
    capacities: Object.create(null),
    problems: [],
  };
  for (const [group, groupBody] of Object.entries(asRecord(root.groups))) {
    const inherited = asRecord(asRecord(groupBody).policies ?? root.policies);
    for (const [name, body] of Object.entries(asRecord(asRecord(groupBody).pipelines))) {
      addPipeline(gathered, `${group}/${name}`, asRecord(body), inherited);
    }
  }
  const observability = asRecord(asRecord(asRecord(root.engine).observability).pipeline);
  if (observability.nodes) addPipeline(gathered, OBSERVABILITY_PIPELINE, observability, {});
  return { ...gathered, nodes: [...gathered.nodes.values()] };
}

function addPipeline(
  gathered: Gathered,
  pipeline: string,
  body: Readonly<Record<string, unknown>>,
  inherited: Readonly<Record<string, unknown>>,
): void {
  const { nodes, edges, capacities, problems, pipelines } = gathered;
  pipelines.push(pipeline);
  const policy = asRecord(asRecord(body.policies).channel_capacity ?? inherited.channel_capacity);
  const pdata = asNumber(policy.pdata);
  const control = asNumber(asRecord(policy.control).node);
  for (const [name, value] of Object.entries(asRecord(body.nodes))) {
    if (nodes.size >= MAX_DECLARED) {
      problems.push(`more than ${MAX_DECLARED} nodes: the rest is not drawn`);
      return;
    }
    const node = nodeOf(name, pipeline, asRecord(value));
    nodes.set(node.id, node);
    if (pdata !== null && node.nodeKind !== 'receiver') capacities[pdataChannelId(node.id)] = pdata;
    if (control !== null) capacities[controlChannelId(node.id)] = control;
  }
  for (const connection of asList(body.connections)) {
    for (const edge of edgesOf(asRecord(connection), pipeline)) {
      if (edges.length >= MAX_DECLARED) return;
      if (nodes.has(edge.from) && nodes.has(edge.to)) edges.push(edge);
      else problems.push(`a connection from ${edge.from} to ${edge.to} names a node that is not there`);
    }
  }
}

function nodeOf(component: string, pipeline: string, body: Readonly<Record<string, unknown>>): DeclaredNode {
  const urn = parseUrn(asText(body.type));
  const outputs = asList(body.outputs).filter((port): port is string => typeof port === 'string');
  return declaredNode({
    id: instanceId(component, pipeline),
    component,
    pipeline,
    nodeKind: urn?.kind ?? 'processor',
    type: urn ? formatUrn(urn) : asText(body.type),
    stateful: STATEFUL.test(urn?.typeId ?? ''),
    ports: outputs,
    config: body.config ?? null,
  });
}

/** `from` and `to` may be lists, and `from` may name a port. */
function edgesOf(connection: Readonly<Record<string, unknown>>, pipeline: string): EdgeFact[] {
  return texts(connection.from).flatMap((source) => {
    const { node, port } = portOf(source);
    return texts(connection.to).map((target): EdgeFact => {
      const to = instanceId(target, pipeline);
      const from = instanceId(node, pipeline);
      return { kind: 'edge', from, port, to, channel: pdataChannelId(to), provenance: 'declared' };
    });
  });
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((text): text is string => typeof text === 'string');
}

export function portOf(source: string): { readonly node: string; readonly port: string } {
  const match = /^(.+?)\[\s*["'](.+)["']\s*\]$/.exec(source);
  return { node: match?.[1] ?? source, port: match?.[2] ?? DEFAULT_PORT };
}
