/** How much traffic there is at a moment, as a factor on the mean rate. Pure; the mean over a period is 1. */
export interface Shape {
  readonly shape: 'steady' | 'sine' | 'bursty';
  readonly period_ms: number;
  /** Sine: how far it swings around the mean, 0..1. */
  readonly amplitude: number;
  /** Bursty: the rate in a burst over the mean, and the share of the period that a burst takes. */
  readonly burst_factor: number;
  readonly burst_share: number;
}

export function shapeFactor(shape: Shape, elapsedMs: number): number {
  const phase = (elapsedMs % shape.period_ms) / shape.period_ms;
  switch (shape.shape) {
    case 'steady':
      return 1;
    case 'sine':
      return 1 + shape.amplitude * Math.sin(2 * Math.PI * phase);
    case 'bursty': {
      const share = shape.burst_share;
      const burst = Math.min(shape.burst_factor, 1 / share);
      return phase < share ? burst : (1 - burst * share) / (1 - share);
    }
  }
}
