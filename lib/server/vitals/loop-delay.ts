/**
 * How late the event loop is: a timer of ten milliseconds, watched by Node itself. Two watches take turns, each for a
 * minute, so that what is told is always of the last half to whole minute.
 */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;
const HALF_MS = 30_000;

export interface LoopDelay {
  read(): { readonly p50: number; readonly p99: number; readonly max: number };
  stop(): void;
}

export function watchLoopDelay(): LoopDelay {
  let older = started();
  let newer = started();
  const turn = setInterval(() => {
    older.disable();
    older = newer;
    newer = started();
  }, HALF_MS);
  turn.unref();
  // The watch times from one firing to the next: what is asked for is no delay.
  const late = (ns: number) => (Number.isFinite(ns) ? Math.max(0, ns / 1e6 - RESOLUTION_MS) : 0);
  return {
    read: () => ({
      p50: late(older.percentile(50)),
      p99: late(older.percentile(99)),
      max: older.count === 0 ? 0 : late(older.max),
    }),
    stop() {
      clearInterval(turn);
      older.disable();
      newer.disable();
    },
  };
}

function started(): IntervalHistogram {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return histogram;
}
