/**
 * A map as the layered algorithm of ELK takes it, and its answer as places on the grid of columns. Receivers are held
 * in the first layer and exporters in the last, ports stand on the sides that edges are drawn from. The edges are
 * drawn by the page: of ELK's answer only the layer and the height of each card count.
 */
import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs';
import { CARD_HEIGHT, CARD_WIDTH, COLUMN_GAP, ROW_GAP } from './card-size';
import type { MapEdge, MapNode } from './compose';

export interface Position {
  readonly x: number;
  readonly y: number;
}
export type Positions = ReadonlyMap<string, Position>;

export type LayoutNode = Pick<MapNode, 'id' | 'kind'>;
export type LayoutEdge = Pick<MapEdge, 'from' | 'port' | 'to'>;

/** Heights are multiples of it. */
export const GRID = 4;
/** Straight lines by network simplex look best and cost most; larger maps take what is straight enough. */
const SIMPLEX_UP_TO = 150;

export function elkGraphOf(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): ElkNode {
  const ids = new Set(nodes.map((node) => node.id));
  const known = edges.filter(({ from, to }) => ids.has(from) && ids.has(to) && from !== to);
  const sends = new Set(known.map((edge) => edge.from));
  const receives = new Set(known.map((edge) => edge.to));
  return {
    id: 'map',
    layoutOptions: optionsFor(nodes.length),
    children: [...nodes].sort(byId).map((node) => ({
      id: node.id,
      width: CARD_WIDTH,
      height: CARD_HEIGHT,
      layoutOptions: laneOf(node, sends, receives),
      ports: [...new Set(known.filter((edge) => edge.from === node.id).map((edge) => edge.port))].map(
        (port) => ({
          id: portId(node.id, port),
          width: 1,
          height: 1,
          layoutOptions: { 'elk.port.side': 'EAST' },
        }),
      ),
    })),
    edges: elkEdges(known),
  };
}

function optionsFor(count: number): LayoutOptions {
  return {
    'elk.algorithm': 'layered',
    'elk.direction': 'RIGHT',
    'elk.edgeRouting': 'POLYLINE',
    'elk.separateConnectedComponents': 'false',
    'elk.randomSeed': '1',
    'elk.spacing.nodeNode': String(ROW_GAP),
    'elk.spacing.edgeNode': String(ROW_GAP / 2),
    'elk.spacing.edgeEdge': '6',
    'elk.layered.spacing.nodeNodeBetweenLayers': String(COLUMN_GAP),
    'elk.layered.nodePlacement.strategy': count <= SIMPLEX_UP_TO ? 'NETWORK_SIMPLEX' : 'LINEAR_SEGMENTS',
    'elk.layered.thoroughness': count <= SIMPLEX_UP_TO ? '10' : '2',
    'elk.layered.considerModelOrder.strategy': 'PREFER_EDGES',
  };
}

/** A lane is kept only where ELK can: a card in the first layer has nothing before it, one in the last nothing behind. */
function laneOf(node: LayoutNode, sends: ReadonlySet<string>, receives: ReadonlySet<string>): LayoutOptions {
  const ports = { 'elk.portConstraints': 'FIXED_SIDE' };
  if (node.kind === 'receiver' && !receives.has(node.id))
    return { ...ports, 'elk.layered.layering.layerConstraint': 'FIRST' };
  if (node.kind === 'exporter' && !sends.has(node.id))
    return { ...ports, 'elk.layered.layering.layerConstraint': 'LAST' };
  return ports;
}

/** Each way between two cards once, in an order that does not depend on who told it first. */
function elkEdges(edges: readonly LayoutEdge[]): ElkExtendedEdge[] {
  const ways = new Map(edges.map((edge) => [`${edge.from} ${edge.port} ${edge.to}`, edge]));
  return [...ways]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, edge]) => ({ id, sources: [portId(edge.from, edge.port)], targets: [edge.to] }));
}

function portId(node: string, port: string): string {
  return `${node}\n${port}`;
}

function byId(a: LayoutNode, b: LayoutNode): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Layers become columns of equal pitch, whatever room ELK left between them for edges. */
export function positionsOf(laidOut: ElkNode): Positions {
  const cards = (laidOut.children ?? []).map(({ id, x = 0, y = 0 }) => ({ id, x, y }));
  const columns = columnStarts(cards.map((card) => card.x));
  const top = Math.min(...cards.map((card) => card.y));
  return new Map(
    cards.map(({ id, x, y }) => [
      id,
      { x: columnX(columns.findLastIndex((start) => start <= x)), y: Math.round((y - top) / GRID) * GRID },
    ]),
  );
}

export function columnX(column: number): number {
  return column * (CARD_WIDTH + COLUMN_GAP);
}

/** Cards of one layer start within less than a card of each other. */
function columnStarts(xs: readonly number[]): readonly number[] {
  const starts: number[] = [];
  for (const x of [...xs].sort((a, b) => a - b)) {
    const last = starts.at(-1);
    if (last === undefined || x - last > CARD_WIDTH / 2) starts.push(x);
  }
  return starts;
}
