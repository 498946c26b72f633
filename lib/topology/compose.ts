/** One map out of what was declared and what was seen. Sorted by id, so that the same facts give the same map. */
import type { EdgeFact, NodeFact, Provenance, TopologyFact } from '@/lib/model/facts';
import type { NodeKind } from '@/lib/semconv/signals';
import { edgeId } from './edge-id';

export interface MapNode {
  readonly id: string;
  readonly component: string;
  readonly pipeline: string | null;
  readonly kind: NodeKind;
  readonly type: string;
  readonly stateful: boolean;
  readonly ports: readonly string[];
  readonly concurrency: number | null;
  readonly state: string | null;
  readonly config: unknown;
  readonly configSchema: unknown;
  readonly faults: unknown;
}

export interface MapEdge {
  readonly id: string;
  readonly from: string;
  readonly port: string;
  readonly to: string;
  readonly channel: string;
  readonly provenance: Provenance;
  /** As declared; null where only the telemetry tells it. */
  readonly capacity: number | null;
}

export interface ComposedMap {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  readonly pipelines: readonly string[];
  /** Components that are configured and in no pipeline. */
  readonly unused: readonly string[];
}

export function composeMap(
  declared: readonly TopologyFact[],
  seenNodes: readonly NodeFact[],
  seenEdges: readonly EdgeFact[],
): ComposedMap {
  const nodes = new Map<string, MapNode>();
  const edges = new Map<string, MapEdge>();
  const pipelines = new Set<string>();
  for (const fact of declared) {
    for (const pipeline of pipelinesOf(fact)) pipelines.add(pipeline);
    for (const { kind: _, nodeKind, ...node } of fact.nodes) nodes.set(node.id, { ...node, kind: nodeKind });
    for (const edge of fact.edges) {
      edges.set(edgeId(edge), mapEdge(edge, 'declared', fact.capacities[edge.channel] ?? null));
    }
  }
  for (const node of seenNodes) {
    if (nodes.has(node.id) || outvoted(node, declared)) continue;
    if (node.pipeline !== null) pipelines.add(node.pipeline);
    nodes.set(node.id, seenNode(node));
  }
  for (const edge of seenEdges) {
    const id = edgeId(edge);
    // Where a configuration is known, it knows all edges between its nodes.
    const held = edges.get(id);
    if (held && (held.provenance !== 'inferred' || edge.provenance === 'inferred')) continue;
    if (declared.length > 0 && !isBeyond(edge, declared)) continue;
    edges.set(id, mapEdge(edge, edge.provenance, null));
  }
  addNamedOnly(nodes, [...edges.values()]);
  return {
    nodes: [...nodes.values()].sort(byId),
    edges: [...edges.values()].sort(byId),
    pipelines: [...pipelines].sort(),
    unused: [...new Set(declared.flatMap(({ unused = [] }) => unused))].sort(),
  };
}

/** A node that the configuration of its own pipeline (or of the whole process) does not know is of an earlier one. */
function outvoted(node: NodeFact, declared: readonly TopologyFact[]): boolean {
  if (declared.length === 0) return false;
  // A configuration of the whole process knows every node of it.
  return (
    node.pipeline === null ||
    declared.some((fact) => fact.pipelines !== undefined || fact.pipeline === node.pipeline)
  );
}

function pipelinesOf(fact: TopologyFact): readonly string[] {
  return fact.pipelines ?? [fact.pipeline];
}

function isBeyond(edge: EdgeFact, declared: readonly TopologyFact[]): boolean {
  if (declared.some((fact) => fact.pipelines !== undefined)) return false;
  const known = (id: string) => declared.some((fact) => fact.nodes.some((node) => node.id === id));
  return !known(edge.from) && !known(edge.to);
}

/** Nodes that only edges name. Their kind follows from where they stand. */
function addNamedOnly(nodes: Map<string, MapNode>, edges: readonly MapEdge[]): void {
  const sends = new Set(edges.map((edge) => edge.from));
  const receives = new Set(edges.map((edge) => edge.to));
  for (const id of new Set([...sends, ...receives])) {
    if (nodes.has(id)) continue;
    const nodeKind = !receives.has(id) ? 'receiver' : sends.has(id) ? 'processor' : 'exporter';
    nodes.set(
      id,
      seenNode({ kind: 'node', id, component: id, pipeline: null, nodeKind, type: '', stateful: false }),
    );
  }
}

function seenNode(node: NodeFact): MapNode {
  const { id, component, pipeline, nodeKind, type, stateful } = node;
  const untold = { concurrency: null, state: null, config: null, configSchema: null, faults: null };
  return { id, component, pipeline, kind: nodeKind, type, stateful, ports: [], ...untold };
}

function mapEdge(edge: EdgeFact, provenance: Provenance, capacity: number | null): MapEdge {
  const { from, port, to, channel } = edge;
  return { id: edgeId(edge), from, port, to, channel, provenance, capacity };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
