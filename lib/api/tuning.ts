/** `GET /api/v1/tuning`: what each channel and batch had to bear, and what would fit it better. Null: not known. */

import type { StatsWindow } from '@/lib/model/stats-window';
import type { Remedy } from './topology';

export interface TuningAnswer {
  readonly engine: string;
  readonly atUnixNano: string;
  readonly window: StatsWindow;
  /** True while the window is not full. */
  readonly partial: boolean;
  /** Fullest first. */
  readonly channels: readonly ChannelTuning[];
  readonly batches: readonly BatchTuning[];
}

export interface ChannelTuning {
  readonly channel: string;
  /** Who takes from it, and who sends. */
  readonly node: string;
  readonly from: readonly string[];
  readonly capacity: number | null;
  /** Greatest depth that was read, and the highest share of the capacity that was taken over any second. */
  readonly peakDepth: number | null;
  readonly peakUtilization: number | null;
  readonly utilization: number | null;
  /** Shares of the time. */
  readonly fullRatio: number | null;
  readonly emptyRatio: number | null;
  /** Wait in the channel over all of the window, and over those seconds in which it was full. */
  readonly waitP99Ms: number | null;
  readonly waitWhenFullMs: number | null;
  readonly blockedRatio: number | null;
  /** Workers of the node; of them at work on the mean, and in the busiest second. */
  readonly concurrency: number | null;
  readonly usedConcurrency: number | null;
  readonly peakConcurrency: number | null;
  readonly busyRatio: number | null;
  readonly suggestions: readonly Suggestion[];
}

export interface BatchTuning {
  readonly node: string;
  readonly type: string;
  /** Batches that left because they were large enough, and because their time had come. */
  readonly sizeFlushes: number | null;
  readonly timerFlushes: number | null;
  readonly meanItems: number | null;
  readonly heldP99Ms: number | null;
  readonly suggestions: readonly Suggestion[];
}

/** What to set instead, and why. */
export interface Suggestion extends Remedy {
  readonly fit: 'undersized' | 'oversized';
  readonly now: number;
  readonly why: string;
}
