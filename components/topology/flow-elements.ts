/** The map as React Flow wants it. Made anew only when the map itself changes, never for figures. */
import type { Edge, Node } from '@xyflow/react';
import type { TopologyAnswer, TopologyEdge, TopologyNode } from '@/lib/api/topology';
import { CARD_HEIGHT, CARD_WIDTH } from '@/lib/topology/card-size';

export type CardNode = Node<
  {
    readonly node: TopologyNode;
    readonly ports: readonly string[];
    /** Its pipeline where the map has several, else empty. */
    readonly pipeline: string;
  },
  'card'
>;
export type ChannelEdge = Edge<
  {
    readonly edge: TopologyEdge;
    /** How far its label stands off the middle, where several edges join the same two nodes. */
    readonly labelShift: number;
  },
  'channel'
>;

/** Output ports from top to bottom as their targets lie, so that edges cross as little as they can. */
export function portsOf(
  node: TopologyNode,
  topology: Pick<TopologyAnswer, 'nodes' | 'edges'>,
): readonly string[] {
  const heights = new Map(topology.nodes.map((other) => [other.id, other.position.y]));
  const highest = new Map<string, number>();
  for (const edge of topology.edges) {
    if (edge.from !== node.id) continue;
    const y = heights.get(edge.to) ?? 0;
    highest.set(edge.port, Math.min(y, highest.get(edge.port) ?? y));
  }
  const declared = (port: string) =>
    node.ports.includes(port) ? node.ports.indexOf(port) : node.ports.length;
  return [...highest].sort(([a, ya], [b, yb]) => ya - yb || declared(a) - declared(b)).map(([port]) => port);
}

export function flowNodes(topology: Pick<TopologyAnswer, 'nodes' | 'edges'>): CardNode[] {
  const pipelines = new Set(topology.nodes.flatMap(({ pipeline }) => pipeline ?? []));
  return [...topology.nodes].sort(byPlace).map((node) => ({
    id: node.id,
    type: 'card',
    position: { ...node.position },
    width: CARD_WIDTH,
    height: CARD_HEIGHT,
    data: {
      node,
      ports: portsOf(node, topology),
      pipeline: pipelines.size > 1 ? (node.pipeline ?? '') : '',
    },
    ariaRole: 'button',
    ariaLabel: `${node.kind} ${node.id}, ${node.type}`,
    domAttributes: { 'aria-roledescription': 'node' },
  }));
}

/** Tab goes from left to right and down each column. */
function byPlace(a: TopologyNode, b: TopologyNode): number {
  return a.position.x - b.position.x || a.position.y - b.position.y;
}

export function flowEdges(topology: Pick<TopologyAnswer, 'nodes' | 'edges'>): ChannelEdge[] {
  const ports = new Map(topology.nodes.map((node) => [node.id, portsOf(node, topology)]));
  return topology.edges.map((edge) => ({
    id: edge.id,
    type: 'channel',
    source: edge.from,
    sourceHandle: edge.port,
    target: edge.to,
    data: { edge, labelShift: labelShift(edge, topology.edges, ports.get(edge.from) ?? []) },
    ariaRole: 'button',
    ariaLabel: `channel from ${edge.from}${edge.port === 'default' ? '' : ` port ${edge.port}`} to ${edge.to}`,
  }));
}

const LABEL_HEIGHT = 19;

/** Labels of edges that join the same two nodes stand below each other, in the order of their ports. */
function labelShift(edge: TopologyEdge, edges: readonly TopologyEdge[], ports: readonly string[]): number {
  const twins = edges
    .filter((other) => other.from === edge.from && other.to === edge.to)
    .sort((a, b) => ports.indexOf(a.port) - ports.indexOf(b.port));
  return (twins.indexOf(edge) - (twins.length - 1) / 2) * LABEL_HEIGHT;
}

/** Where a port's edges leave the card, from its top. */
export function portOffset(index: number, count: number): number {
  const gap = Math.min(16, (CARD_HEIGHT - 30) / Math.max(1, count));
  return CARD_HEIGHT / 2 + (index - (count - 1) / 2) * gap;
}

export interface Lane {
  readonly name: string;
  readonly x: number;
}

const LANE_NAMES = {
  receiver: 'Receivers',
  processor: 'Processors',
  connector: 'Connectors',
  exporter: 'Exporters',
};

/** One heading over the first column of each kind; two kinds in one column share it. */
export function lanesOf(nodes: readonly TopologyNode[]): readonly Lane[] {
  const lanes = new Map<number, string>();
  for (const kind of ['receiver', 'processor', 'connector', 'exporter'] as const) {
    const xs = nodes.filter((node) => node.kind === kind).map((node) => node.position.x);
    if (xs.length === 0) continue;
    const x = Math.min(...xs);
    const known = lanes.get(x);
    lanes.set(x, known ? `${known} · ${LANE_NAMES[kind]}` : LANE_NAMES[kind]);
  }
  return [...lanes].map(([x, name]) => ({ name, x }));
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function boundsOf(nodes: readonly TopologyNode[]): Box | null {
  if (nodes.length === 0) return null;
  const xs = nodes.map((node) => node.position.x);
  const ys = nodes.map((node) => node.position.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x + CARD_WIDTH, height: Math.max(...ys) - y + CARD_HEIGHT };
}

export interface FitInsets {
  readonly top: number;
  readonly bottom: number;
  readonly side: number;
}

/** Shows all of it below the lane headings: centred across, at the top when there is room, never enlarged. */
export function fitTop(
  bounds: Box,
  size: { readonly width: number; readonly height: number },
  insets: FitInsets,
): { readonly x: number; readonly y: number; readonly zoom: number } {
  const roomX = Math.max(1, size.width - 2 * insets.side);
  const roomY = Math.max(1, size.height - insets.top - insets.bottom);
  const zoom = Math.max(0.04, Math.min(1, roomX / bounds.width, roomY / bounds.height));
  return {
    x: (size.width - bounds.width * zoom) / 2 - bounds.x * zoom,
    y: insets.top - bounds.y * zoom,
    zoom,
  };
}
