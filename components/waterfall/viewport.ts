/**
 * The stretch of time that a waterfall shows, in milliseconds after its origin. Pure moves over an immutable value;
 * never shorter than a microsecond, never outside the whole.
 */
export interface Viewport {
  readonly fromMs: number;
  readonly toMs: number;
}

export const SHORTEST_MS = 0.001;

/** With a little room on both sides, so that what stands at the ends can be seen. */
export function wholeOf(endMs: number): Viewport {
  const length = Math.max(endMs, SHORTEST_MS);
  return { fromMs: -0.012 * length, toMs: 1.03 * length };
}

export function lengthOf(view: Viewport): number {
  return view.toMs - view.fromMs;
}

/** Keeps its length where it can, moved inside the whole. */
export function clampView(view: Viewport, whole: Viewport): Viewport {
  const length = Math.min(Math.max(lengthOf(view), SHORTEST_MS), lengthOf(whole));
  const fromMs = Math.min(Math.max(view.fromMs, whole.fromMs), whole.toMs - length);
  return { fromMs, toMs: fromMs + length };
}

/** Scales by `factor` (below 1 goes in) around a moment, which stays where it is on the screen. */
export function zoomView(view: Viewport, whole: Viewport, factor: number, aroundMs: number): Viewport {
  const length = Math.min(Math.max(lengthOf(view) * factor, SHORTEST_MS), lengthOf(whole));
  const share = (aroundMs - view.fromMs) / lengthOf(view);
  const fromMs = aroundMs - share * length;
  return clampView({ fromMs, toMs: fromMs + length }, whole);
}

/** Moves by a share of what is shown. */
export function panView(view: Viewport, whole: Viewport, share: number): Viewport {
  const by = lengthOf(view) * share;
  return clampView({ fromMs: view.fromMs + by, toMs: view.toMs + by }, whole);
}

/** What two ends of a brush select, in either order. */
export function brushedView(aMs: number, bMs: number, whole: Viewport): Viewport {
  return clampView({ fromMs: Math.min(aMs, bMs), toMs: Math.max(aMs, bMs) }, whole);
}

/** Pixels from the left edge of a lane of `width`. */
export function toX(ms: number, view: Viewport, width: number): number {
  return ((ms - view.fromMs) / lengthOf(view)) * width;
}

export function toMs(x: number, view: Viewport, width: number): number {
  return view.fromMs + (x / Math.max(width, 1)) * lengthOf(view);
}

/** Reads `12.5~40` of the URL; null where it is none. */
export function parseView(text: string): Viewport | null {
  const match = /^(-?\d+(?:\.\d+)?)~(-?\d+(?:\.\d+)?)$/.exec(text);
  if (!match) return null;
  const view = { fromMs: Number(match[1]), toMs: Number(match[2]) };
  return view.toMs > view.fromMs ? view : null;
}

export function formatView(view: Viewport): string {
  return `${Number(view.fromMs.toFixed(4))}~${Number(view.toMs.toFixed(4))}`;
}
