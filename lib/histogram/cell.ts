/** One mutable histogram: a set of one. */
import { type HistogramRange, HistogramSet, type PackedHistogram } from './histogram-set';
import type { ExponentialHistogram } from './types';

const WAITING = 64;

export class HistogramCell {
  readonly set: HistogramSet;

  /** Values are recorded in the caller's unit and counted as `unit` times as much. */
  constructor(range: HistogramRange, unit = 1) {
    this.set = new HistogramSet(range, unit, 1, WAITING);
  }

  record(value: number): void {
    this.set.record(0, value);
  }

  /** Nothing was recorded since the last time. */
  get empty(): boolean {
    return this.set.empty(0);
  }

  /** What gathered since the last time, as it goes on the wire; the cell is empty afterwards. */
  take(): ExponentialHistogram {
    return this.set.take(0);
  }

  /** The same without an object, straight into the wire's form. */
  packInto(into: PackedHistogram): void {
    this.set.packInto(0, into);
  }
}
