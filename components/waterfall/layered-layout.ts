/** Small left-to-right graphs (path, lineage): each node one layer after the furthest before it; cycles end. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface Placed {
  readonly id: string;
  readonly layer: number;
  readonly lane: number;
}

export function layeredLayout(ids: readonly string[], edges: readonly GraphEdge[]): Placed[] {
  const layers = new Map(ids.map((id) => [id, 0]));
  // As many rounds as a path without a cycle can be long; each settles at least one more layer.
  for (let round = 1; round < ids.length; round++) {
    let moved = false;
    for (const { from, to } of edges) {
      const next = (layers.get(from) ?? 0) + 1;
      if (from === to || !layers.has(to) || !layers.has(from)) continue;
      if (next > (layers.get(to) ?? 0) && next < ids.length) {
        layers.set(to, next);
        moved = true;
      }
    }
    if (!moved) break;
  }
  const used = [...new Set(layers.values())].sort((a, b) => a - b);
  const lanes = new Map<number, number>();
  return ids.map((id) => {
    const layer = used.indexOf(layers.get(id) ?? 0);
    const lane = lanes.get(layer) ?? 0;
    lanes.set(layer, lane + 1);
    return { id, layer, lane };
  });
}
