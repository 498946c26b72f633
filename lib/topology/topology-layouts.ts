/**
 * Places of the cards of every engine's map, computed once for each shape of it, somewhere that does not hold up the
 * asker (`layOut`), the same for every viewer, and near to where they were. Until a shape is laid out its map stands
 * in provisional rows: those who wait are told when the places are known.
 */
import { createBoundedMap } from '@/lib/base/bounded-map';
import { CARD_HEIGHT, ROW_GAP } from './card-size';
import { columnX, type LayoutEdge, type LayoutNode, type Position, type Positions } from './elk-graph';
import { type Settled, settle } from './settle';
import type { TopologyVersion } from './topology-model';

/** Shapes of maps whose places are kept, of all engines together. */
export const MAX_LAYOUTS = 64;
const MAX_ENGINES = 256;

export type LaidOutMap = Pick<TopologyVersion, 'shape' | 'nodes' | 'edges'>;
export type LayOut = (nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]) => Promise<Positions>;

export interface Places {
  readonly positions: Positions;
  /** False while the layout of this shape is being computed. */
  readonly final: boolean;
}

export interface TopologyLayouts {
  /** What is known now; starts the layout of a shape that is new. */
  places(engine: string, map: LaidOutMap): Places;
  /** Resolves once the shape is laid out, or will not be. */
  settled(engine: string, map: LaidOutMap): Promise<void>;
}

export function createTopologyLayouts(deps: {
  readonly layOut: LayOut;
  /** Places of some map became known. */
  readonly onSettled: () => void;
  readonly onFailure: (error: unknown) => void;
}): TopologyLayouts {
  const known = createBoundedMap<string, Settled>(MAX_LAYOUTS);
  const latest = createBoundedMap<string, Settled>(MAX_ENGINES);
  /** By engine. */
  const running = new Map<string, Promise<void>>();
  const failed = createBoundedMap<string, true>(MAX_LAYOUTS);
  const keyOf = (engine: string, map: LaidOutMap) => `${engine}\n${map.shape}`;

  /** One at a time for each engine: a map that changes by the second is asked for again when its turn comes. */
  const start = (engine: string, map: LaidOutMap): Promise<void> => {
    const underWay = running.get(engine);
    if (underWay) return underWay;
    const key = keyOf(engine, map);
    const job = deps
      .layOut(map.nodes, map.edges)
      .then((fresh) => {
        const settled = settle(fresh, latest.get(engine) ?? null, map.edges);
        known.set(key, settled);
        latest.set(engine, settled);
      })
      .catch((error: unknown) => {
        failed.set(key, true);
        deps.onFailure(error);
      })
      .finally(() => {
        running.delete(engine);
        deps.onSettled();
      });
    running.set(engine, job);
    return job;
  };

  return {
    places(engine, map) {
      const key = keyOf(engine, map);
      const settled = known.get(key);
      if (settled) return { positions: settled.positions, final: true };
      // A shape that could not be laid out is not tried again until it is forgotten.
      const gaveUp = failed.get(key) ?? false;
      if (!gaveUp) void start(engine, map);
      return { positions: provisional(map, latest.get(engine)?.positions ?? new Map()), final: gaveUp };
    },
    async settled(engine, map) {
      const key = keyOf(engine, map);
      while (!known.has(key) && !failed.has(key)) await start(engine, map);
    },
  };
}

/** Cards that are known stay; the others stand in rows below them, as far right as their longest way from a source. */
function provisional(map: LaidOutMap, before: Positions): Positions {
  const positions = new Map<string, Position>();
  let lowest = -(CARD_HEIGHT + ROW_GAP);
  for (const { id } of map.nodes) {
    const known = before.get(id);
    if (!known) continue;
    positions.set(id, known);
    lowest = Math.max(lowest, known.y);
  }
  const columns = columnsOf(map);
  const rows: number[] = [];
  for (const { id } of map.nodes) {
    if (positions.has(id)) continue;
    const column = columns.get(id) ?? 0;
    const row = (rows[column] ?? 0) + 1;
    rows[column] = row;
    positions.set(id, { x: columnX(column), y: lowest + row * (CARD_HEIGHT + ROW_GAP) });
  }
  return positions;
}

/** The longest way to each node; exporters all in the last column. Nodes of a cycle stay where their entrance put them. */
function columnsOf({ nodes, edges }: LaidOutMap): ReadonlyMap<string, number> {
  const columns = new Map(nodes.map(({ id }) => [id, 0]));
  const open = new Map(nodes.map(({ id }) => [id, 0]));
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    if (from === to || !columns.has(from) || !columns.has(to)) continue;
    open.set(to, (open.get(to) ?? 0) + 1);
    next.set(from, [...(next.get(from) ?? []), to]);
  }
  const ready = nodes.flatMap(({ id }) => (open.get(id) === 0 ? [id] : []));
  for (const id of ready)
    for (const to of next.get(id) ?? []) {
      columns.set(to, Math.max(columns.get(to) ?? 0, (columns.get(id) ?? 0) + 1));
      const left = (open.get(to) ?? 0) - 1;
      open.set(to, left);
      if (left === 0) ready.push(to);
    }
  const last = Math.max(0, ...columns.values());
  for (const { id, kind } of nodes) if (kind === 'exporter') columns.set(id, last);
  return columns;
}
