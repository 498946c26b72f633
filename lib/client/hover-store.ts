/** What the pointer is on, shared by everything that draws the same thing: map, waterfall, charts, evidence. */
import { createValueStore } from './value-store';

export interface Hover {
  readonly node: string | null;
  readonly edge: string | null;
  readonly span: string | null;
  /** Shared crosshair of the charts. */
  readonly atMs: number | null;
}

export const NO_HOVER: Hover = { node: null, edge: null, span: null, atMs: null };
export const hoverStore = createValueStore<Hover>(NO_HOVER);

export function setHover(part: Partial<Hover>): void {
  const before = hoverStore.get();
  const next = { ...before, ...part };
  const same =
    next.node === before.node &&
    next.edge === before.edge &&
    next.span === before.span &&
    next.atMs === before.atMs;
  if (!same) hoverStore.set(next);
}
