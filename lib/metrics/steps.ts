/** The time axis of a chart: equal steps on multiples of their length, so that two charts of one range line up. */
import type { Span } from '@/lib/store/series/resolution';

export const MAX_STEPS = 600;
const SECOND = 1_000;

export interface Steps {
  /** Unix seconds of the start of the first step. */
  readonly from: number;
  readonly seconds: number;
  readonly count: number;
}

/** At least a second long and at most 600: a step that is asked for finer is made coarser. */
export function stepsOver(fromSeconds: number, toSeconds: number, stepMs: number): Steps {
  const length = Math.max(0, toSeconds - fromSeconds);
  let seconds = Math.max(1, Math.round(stepMs / SECOND));
  while (Math.ceil(length / seconds) + 1 > MAX_STEPS) seconds *= 2;
  const from = Math.floor(fromSeconds / seconds) * seconds;
  return { from, seconds, count: Math.max(1, Math.ceil((toSeconds - from) / seconds)) };
}

export function spanOfStep(steps: Steps, index: number): Span {
  const from = steps.from + index * steps.seconds;
  return { from, to: from + steps.seconds };
}
