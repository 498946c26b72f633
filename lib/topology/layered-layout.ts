/**
 * Places cards from left to right in lanes: receivers first, exporters last, everything else between by its longest
 * way from a receiver. Layered as Sugiyama's: edges that skip a column get a place in it (so that they do not run
 * under cards), the order within a column comes from barycentre sweeps, rows are then drawn towards their neighbours.
 * Deterministic: the same map gives the same picture to everybody, and ties go by id, so a small change moves little.
 * About 10 ms for 1,000 nodes, so it runs where it is asked; the caller keeps the answer by the map's shape.
 *
 *   receiver │ processor │ processor │ exporter
 *      a ────┼──▶ b ─────┼────▶ c ───┼──▶ x
 *      d ────┼───(place)─┼───(place)─┼──▶ y
 */
import { CARD_HEIGHT, CARD_WIDTH, COLUMN_GAP, ROW_GAP } from './card-size';
import type { MapEdge, MapNode } from './compose';

export interface Position {
  readonly x: number;
  readonly y: number;
}

interface Cell {
  readonly id: string;
  /** Null for a place that only keeps room for a passing edge. */
  readonly card: boolean;
  readonly left: number[];
  readonly right: number[];
  y: number;
}

const SWEEPS = 8;
const PASSES = 12;
const GRID = 4;
/** Places for passing edges cost cells; a map with more than this many edges does without. */
const MAX_PLACES = 4_000;

export function layeredLayout(
  nodes: readonly MapNode[],
  edges: readonly MapEdge[],
): ReadonlyMap<string, Position> {
  const columns = columnsOf(nodes, edges);
  const { cells, layers } = cellsOf(nodes, edges, columns);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) {
      orderLayer(cells, layer, sweep % 2 === 0 ? 'left' : 'right');
    }
  }
  for (const layer of layers) stack(cells, layer);
  for (let pass = 0; pass < PASSES; pass++) {
    for (const layer of pass % 2 === 0 ? layers : [...layers].reverse()) relax(cells, layer);
  }
  return positionsOf(cells, layers);
}

/** Column of each node: longest path over edges that do not close a cycle; exporters share the last column. */
function columnsOf(nodes: readonly MapNode[], edges: readonly MapEdge[]): ReadonlyMap<string, number> {
  const next = new Map<string, string[]>();
  for (const edge of edges) next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to]);
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const forward = new Map<string, string[]>();
  for (const node of nodes) visit(node.id);

  function visit(start: string): void {
    if (state.has(start)) return;
    state.set(start, 'open');
    const stackOf: { id: string; at: number }[] = [{ id: start, at: 0 }];
    while (stackOf.length > 0) {
      const top = stackOf.at(-1);
      if (!top) break;
      const target = next.get(top.id)?.[top.at++];
      if (target === undefined) {
        state.set(top.id, 'done');
        order.push(top.id);
        stackOf.pop();
      } else if (state.get(target) !== 'open') {
        forward.set(top.id, [...(forward.get(top.id) ?? []), target]);
        if (!state.has(target)) {
          state.set(target, 'open');
          stackOf.push({ id: target, at: 0 });
        }
      }
    }
  }

  const column = new Map<string, number>();
  for (const id of order.reverse()) {
    const here = column.get(id) ?? 0;
    column.set(id, here);
    for (const target of forward.get(id) ?? []) {
      column.set(target, Math.max(column.get(target) ?? 0, here + 1));
    }
  }
  for (const node of nodes) if (node.kind !== 'receiver' && column.get(node.id) === 0) column.set(node.id, 1);
  const deepest = Math.max(
    1,
    ...nodes.filter((node) => node.kind !== 'exporter').map((n) => (column.get(n.id) ?? 0) + 1),
  );
  for (const node of nodes)
    if (node.kind === 'exporter') column.set(node.id, Math.max(deepest, column.get(node.id) ?? 0));
  const last = Math.max(...column.values(), 0);
  for (const node of nodes) if (node.kind === 'exporter') column.set(node.id, last);
  return column;
}

function cellsOf(
  nodes: readonly MapNode[],
  edges: readonly MapEdge[],
  columns: ReadonlyMap<string, number>,
): { cells: Cell[]; layers: number[][] } {
  const cells: Cell[] = [];
  const layers: number[][] = [];
  const indexOf = new Map<string, number>();
  const add = (id: string, card: boolean, column: number): number => {
    cells.push({ id, card, left: [], right: [], y: 0 });
    while (layers.length <= column) layers.push([]);
    layers[column]?.push(cells.length - 1);
    return cells.length - 1;
  };
  for (const node of nodes) indexOf.set(node.id, add(node.id, true, columns.get(node.id) ?? 0));
  let places = 0;
  const seen = new Set<string>();
  for (const edge of edges) {
    const from = indexOf.get(edge.from);
    const to = indexOf.get(edge.to);
    const pair = `${from} ${to}`;
    if (from === undefined || to === undefined || seen.has(pair)) continue;
    seen.add(pair);
    const start = columns.get(edge.from) ?? 0;
    const end = columns.get(edge.to) ?? 0;
    if (end <= start) continue;
    let left = from;
    for (let column = start + 1; column < end && places < MAX_PLACES; column++, places++) {
      const place = add(edge.id, false, column);
      connect(cells, left, place);
      left = place;
    }
    connect(cells, left, to);
  }
  return { cells, layers };
}

function connect(cells: readonly Cell[], left: number, right: number): void {
  cells[left]?.right.push(right);
  cells[right]?.left.push(left);
}

function orderLayer(cells: Cell[], layer: number[], side: 'left' | 'right'): void {
  const weight = new Map<number, number>();
  for (const [at, index] of layer.entries()) {
    const cell = cells[index] as Cell;
    const neighbours = cell[side];
    const sum = neighbours.reduce((total, other) => total + (cells[other] as Cell).y, 0);
    weight.set(index, neighbours.length === 0 ? at : sum / neighbours.length);
  }
  layer.sort(
    (a, b) =>
      (weight.get(a) ?? 0) - (weight.get(b) ?? 0) || compare((cells[a] as Cell).id, (cells[b] as Cell).id),
  );
  // While ordering, `y` is the rank.
  for (const [at, index] of layer.entries()) (cells[index] as Cell).y = at;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function stack(cells: Cell[], layer: readonly number[]): void {
  let y = 0;
  for (const index of layer) {
    const cell = cells[index] as Cell;
    cell.y = y;
    y += heightOf(cell);
  }
}

function heightOf(cell: Cell): number {
  return cell.card ? CARD_HEIGHT + ROW_GAP : ROW_GAP;
}

/** Draws every cell to the mean of its neighbours' middles as far as the order and the gaps allow. */
function relax(cells: Cell[], layer: readonly number[]): void {
  const wanted = layer.map((index) => {
    const cell = cells[index] as Cell;
    const neighbours = [...cell.left, ...cell.right];
    if (neighbours.length === 0) return cell.y;
    const middle =
      neighbours.reduce((sum, other) => sum + middleOf(cells[other] as Cell), 0) / neighbours.length;
    return middle - (middleOf(cell) - cell.y);
  });
  // Isotonic regression (pool adjacent violators) on y less the room taken above: least movement that keeps the order.
  const blocks: { sum: number; count: number }[] = [];
  let room = 0;
  const rooms: number[] = [];
  for (const [at, index] of layer.entries()) {
    rooms.push(room);
    blocks.push({ sum: (wanted[at] as number) - room, count: 1 });
    room += heightOf(cells[index] as Cell);
    while (blocks.length > 1) {
      const last = blocks.at(-1) as { sum: number; count: number };
      const before = blocks.at(-2) as { sum: number; count: number };
      if (before.sum / before.count <= last.sum / last.count) break;
      blocks.pop();
      before.sum += last.sum;
      before.count += last.count;
    }
  }
  let at = 0;
  for (const { sum, count } of blocks) {
    for (let i = 0; i < count; i++, at++) {
      (cells[layer[at] as number] as Cell).y = sum / count + (rooms[at] as number);
    }
  }
}

function middleOf(cell: Cell): number {
  return cell.y + (cell.card ? CARD_HEIGHT / 2 : 0);
}

function positionsOf(cells: readonly Cell[], layers: readonly number[][]): ReadonlyMap<string, Position> {
  const top = cells.reduce(
    (least, cell) => (cell.card ? Math.min(least, cell.y) : least),
    Number.POSITIVE_INFINITY,
  );
  const positions = new Map<string, Position>();
  for (const [column, layer] of layers.entries()) {
    for (const index of layer) {
      const cell = cells[index] as Cell;
      if (!cell.card) continue;
      const y = Math.round((cell.y - top) / GRID) * GRID;
      positions.set(cell.id, { x: column * (CARD_WIDTH + COLUMN_GAP), y });
    }
  }
  return positions;
}
