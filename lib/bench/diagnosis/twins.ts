/**
 * A run against its twin: the same seed without the fault. From when on the fault can be seen, and how much it harms.
 *
 *   twin  ▂▃▂▃▂▂▃▂▃▂▃▂     spread: standard deviation of its seconds
 *   run   ▂▃▂▃▂▂▆▇▇▇▇▇     visible: the first second beyond 3 × that, in any figure, or with any item lost
 */
import type { Run } from './judged-run';

const SPREADS = 3;
/** Queues fill in the beginning: what a figure usually is shows after that. */
const SETTLED = 30;
/** An item that is ten seconds late counts as one that did not come. */
const LATE_SECONDS = 10;

/**
 * The first second (1 is the first) at or after `from`; null where the fault never shows. How figures scatter is taken
 * from `healthy`: of two faults each is looked for beside the other, in what the other alone would be.
 */
export function visibleFrom(run: Run, twin: Run, from: number, healthy: Run = twin): number | null {
  const spreads = spreadsOf(healthy);
  for (let second = from; second <= run.figures.length; second++) {
    if ((run.lost[second - 1] ?? 0) > (twin.lost[second - 1] ?? 0)) return second;
    const now = run.figures[second - 1] as Float64Array;
    const then = twin.figures[second - 1] as Float64Array;
    for (let i = 0; i < now.length; i++) {
      const apart = Math.abs((now[i] as number) - (then[i] as number));
      // Rounding of sums in another order is no difference.
      if (apart > SPREADS * (spreads[i] as number) + 1e-6) return second;
    }
  }
  return null;
}

function spreadsOf(twin: Run): Float64Array {
  const width = twin.figures[0]?.length ?? 0;
  const spreads = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let second = SETTLED; second < twin.figures.length; second++) {
      const value = twin.figures[second]?.[i] as number;
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
      squares += value * value;
    }
    const mean = sum / Math.max(1, count);
    spreads[i] = count < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(Math.max(0, squares / count - mean * mean));
  }
  return spreads;
}

/** Items that did not come out where the twin's did, and the time that others lost. */
export function harm(run: Run, twin: Run): number {
  let missing = 0;
  for (const [exporter, items] of twin.delivered) {
    missing += Math.max(0, items - (run.delivered.get(exporter) ?? 0));
  }
  return missing + Math.max(0, run.itemSeconds - twin.itemSeconds) / LATE_SECONDS;
}
