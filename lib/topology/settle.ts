/**
 * Keeps a map where people know it: cards that were there stay at their height when something is added or goes, and
 * what is new takes the nearest free place of its column. Only the column follows the new layout (a node put into the
 * middle of a chain moves what is behind it one column on). Once much has been placed so, the new layout is taken as it
 * is, since small repairs do not add up to a good picture.
 *
 *   before      a ─▶ b ─▶ x         after      a ─▶ b ─▶ x        x and y stay, z stands below
 *               a ─▶ c ─▶ y                    a ─▶ c ─▶ y
 *                                              a ──────▶ z
 */
import { CARD_HEIGHT, ROW_GAP } from './card-size';
import { GRID, type LayoutEdge, type Position, type Positions } from './elk-graph';

export interface Settled {
  readonly positions: Positions;
  /** Cards that stand elsewhere than a layout put them. */
  readonly placed: number;
}

const PITCH = CARD_HEIGHT + ROW_GAP;
/** Share of cards in common from which two maps are the same one, changed. */
const SAME_MAP = 0.6;
/** Share of cards placed by hand from which the map is laid out anew. */
const MAX_PLACED = 0.25;
const ALWAYS_PLACED = 4;

export function settle(fresh: Positions, before: Settled | null, edges: readonly LayoutEdge[]): Settled {
  const anew: Settled = { positions: fresh, placed: 0 };
  if (before === null) return anew;
  const known = [...fresh.keys()].filter((id) => before.positions.has(id));
  if (known.length < SAME_MAP * Math.max(fresh.size, before.positions.size)) return anew;
  const positions = new Map<string, Position>();
  let placed = before.placed;
  const columns = new Map<number, number[]>();
  const put = (id: string, wanted: number) => {
    const { x } = fresh.get(id) as Position;
    const taken = columns.get(x) ?? [];
    const y = nearestFree(taken, wanted);
    taken.push(y);
    columns.set(x, taken);
    positions.set(id, { x, y });
    return y;
  };
  // Those that keep their column first: nobody takes their place.
  const stays = (id: string) => before.positions.get(id)?.x === fresh.get(id)?.x;
  const inOrder = [...known].sort((a, b) => Number(stays(b)) - Number(stays(a)));
  for (const id of inOrder) {
    const { y } = before.positions.get(id) as Position;
    if (put(id, y) !== y) placed++;
  }
  const neighbours = neighboursOf(edges);
  for (const [id, { y }] of fresh) {
    if (positions.has(id)) continue;
    put(id, meanHeight(neighbours.get(id) ?? [], positions) ?? y);
    placed++;
  }
  return placed > Math.max(ALWAYS_PLACED, MAX_PLACED * fresh.size) ? anew : { positions, placed };
}

/** The height nearest to the wanted one at which a card lies over no other of its column. */
function nearestFree(taken: readonly number[], wanted: number): number {
  const isFree = (y: number) => taken.every((other) => Math.abs(other - y) >= PITCH);
  let best = Number.POSITIVE_INFINITY;
  const nearer = (y: number) => Math.abs(y - wanted) < Math.abs(best - wanted);
  for (const y of [wanted, ...taken.flatMap((other) => [other + PITCH, other - PITCH])]) {
    if (nearer(y) && isFree(y)) best = y;
  }
  return best;
}

function neighboursOf(edges: readonly LayoutEdge[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (id: string, other: string) => {
    const list = found.get(id);
    if (list) list.push(other);
    else found.set(id, [other]);
  };
  for (const { from, to } of edges) {
    add(from, to);
    add(to, from);
  }
  return found;
}

function meanHeight(ids: readonly string[], positions: Positions): number | null {
  const heights = ids.flatMap((id) => positions.get(id)?.y ?? []);
  if (heights.length === 0) return null;
  const mean = heights.reduce((sum, y) => sum + y, 0) / heights.length;
  return Math.round(mean / GRID) * GRID;
}
