/**
 * The map from afar, drawn on a canvas: cards as boxes filled by how their time is spent, channels as lines by the colour
 * and width that they have near by. Strokes of one look are one path, and what is out of sight is left out: a thousand
 * edges take a few milliseconds and no element.
 */
import type { EdgeStats, NodeStats, TopologyEdge, TopologyNode } from '@/lib/api/topology';
import { CARD_HEIGHT, CARD_WIDTH } from '@/lib/topology/card-size';
import { type ColorStep, edgeStep, edgeWidth, isBlocked, type Measure } from './measures';

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

export interface FarColors {
  readonly steps: readonly string[];
  readonly idle: string;
  readonly card: string;
  readonly line: string;
  readonly accent: string;
  readonly work: string;
  readonly blocked: string;
  readonly bad: string;
}

export interface FarMap {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly placeOf: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  readonly nodeStats: (id: string) => NodeStats | undefined;
  readonly edgeStats: (id: string) => EdgeStats | undefined;
  readonly measure: Measure;
  readonly lit: ReadonlySet<string> | null;
  readonly selected: string | null;
  readonly blamed: string | null;
  readonly hideIdle: boolean;
}

/** Widths on screen, so that a line stays visible when a card is 20 pixels wide. */
const WIDTHS = [1, 1.5, 2.25, 3.5] as const;
const DIM = 0.25;

export function drawFar(to: CanvasRenderingContext2D, map: FarMap, view: View, colors: FarColors): void {
  to.clearRect(0, 0, view.width, view.height);
  drawEdges(to, map, view, colors);
  drawNodes(to, map, view, colors);
}

function drawEdges(to: CanvasRenderingContext2D, map: FarMap, view: View, colors: FarColors): void {
  const looks = new Map<string, { step: ColorStep; width: number; dim: boolean; path: Path2D }>();
  for (const edge of map.edges) {
    const from = map.placeOf.get(edge.from);
    const end = map.placeOf.get(edge.to);
    if (!from || !end) continue;
    const x1 = from.x * view.zoom + view.x + CARD_WIDTH * view.zoom;
    const y1 = from.y * view.zoom + view.y + (CARD_HEIGHT / 2) * view.zoom;
    const x2 = end.x * view.zoom + view.x;
    const y2 = end.y * view.zoom + view.y + (CARD_HEIGHT / 2) * view.zoom;
    if (!isInSight(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2), view)) continue;
    const stats = map.edgeStats(edge.id);
    const step = edgeStep(stats, map.measure);
    if (map.hideIdle && step === 'idle') continue;
    const width = stats && isBlocked(stats) ? WIDTHS.length - 1 : widthClass(stats?.ratePerSec ?? null);
    const dim = map.lit !== null && !map.lit.has(edge.id);
    const key = `${step} ${width} ${dim}`;
    let look = looks.get(key);
    if (!look) {
      look = { step, width, dim, path: new Path2D() };
      looks.set(key, look);
    }
    const bend = Math.max(12 * view.zoom, Math.abs(x2 - x1) * 0.4);
    look.path.moveTo(x1, y1);
    look.path.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
  }
  // The fullest last, so that they lie on top.
  for (const look of [...looks.values()].sort((a, b) => rank(a.step) - rank(b.step))) {
    to.globalAlpha = look.dim ? DIM : 1;
    to.strokeStyle = typeof look.step === 'number' ? (colors.steps[look.step] ?? colors.idle) : colors.idle;
    to.lineWidth = WIDTHS[look.width] ?? 1;
    to.stroke(look.path);
  }
  to.globalAlpha = 1;
}

function rank(step: ColorStep): number {
  return step === 'nodata' ? -2 : step === 'idle' ? -1 : step;
}

function widthClass(ratePerSec: number | null): number {
  const width = edgeWidth(ratePerSec);
  return width < 2.5 ? 0 : width < 4 ? 1 : 2;
}

function drawNodes(to: CanvasRenderingContext2D, map: FarMap, view: View, colors: FarColors): void {
  const width = CARD_WIDTH * view.zoom;
  const height = CARD_HEIGHT * view.zoom;
  for (const node of map.nodes) {
    const x = node.position.x * view.zoom + view.x;
    const y = node.position.y * view.zoom + view.y;
    if (!isInSight(x, y, x + width, y + height, view)) continue;
    const stats = map.nodeStats(node.id);
    to.globalAlpha = map.lit !== null && !map.lit.has(node.id) ? DIM : 1;
    to.fillStyle = colors.card;
    to.fillRect(x, y, width, height);
    const busy = Math.min(1, stats?.busyRatio ?? 0) * width;
    const blocked = Math.min(1, stats?.blockedRatio ?? 0) * width;
    const bar = Math.max(2, height * 0.3);
    to.fillStyle = colors.work;
    to.fillRect(x, y + height - bar, busy, bar);
    to.fillStyle = colors.blocked;
    to.fillRect(x + busy, y + height - bar, Math.min(blocked, width - busy), bar);
    const marked = node.id === map.selected ? colors.accent : node.id === map.blamed ? colors.bad : null;
    to.strokeStyle = marked ?? ((stats?.errorRatio ?? 0) > 0.01 ? colors.bad : colors.line);
    to.lineWidth = marked ? 2 : 1;
    to.strokeRect(x + 0.5, y + 0.5, Math.max(1, width - 1), Math.max(1, height - 1));
  }
  to.globalAlpha = 1;
}

export function isInSight(left: number, top: number, right: number, bottom: number, view: View): boolean {
  return right >= 0 && bottom >= 0 && left <= view.width && top <= view.height;
}

/** The card under a point of the screen; a little around it counts too, since cards are small from afar. */
export function nodeAt(
  nodes: readonly TopologyNode[],
  view: View,
  at: { readonly x: number; readonly y: number },
): TopologyNode | null {
  const reach = 4;
  return (
    nodes.find(({ position }) => {
      const x = position.x * view.zoom + view.x;
      const y = position.y * view.zoom + view.y;
      return (
        at.x >= x - reach &&
        at.y >= y - reach &&
        at.x <= x + CARD_WIDTH * view.zoom + reach &&
        at.y <= y + CARD_HEIGHT * view.zoom + reach
      );
    }) ?? null
  );
}
