/** The map as React Flow wants it. Made anew only when the map itself changes, never for figures. */
import type { Edge, Node } from '@xyflow/react';
import type { TopologyAnswer, TopologyEdge, TopologyNode } from '@/lib/api/topology';
import { CARD_HEIGHT, CARD_WIDTH } from '@/lib/topology/card-size';

export type CardNode = Node<{ readonly node: TopologyNode; readonly ports: readonly string[] }, 'card'>;
export type ChannelEdge = Edge<{ readonly edge: TopologyEdge }, 'channel'>;

/** Output ports in their declared order, then those that only edges know. */
export function portsOf(node: TopologyNode, edges: readonly TopologyEdge[]): readonly string[] {
  const used = edges.filter((edge) => edge.from === node.id).map((edge) => edge.port);
  return [...new Set([...node.ports.filter((port) => used.includes(port)), ...used])];
}

export function flowNodes(topology: Pick<TopologyAnswer, 'nodes' | 'edges'>): CardNode[] {
  return topology.nodes.map((node) => ({
    id: node.id,
    type: 'card',
    position: { ...node.position },
    width: CARD_WIDTH,
    height: CARD_HEIGHT,
    data: { node, ports: portsOf(node, topology.edges) },
    ariaRole: 'button',
    ariaLabel: `${node.kind} ${node.id}, ${node.type}`,
    domAttributes: { 'aria-roledescription': 'node' },
  }));
}

export function flowEdges(topology: Pick<TopologyAnswer, 'edges'>): ChannelEdge[] {
  return topology.edges.map((edge) => ({
    id: edge.id,
    type: 'channel',
    source: edge.from,
    sourceHandle: edge.port,
    target: edge.to,
    data: { edge },
    ariaRole: 'button',
    ariaLabel: `channel from ${edge.from}${edge.port === 'default' ? '' : ` port ${edge.port}`} to ${edge.to}`,
  }));
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
  const zoom = Math.max(0.12, Math.min(1, roomX / bounds.width, roomY / bounds.height));
  return {
    x: (size.width - bounds.width * zoom) / 2 - bounds.x * zoom,
    y: insets.top - bounds.y * zoom,
    zoom,
  };
}
