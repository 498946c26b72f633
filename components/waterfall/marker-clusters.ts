/** Events on a bar, those that would overlap drawn as one with a count. What failed is seen first. */
import { type MarkerKind, markerKind } from './event-shapes';

export interface MarkedEvent {
  readonly name: string;
  readonly atMs: number;
  readonly label: string;
}

export interface MarkerCluster {
  readonly x: number;
  readonly kind: MarkerKind;
  readonly events: readonly MarkedEvent[];
}

export const MARKER_GAP = 9;
const LOUDEST: readonly MarkerKind[] = [
  'failed',
  'drop',
  'control',
  'blocked',
  'flush',
  'absorbed',
  'done',
  'port',
  'other',
];

/** `xOf` gives the pixel of a moment; events must come by time. What lies outside [0, width] is left out. */
export function clusterMarkers(
  events: readonly MarkedEvent[],
  xOf: (ms: number) => number,
  width: number,
): MarkerCluster[] {
  const clusters: { x: number; kind: MarkerKind; events: MarkedEvent[] }[] = [];
  for (const event of events) {
    const x = xOf(event.atMs);
    if (x < -MARKER_GAP / 2 || x > width + MARKER_GAP / 2) continue;
    const last = clusters.at(-1);
    if (last && x - last.x < MARKER_GAP) last.events.push(event);
    else clusters.push({ x, kind: 'other', events: [event] });
  }
  for (const cluster of clusters) cluster.kind = loudest(cluster.events);
  return clusters;
}

function loudest(events: readonly MarkedEvent[]): MarkerKind {
  const kinds = new Set(events.map((event) => markerKind(event.name)));
  return LOUDEST.find((kind) => kinds.has(kind)) ?? 'other';
}
