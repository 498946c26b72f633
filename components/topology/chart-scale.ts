/** Arithmetic of the small charts. Pure. */

/** The step that a moment falls into. */
export function indexAt(atMs: number, fromMs: number, toMs: number, steps: number): number {
  if (steps <= 0 || toMs <= fromMs) return 0;
  const share = (atMs - fromMs) / (toMs - fromMs);
  return Math.min(steps - 1, Math.max(0, Math.round(share * (steps - 1))));
}

/** The newest figure that is known; the last step is often still empty. */
export function lastKnown(values: readonly (number | null)[]): number | null {
  for (let index = values.length - 1; index >= 0; index -= 1) {
    const value = values[index];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** Sums several series step by step; a step is unknown only where all are. */
export function sumSeries(series: readonly (readonly (number | null)[])[]): readonly (number | null)[] {
  const steps = Math.max(0, ...series.map((values) => values.length));
  return Array.from({ length: steps }, (_, index) => {
    const known = series.map((values) => values[index] ?? null).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
  });
}
