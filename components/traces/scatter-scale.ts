/** Time across, duration up on a logarithmic scale; both ways, so that a brush can be read back. */
export interface ScatterScale {
  readonly fromMs: number;
  readonly toMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly width: number;
  readonly height: number;
}

export interface ScatterPoint {
  readonly atMs: number;
  readonly durationMs: number;
}

const FLOOR_MS = 0.001;
const PAD = 8;

/** Whole powers of ten around the durations; null where there is nothing to show. */
export function scatterScale(
  points: readonly ScatterPoint[],
  width: number,
  height: number,
): ScatterScale | null {
  if (points.length === 0) return null;
  let [fromMs, toMs, low, high] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    FLOOR_MS,
  ];
  for (const { atMs, durationMs } of points) {
    fromMs = Math.min(fromMs, atMs);
    toMs = Math.max(toMs, atMs);
    low = Math.min(low, Math.max(durationMs, FLOOR_MS));
    high = Math.max(high, durationMs);
  }
  const lowMs = 10 ** Math.floor(Math.log10(low) + 1e-9);
  const highMs = Math.max(lowMs * 10, 10 ** Math.ceil(Math.log10(high) - 1e-9));
  return { fromMs, toMs: Math.max(toMs, fromMs + 1_000), lowMs, highMs, width, height };
}

export function scatterX(scale: ScatterScale, atMs: number): number {
  return PAD + ((atMs - scale.fromMs) / (scale.toMs - scale.fromMs)) * (scale.width - 2 * PAD);
}

export function scatterY(scale: ScatterScale, durationMs: number): number {
  const share =
    Math.log10(Math.max(durationMs, FLOOR_MS) / scale.lowMs) / Math.log10(scale.highMs / scale.lowMs);
  return scale.height - PAD - share * (scale.height - 2 * PAD);
}

export function timeAtX(scale: ScatterScale, x: number): number {
  return scale.fromMs + ((x - PAD) / (scale.width - 2 * PAD)) * (scale.toMs - scale.fromMs);
}

export function durationAtY(scale: ScatterScale, y: number): number {
  const share = (scale.height - PAD - y) / (scale.height - 2 * PAD);
  return scale.lowMs * (scale.highMs / scale.lowMs) ** share;
}

/** Powers of ten from low to high. */
export function scatterDecades(scale: ScatterScale): number[] {
  const count = Math.round(Math.log10(scale.highMs / scale.lowMs));
  return Array.from({ length: count + 1 }, (_, i) => scale.lowMs * 10 ** i);
}
