/** Finds everything that is wrong with a pipeline, by path; or makes the configuration that the engine runs. */

import type { z } from 'zod';
import { err, ok, type Result } from '@/lib/base/result';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { formatUrn, parseUrn } from '@/lib/semconv/urn';
import { findCycle, type GraphEdge, reachableFrom } from './graph';
import type { NodeTypes } from './pipeline-api';
import {
  type Connection,
  MAX_CONNECTIONS,
  MAX_NODES,
  type NodeConfig,
  type PipelineConfig,
} from './pipeline-config';
import { connectionSchema, headSchema, idSchema, nodeSchema, type PipelineHead } from './pipeline-document';

export interface PathProblem {
  readonly path: readonly (string | number)[];
  readonly reason: string;
}

interface PlacedConnection extends Connection {
  readonly at: number;
}

type Report = (path: readonly (string | number)[], reason: string) => void;

export function checkPipeline(
  document: unknown,
  types: NodeTypes,
  file: string,
): Result<PipelineConfig, PathProblem[]> {
  const problems: PathProblem[] = [];
  const report: Report = (path, reason) => problems.push({ path, reason });
  if (!isRecord(document))
    return err([{ path: [], reason: 'a pipeline file is a map with nodes and connections' }]);
  const { nodes: rawNodes, connections: rawConnections, ...rest } = document;
  const head = parse(headSchema, rest, [], report);
  const nodes = readNodes(rawNodes, head, types, report);
  const named = new Set(isRecord(rawNodes) ? Object.keys(rawNodes) : []);
  const connections = readConnections(rawConnections, named, nodes, report);
  checkPorts(nodes, connections, report);
  if (
    connections.length === (Array.isArray(rawConnections) ? rawConnections.length : 0) &&
    nodes.length === named.size
  ) {
    checkShape(nodes, connections, report);
  }
  if (problems.length > 0 || !head) return err(problems);
  return ok({
    file,
    id: head.pipeline.id,
    nodes,
    connections: connections.map(({ from, port, to }) => ({ from, port, to })),
    controlCapacity: head.policies.channels.control.capacity,
    delayedAfterMs: head.policies.delayed_after,
  });
}

function readNodes(raw: unknown, head: PipelineHead | null, types: NodeTypes, report: Report): NodeConfig[] {
  if (!isRecord(raw) || Object.keys(raw).length === 0) {
    report(['nodes'], 'a pipeline needs nodes: a map from id to {type, config}');
    return [];
  }
  const entries = Object.entries(raw);
  if (entries.length > MAX_NODES) {
    report(['nodes'], `${entries.length} nodes, at most ${MAX_NODES} are allowed`);
    return [];
  }
  return entries.flatMap(([id, value]) => readNode(id, value, head, types, report) ?? []);
}

function readNode(
  id: string,
  value: unknown,
  head: PipelineHead | null,
  types: NodeTypes,
  report: Report,
): NodeConfig | null {
  const path = ['nodes', id];
  const goodId = parse(idSchema, id, path, report);
  const node = parse(nodeSchema, value, path, report);
  if (!node || !goodId) return null;
  const urn = parseUrn(node.type);
  const type = urn ? types.get(formatUrn(urn)) : undefined;
  if (!type) {
    report([...path, 'type'], `unknown type "${node.type}"${suggestion(node.type, types)}`);
    return null;
  }
  if (type.kind === 'receiver' && isRecord(value)) {
    for (const key of ['concurrency', 'capacity'])
      if (key in value)
        report([...path, key], `a receiver has no ${key === 'capacity' ? 'input channel' : 'workers'}`);
  }
  const rawConfig = node.config ?? {};
  if (parse(type.config, rawConfig, [...path, 'config'], report) === null) return null;
  const capacity = node.capacity ?? head?.policies.channels.pdata.capacity ?? 0;
  return { id, type, rawConfig, concurrency: node.concurrency, faults: node.faults, capacity };
}

function suggestion(type: string, types: NodeTypes): string {
  const id = type.split(':').pop();
  const close = [...types.keys()].filter((urn) => urn.split(':').pop() === id);
  if (close.length > 0) return `; did you mean ${close.join(' or ')}?`;
  return `; known are ${[...types.keys()].map((urn) => urn.replace(/^urn:otel:/, '')).join(', ')}`;
}

function readConnections(
  raw: unknown,
  named: ReadonlySet<string>,
  nodes: readonly NodeConfig[],
  report: Report,
): PlacedConnection[] {
  if (!Array.isArray(raw)) {
    report(['connections'], 'a pipeline needs connections: a list of {from, to}');
    return [];
  }
  if (raw.length > MAX_CONNECTIONS) {
    report(['connections'], `${raw.length} connections, at most ${MAX_CONNECTIONS} are allowed`);
    return [];
  }
  return raw.flatMap((value, at) => {
    const path = ['connections', at];
    const connection = parse(connectionSchema, value, path, report);
    if (!connection) return [];
    const { node: from, port } = readEndpoint(connection.from);
    const { to } = connection;
    let known = true;
    for (const [key, id] of [
      ['from', from],
      ['to', to],
    ] as const) {
      if (named.has(id)) continue;
      report([...path, key], `unknown node "${id}"`);
      known = false;
    }
    if (!known) return [];
    const sender = nodes.find(({ id }) => id === from);
    const receiver = nodes.find(({ id }) => id === to);
    if (receiver?.type.kind === 'receiver')
      report([...path, 'to'], `"${to}" is a receiver and takes no input`);
    if (sender?.type.kind === 'exporter')
      report([...path, 'from'], `"${from}" is an exporter and has no output`);
    return [{ from, port: port ?? solePort(sender), to, at }];
  });
}

/** `a`, `a:port` or `a["port"]`. */
function readEndpoint(text: string): { readonly node: string; readonly port: string | null } {
  const bracket = /^(.+?)\[["'](.+)["']\]$/.exec(text);
  if (bracket) return { node: bracket[1] ?? '', port: bracket[2] ?? '' };
  const colon = text.indexOf(':');
  return colon < 0 ? { node: text, port: null } : { node: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** Where a node has one port only, it need not be named. */
function solePort(node: NodeConfig | undefined): string {
  const ports = node ? portsOf(node) : 'any';
  return ports !== 'any' && ports.length === 1 ? (ports[0] ?? DEFAULT_PORT) : DEFAULT_PORT;
}

function portsOf(node: NodeConfig): readonly string[] | 'any' {
  return node.type.kind === 'exporter' ? [] : node.type.ports(node.type.config.parse(node.rawConfig));
}

function checkPorts(
  nodes: readonly NodeConfig[],
  connections: readonly PlacedConnection[],
  report: Report,
): void {
  for (const node of nodes) {
    if (node.type.kind === 'exporter') continue;
    const ports = portsOf(node);
    const own = connections.filter(({ from }) => from === node.id);
    const seen = new Set<string>();
    for (const { port, at } of own) {
      if (ports !== 'any' && !ports.includes(port)) {
        report(
          ['connections', at, 'from'],
          `"${node.id}" has no output port "${port}", but ${ports.join(', ')}`,
        );
      } else if (seen.has(port)) {
        report(
          ['connections', at, 'from'],
          `output port "${port}" of "${node.id}" is connected already; use a fanout`,
        );
      }
      seen.add(port);
    }
    if (ports === 'any') {
      if (own.length === 0) report(['nodes', node.id], 'no output port is connected');
      continue;
    }
    for (const port of ports) {
      if (!seen.has(port)) report(['nodes', node.id], `output port "${port}" is not connected`);
    }
  }
}

function checkShape(
  nodes: readonly NodeConfig[],
  connections: readonly PlacedConnection[],
  report: Report,
): void {
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
  const edges: GraphEdge[] = connections.map(({ from, to }) => ({
    from: indexOf.get(from) ?? 0,
    to: indexOf.get(to) ?? 0,
  }));
  const cycle = findCycle(nodes.length, edges);
  if (cycle) {
    const ids = [...cycle, cycle[0] ?? 0].map((index) => nodes[index]?.id ?? '');
    const at = connections.find(({ from, to }) => from === ids[0] && to === ids[1])?.at ?? 0;
    report(['connections', at], `cycle: ${ids.join(' → ')}`);
  }
  const receivers = nodes.flatMap(({ type }, index) => (type.kind === 'receiver' ? [index] : []));
  if (receivers.length === 0) report(['nodes'], 'a pipeline needs a receiver');
  const reachable = reachableFrom(nodes.length, edges, receivers);
  nodes.forEach(({ id }, index) => {
    if (receivers.length > 0 && !reachable.has(index)) report(['nodes', id], 'no receiver reaches this node');
  });
}

function parse<T>(
  schema: z.ZodType<T>,
  value: unknown,
  path: readonly (string | number)[],
  report: Report,
): T | null {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const inner = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
    report([...path, ...inner], issue.message);
  }
  return null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
