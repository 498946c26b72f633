/** Of a map as two things: its shape, which seldom changes, beside its figures, which always do. */
import type { TopologyAnswer } from '@/lib/api/topology';

/**
 * Equal for answers that differ in figures only. Nodes, edges and configurations change with the revision; places once
 * more when they become final.
 */
export function shapeOf({ engine, pipeline, revision, window, layout, missing }: TopologyAnswer): string {
  return JSON.stringify([engine, pipeline, revision, window, layout, missing]);
}
