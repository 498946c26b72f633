/** Where the plot stands inside a chart's box, the same for all charts, so that one moment is one vertical line. */
export const PLOT_LEFT = 48;
export const PLOT_RIGHT = 26;
export const PLOT_TOP = 6;
export const AXIS_HEIGHT = 18;

export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The moment under `x` (pixels from the left edge of the box), held within the span. */
export function timeAt(span: TimeSpan, boxWidth: number, x: number): number {
  const width = Math.max(1, boxWidth - PLOT_LEFT - PLOT_RIGHT);
  const share = Math.min(1, Math.max(0, (x - PLOT_LEFT) / width));
  return span.fromMs + share * (span.toMs - span.fromMs);
}

/** The share of the plot's width at which a moment stands; null outside. */
export function shareAt(span: TimeSpan, ms: number): number | null {
  const share = (ms - span.fromMs) / Math.max(1, span.toMs - span.fromMs);
  return share < 0 || share > 1 ? null : share;
}
