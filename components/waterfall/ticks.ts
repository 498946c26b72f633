/** Round moments for a time ruler, none before its zero: steps of 1, 2 or 5 times a power of ten, so many that labels do not touch. */
export interface Tick {
  readonly atMs: number;
  readonly label: string;
}

export function ticksOf(fromMs: number, toMs: number, most: number): Tick[] {
  const rough = (toMs - fromMs) / Math.max(most, 1);
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const ticks: Tick[] = [];
  const first = Math.max(0, Math.ceil(fromMs / step - 1e-9));
  for (let i = first; i * step <= toMs + step * 1e-9; i++) {
    const atMs = i * step;
    ticks.push({ atMs, label: tickLabel(atMs, step) });
  }
  return ticks;
}

/** As many decimals as the step needs, in the unit that the moment reads best in. */
function tickLabel(atMs: number, stepMs: number): string {
  const size = Math.max(Math.abs(atMs), stepMs);
  const [unit, per] =
    size >= 1_000 ? (['s', 1_000] as const) : size >= 1 ? (['ms', 1] as const) : (['µs', 0.001] as const);
  const decimals = Math.max(0, Math.min(9, -Math.floor(Math.log10(stepMs / per) + 1e-9)));
  return `${(atMs / per).toFixed(decimals)}\u00a0${unit}`;
}
