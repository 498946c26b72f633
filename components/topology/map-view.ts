/** How the map is looked at, outside React: cards and edges read the slice they need, arrays stay as they are. */
import { createValueStore, useValue } from '@/lib/client/value-store';
import type { MeasureName } from './measures';

export interface MapView {
  readonly measure: MeasureName;
  readonly selectedNode: string | null;
  readonly selectedEdge: string | null;
  /** Ids of nodes and edges that stand out; the rest dims. Null: nothing does. */
  readonly lit: ReadonlySet<string> | null;
  readonly hideIdle: boolean;
  /** Nodes and edges that the open verdict is about. */
  readonly blamed: string | null;
  /** So far zoomed out that figures cannot be read. */
  readonly far: boolean;
  /** Dashes run along the edges; only on maps small enough for it. */
  readonly moving: boolean;
}

export const mapView = createValueStore<MapView>({
  measure: 'utilization',
  selectedNode: null,
  selectedEdge: null,
  lit: null,
  hideIdle: false,
  blamed: null,
  far: false,
  moving: true,
});

export function setMapView(part: Partial<MapView>): void {
  const before = mapView.get();
  const keys = Object.keys(part) as (keyof MapView)[];
  if (keys.some((key) => !Object.is(part[key], before[key]))) mapView.set({ ...before, ...part });
}

export function useMapView<S>(select: (view: MapView) => S): S {
  return useValue(mapView, select);
}
