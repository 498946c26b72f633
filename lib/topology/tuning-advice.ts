/**
 * What would fit a channel, its reader and a batch better, with the reason as a figure. Pure.
 *
 * Workers: at 75 % load a queue in front of them stays short. Room: half as much again as the deepest it was, where it
 * was never full; where it was full although its reader had time left, twice as much. A queue in front of a reader that
 * has no time left is no matter of room.
 */
import type { BatchTuning, ChannelTuning, Suggestion } from '@/lib/api/tuning';

const TARGET_LOAD = 0.75;
/** Share of the time from which a full channel is no accident. */
const OFTEN = 0.01;
const BUSY = 0.85;
/** A channel of which less than this was ever taken is larger than it has to be. */
const SPARE = 0.25;
const LEAST_CAPACITY = 16;
/** A surge may come tomorrow: less than this says nothing of what is too large. */
export const LEAST_SECONDS = 240;
const MAX_CAPACITY = 65_536;
/** Workers at rest in the busiest second from which there are too many. */
const IDLE_WORKERS = 0.5;
const BY_TIMER = 0.9;
const FEW_FLUSHES = 10;

type ChannelFigures = Omit<ChannelTuning, 'suggestions'>;

export interface ReaderLoad {
  /** Of its work. */
  readonly meanMs: number | null;
  /** The most that came while nothing had to wait; null where something always had to. */
  readonly offeredPerSec: number | null;
  /** Share of the time that it waits for what is behind it: then neither room nor workers of its own help. */
  readonly blockedRatio: number | null;
  /** Its workers are at work for as long as they hold a batch: those of an exporter are. */
  readonly holdsNothing: boolean;
  /** How much of the past was looked at. */
  readonly seconds: number;
}

export function channelSuggestions(figures: ChannelFigures, load: ReaderLoad): Suggestion[] {
  return [...workers(figures, load), ...room(figures, load)];
}

function workers(
  { node, concurrency, busyRatio, peakConcurrency, fullRatio }: ChannelFigures,
  { meanMs, offeredPerSec, holdsNothing, seconds }: ReaderLoad,
): Suggestion[] {
  if (concurrency === null || busyRatio === null) return [];
  const base = { what: 'concurrency', target: node, now: concurrency } as const;
  if (busyRatio >= BUSY && (fullRatio ?? 0) >= OFTEN) {
    const needed =
      meanMs === null || offeredPerSec === null
        ? 0
        : Math.ceil((offeredPerSec * meanMs) / 1_000 / TARGET_LOAD);
    const value = Math.max(needed, concurrency + 1);
    const sum =
      needed > concurrency && offeredPerSec !== null && meanMs !== null
        ? `: ${round(offeredPerSec)} batches/s offered × ${round(meanMs)} ms ÷ 0.75`
        : ': measured while held back, so one more than now';
    const why = `at work ${percent(busyRatio)} of the time with a full queue in front, at least ${value}${sum}`;
    return [{ ...base, fit: 'undersized', value, why }];
  }
  if (peakConcurrency === null || concurrency < 2 || !holdsNothing || seconds < LEAST_SECONDS) return [];
  const value = Math.max(1, Math.ceil(peakConcurrency / TARGET_LOAD));
  if (peakConcurrency > IDLE_WORKERS * concurrency || value >= concurrency) return [];
  const why = `never more than ${round(peakConcurrency)} of ${concurrency} were at work in a second`;
  return [{ ...base, fit: 'oversized', value, why }];
}

function room(figures: ChannelFigures, { blockedRatio, seconds }: ReaderLoad): Suggestion[] {
  const { channel, node, capacity, peakDepth, peakUtilization, fullRatio, busyRatio } = figures;
  if (capacity === null || peakUtilization === null) return [];
  const base = { what: 'capacity', target: channel, now: capacity } as const;
  if ((fullRatio ?? 0) >= OFTEN) {
    if (busyRatio === null || busyRatio + (blockedRatio ?? 0) >= BUSY) return [];
    const value = Math.min(MAX_CAPACITY, capacity * 2);
    const why = `full ${percent(fullRatio ?? 0)} of the time although ${node} had time left: bursts need more room`;
    return value > capacity ? [{ ...base, fit: 'undersized', value, why }] : [];
  }
  const deepest = Math.max(peakDepth ?? 0, peakUtilization * capacity);
  if (seconds < LEAST_SECONDS || capacity <= LEAST_CAPACITY || deepest > SPARE * capacity) return [];
  const value = Math.max(LEAST_CAPACITY, powerOfTwo(deepest * 1.5));
  if (value >= capacity) return [];
  return [
    {
      ...base,
      fit: 'oversized',
      value,
      why: `never more than ${round(deepest)} of ${capacity} places were taken`,
    },
  ];
}

/** `size` and `timeoutMs` as configured, under whichever key the type has them; null where they are not known. */
export function batchSuggestions(
  figures: Omit<BatchTuning, 'suggestions'>,
  size: { readonly key: string; readonly value: number } | null,
): Suggestion[] {
  const { node, sizeFlushes, timerFlushes, meanItems, heldP99Ms } = figures;
  if (size === null || sizeFlushes === null || timerFlushes === null || meanItems === null) return [];
  const all = sizeFlushes + timerFlushes;
  if (all < FEW_FLUSHES || timerFlushes < BY_TIMER * all) return [];
  const value = Math.max(1, Math.round(meanItems));
  if (value > size.value / 2) return [];
  const held = heldP99Ms === null ? '' : `, and are held for ${round(heldP99Ms)} ms at that`;
  const why = `${percent(timerFlushes / all)} of its batches leave by the timer with ${value} of ${size.value} items${held}`;
  return [{ fit: 'oversized', what: 'config', target: node, key: size.key, now: size.value, value, why }];
}

function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, least)));
}

function percent(share: number): string {
  return share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`;
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}
