/** Positions by the shape of a map: computed once, the same for every viewer; the last few shapes are kept. */
import { createBoundedMap } from '@/lib/base/bounded-map';
import { layeredLayout, type Position } from './layered-layout';
import type { TopologyVersion } from './topology-model';

export const MAX_LAYOUTS = 64;

export interface TopologyLayouts {
  positions(version: TopologyVersion): ReadonlyMap<string, Position>;
}

export function createTopologyLayouts(): TopologyLayouts {
  const held = createBoundedMap<string, ReadonlyMap<string, Position>>(MAX_LAYOUTS);
  return {
    positions(version) {
      const known = held.get(version.shape);
      if (known) return known;
      const positions = layeredLayout(version.nodes, version.edges);
      held.set(version.shape, positions);
      return positions;
    },
  };
}
