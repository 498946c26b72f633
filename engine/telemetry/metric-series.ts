/** Series of a report: where a figure stands, and under which labels it is told. Labels are encoded at first use. */
import type { HistogramSet } from '@/lib/histogram/histogram-set';
import { type Labels, labelBytes, type MetricBuffer } from './metric-points';

/** Where a figure is told: the metric and the labels. */
class Told {
  private bytes: Uint8Array | null = null;

  constructor(
    readonly buffer: MetricBuffer,
    private readonly labels: () => Labels,
  ) {}

  get encoded(): Uint8Array {
    this.bytes ??= labelBytes(this.buffer.kind, this.labels());
    return this.bytes;
  }
}

export interface Series {
  report(): void;
}

/** A running total, told as what it grew by; nothing while it stands: with deltas, that says the same. */
export class SumSeries implements Series {
  private readonly told: Told;
  private last = 0;

  constructor(
    buffer: MetricBuffer,
    labels: () => Labels,
    private readonly totals: Float64Array,
    private readonly at: number,
    private readonly factor = 1,
  ) {
    this.told = new Told(buffer, labels);
  }

  report(): void {
    const total = (this.totals[this.at] ?? 0) * this.factor;
    const { last } = this;
    if (total === last) return;
    this.last = total;
    // A total that has gone back has started anew.
    this.told.buffer.number(this.told.encoded, total < last ? total : total - last);
  }
}

export class GaugeSeries implements Series {
  private readonly told: Told;

  constructor(
    buffer: MetricBuffer,
    labels: () => Labels,
    private readonly values: Float64Array,
    private readonly from: number,
    private readonly count = 1,
  ) {
    this.told = new Told(buffer, labels);
  }

  /** The sum of its rows. */
  report(): void {
    let value = 0;
    for (let i = 0; i < this.count; i++) value += this.values[this.from + i] ?? 0;
    this.told.buffer.number(this.told.encoded, value);
  }
}

/** A histogram; nothing where nothing was recorded. */
export class HistogramSeries implements Series {
  private readonly told: Told;

  constructor(
    buffer: MetricBuffer,
    labels: () => Labels,
    private readonly set: HistogramSet,
    private readonly at: number,
  ) {
    this.told = new Told(buffer, labels);
  }

  report(): void {
    if (!this.set.empty(this.at)) this.told.buffer.histogram(this.told.encoded, this.set, this.at);
  }
}
