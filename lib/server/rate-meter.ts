/** A rate a second from a count that only grows, over the last few seconds. */
const WINDOW_MS = 5_000;
const MIN_GAP_MS = 500;

export interface RateMeter {
  note(nowMs: number, total: number): void;
  perSecond(): number;
}

export function createRateMeter(): RateMeter {
  /** At most WINDOW_MS / MIN_GAP_MS + 1 readings. */
  const readings: { readonly atMs: number; readonly total: number }[] = [];
  return {
    note(nowMs, total) {
      const last = readings.at(-1);
      if (last && nowMs - last.atMs < MIN_GAP_MS) return;
      readings.push({ atMs: nowMs, total });
      while ((readings[0]?.atMs ?? nowMs) < nowMs - WINDOW_MS) readings.shift();
    },
    perSecond() {
      const [first, last] = [readings[0], readings.at(-1)];
      if (!first || !last || last.atMs <= first.atMs) return 0;
      return ((last.total - first.total) / (last.atMs - first.atMs)) * 1_000;
    },
  };
}
