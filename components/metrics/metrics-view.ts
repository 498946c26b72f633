'use client';

/** What all charts of the page share: range, control marks, and the way to the batches behind a point. */
import { createContext, useContext } from 'react';
import type { TimeRange } from '@/lib/client/time-range';
import type { ControlMark } from './control-marks';

export interface MetricsView {
  readonly range: TimeRange;
  readonly marks: readonly ControlMark[];
  setFixed(fromMs: number, toMs: number): void;
}

export const MetricsViewContext = createContext<MetricsView | null>(null);

export function useMetricsView(): MetricsView {
  const view = useContext(MetricsViewContext);
  if (!view) throw new Error('charts stand inside the metrics page');
  return view;
}
