import type { Clock, Timer } from './clock';
import { epochNanos } from './time';

/** A clock that stands still until told: timers fire in order of due time, then of creation. */
export interface VirtualClock extends Clock {
  /** Moves to the next due timer and runs it; false when none is left. */
  step(): boolean;
  /** Moves forward, running every timer due by then. */
  advance(ms: number): void;
  /** Time passes while nothing can run, as when the process is suspended: what became due meanwhile runs late. */
  leap(ms: number): void;
  readonly pendingTimers: number;
}

interface Pending {
  readonly dueNs: number;
  readonly order: number;
  readonly callback: () => void;
}

export function createVirtualClock(unixNanos = 1_700_000_000_000_000_000n): VirtualClock {
  let now = 0;
  let order = 0;
  const pending: Pending[] = [];
  const runNext = () => {
    const next = pending.shift();
    if (!next) return false;
    now = Math.max(now, next.dueNs);
    next.callback();
    return true;
  };
  return {
    epoch: epochNanos(unixNanos),
    nowNs: () => now,
    readInto(out, index) {
      out[index] = now;
    },
    setTimer(callback, delayMs): Timer {
      const entry: Pending = { dueNs: now + Math.max(0, delayMs) * 1e6, order: order++, callback };
      let at = pending.length;
      while (at > 0 && (pending[at - 1] as Pending).dueNs > entry.dueNs) at--;
      pending.splice(at, 0, entry);
      return {
        cancel() {
          const index = pending.indexOf(entry);
          if (index >= 0) pending.splice(index, 1);
        },
      };
    },
    step: runNext,
    advance(ms) {
      const until = now + ms * 1e6;
      while (pending.length > 0 && (pending[0] as Pending).dueNs <= until) runNext();
      now = until;
    },
    leap(ms) {
      now += ms * 1e6;
    },
    get pendingTimers() {
      return pending.length;
    },
  };
}
