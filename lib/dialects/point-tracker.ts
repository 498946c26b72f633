/**
 * Remembers, for every OTLP series of one engine, which points have come, and what a cumulative sum stood at.
 *
 *   delta        ──▶ passes, unless a point with the same start and time was there (a duplicate)
 *   cumulative   ──▶ differenced against the point before it with the same start time; another start time is a
 *                    restart: the whole value is new, over (its start, its time], never a negative rate
 *
 * At most `SERIES_LIMIT` series, least recently heard first out, and `REMEMBERED` points each. A point older than
 * all that a full memory holds cannot be told from a duplicate: it is `late`, and counted as such.
 */
import { createBoundedMap } from '@/lib/base/bounded-map';
import type { ExponentialHistogram } from '@/lib/histogram/types';
import { subtractHistogram } from './histogram-points';

export const SERIES_LIMIT = 50_000;
export const REMEMBERED = 128;

export type Admission = 'new' | 'duplicate' | 'late';

export interface Increment<T> {
  readonly startNano: bigint;
  readonly delta: T;
}

export interface PointTracker {
  admit(key: string, startNano: bigint, timeNano: bigint): Admission;
  /** What a cumulative sum has grown by; null where that cannot be known (no start time, first sight; or late). */
  grown(key: string, startNano: bigint, timeNano: bigint, value: number): Increment<number> | null;
  grownHistogram(
    key: string,
    startNano: bigint,
    timeNano: bigint,
    value: ExponentialHistogram,
  ): Increment<ExponentialHistogram> | null;
  readonly series: number;
  /** Series forgotten for want of room. */
  readonly forgotten: number;
}

interface Memory {
  /** A ring of pairs: start and time. One at first, since most series of a flood of them are never heard again. */
  points: BigInt64Array;
  length: number;
  next: number;
  newest: bigint;
  lastStart: bigint;
  lastTime: bigint;
  lastValue: number;
  lastHistogram: ExponentialHistogram | null;
}

export function createPointTracker(limit = SERIES_LIMIT): PointTracker {
  let forgotten = 0;
  const memories = createBoundedMap<string, Memory>(limit, () => {
    forgotten++;
  });

  const memoryOf = (key: string): Memory => {
    const known = memories.get(key);
    if (known) return known;
    const memory: Memory = {
      points: new BigInt64Array(2),
      length: 0,
      next: 0,
      newest: -1n,
      lastStart: -1n,
      lastTime: -1n,
      lastValue: 0,
      lastHistogram: null,
    };
    memories.set(key, memory);
    return memory;
  };

  /** The part that is the same for numbers and histograms: which stretch of time is new. */
  const stretch = (memory: Memory, startNano: bigint, timeNano: bigint) => {
    const first = memory.lastTime < 0n;
    if (!first && timeNano <= memory.lastTime) return null;
    if (!first && startNano < memory.lastStart) return null;
    const restarted = first || startNano !== memory.lastStart;
    const from = restarted ? startNano : memory.lastTime;
    const known = !(first && startNano === 0n);
    return { restarted, from: from === 0n && !first ? memory.lastTime : from, known };
  };

  return {
    admit(key, startNano, timeNano) {
      const memory = memoryOf(key);
      if (timeNano <= memory.newest) {
        let oldest = memory.newest;
        for (let i = 0; i < memory.length; i++) {
          const time = memory.points[2 * i + 1] as bigint;
          if (time === timeNano && memory.points[2 * i] === startNano) return 'duplicate';
          if (time < oldest) oldest = time;
        }
        if (memory.length === REMEMBERED && timeNano < oldest) return 'late';
      } else {
        memory.newest = timeNano;
      }
      remember(memory, startNano, timeNano);
      return 'new';
    },
    grown(key, startNano, timeNano, value) {
      const memory = memoryOf(key);
      const step = stretch(memory, startNano, timeNano);
      if (!step) return null;
      // A sum that fell without a new start time was reset by a writer that does not say so.
      const reset = step.restarted || value < memory.lastValue;
      const delta = reset ? value : value - memory.lastValue;
      memory.lastStart = startNano;
      memory.lastTime = timeNano;
      memory.lastValue = value;
      return step.known ? { startNano: step.from, delta } : null;
    },
    grownHistogram(key, startNano, timeNano, value) {
      const memory = memoryOf(key);
      const step = stretch(memory, startNano, timeNano);
      if (!step) return null;
      const before = memory.lastHistogram;
      const reset = step.restarted || !before || value.count < before.count;
      const delta = reset ? value : subtractHistogram(value, before);
      memory.lastStart = startNano;
      memory.lastTime = timeNano;
      memory.lastHistogram = value;
      return step.known ? { startNano: step.from, delta } : null;
    },
    get series() {
      return memories.size;
    },
    get forgotten() {
      return forgotten;
    },
  };
}

/** The ring grows to its bound, since most series of most sources never send anything twice. */
function remember(memory: Memory, startNano: bigint, timeNano: bigint): void {
  const room = memory.points.length / 2;
  if (memory.length === room && room < REMEMBERED) {
    const points = new BigInt64Array(2 * Math.min(REMEMBERED, 4 * room));
    points.set(memory.points);
    memory.points = points;
    memory.next = memory.length;
  }
  memory.points[2 * memory.next] = startNano;
  memory.points[2 * memory.next + 1] = timeNano;
  memory.next = (memory.next + 1) % (memory.points.length / 2);
  memory.length = Math.min(memory.length + 1, memory.points.length / 2);
}
