/** On which side of its tick a label has room: right if it can, else left, else none. Ticks come from left to right. */
export type LabelSide = 'left' | 'right' | 'none';

const TICK = 8;

export function placeLabels(
  ticks: readonly { readonly x: number; readonly width: number }[],
  width: number,
): LabelSide[] {
  let taken = 0;
  return ticks.map((tick, i) => {
    const next = (ticks[i + 1]?.x ?? width + TICK) - TICK;
    const before = Math.max(taken, (ticks[i - 1]?.x ?? -TICK) + TICK);
    if (tick.x + TICK + tick.width <= next) {
      taken = tick.x + TICK + tick.width;
      return 'right';
    }
    taken = Math.max(taken, tick.x + TICK);
    return tick.x - TICK - tick.width >= before ? 'left' : 'none';
  });
}
