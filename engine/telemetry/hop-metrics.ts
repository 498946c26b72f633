/**
 * What is measured as hops happen: histograms, and integrals over time of depth, of running handlings and of blocked
 * sends. An integral is brought up to date at each change and at each report, in whole nanoseconds, so that a stall
 * shows while it lasts and the sum is exact.
 *
 *   depth ▁▁▂▂▃▃▃▂▁     Σ depth × dt, up to the moment of the report
 */

import type { PipelineLayout } from '@/engine/core/telemetry';
import { invariant } from '@/lib/base/assert';
import { COUNT_RANGE, HistogramSet, SECONDS_RANGE } from '@/lib/histogram/histogram-set';
import { MAX_PATHS } from '@/lib/semconv/metrics';
import { SIGNALS } from '@/lib/semconv/signals';
import { BASE, NOW, OUTCOME_COUNT, SIGNAL_COUNT } from './metric-columns';
import { PathTable } from './path-table';
import { OUTCOMES } from './span-ring';

const SECONDS = 1e-9;

/**
 * Time integrals of small counts: ∫ n dt = n × now − Σ change × time of the change. A change is one multiplication, and
 * the integral is known whenever it is asked for. Times are relative to the latest `settle`, so that sums stay far below
 * 2^53 and every nanosecond counts.
 *
 *   levels   [ moment, count, moment, count, … ]      moment = −Σ change × (time − base)
 */
export class Integrals {
  readonly levels: Float64Array;
  /** Up to the latest `settle`. */
  readonly total: Float64Array;

  /** `readings` are the recorder's. */
  constructor(
    size: number,
    private readonly readings: Float64Array,
  ) {
    this.levels = new Float64Array(size * 2);
    this.total = new Float64Array(size);
  }

  private get elapsed(): number {
    return (this.readings[NOW] as number) - (this.readings[BASE] as number);
  }

  add(index: number, change: number): void {
    const at = index * 2;
    this.levels[at] = (this.levels[at] as number) - change * this.elapsed;
    this.levels[at + 1] = (this.levels[at + 1] as number) + change;
  }

  /** Brings all totals up to the latest reading of the clock, which is the new base. */
  settle(): void {
    const { elapsed } = this;
    for (let i = 0; i < this.total.length; i++) {
      const grown = (this.levels[i * 2] as number) + (this.levels[i * 2 + 1] as number) * elapsed;
      // What cancels out may leave a rounding error below zero: a total never goes back.
      if (grown > 0) this.total[i] = (this.total[i] as number) + grown;
      this.levels[i * 2] = 0;
    }
    this.readings[BASE] = this.readings[NOW] as number;
  }

  /** Starts anew from `value`, without counting what lies between the latest `settle` and now. */
  restart(index: number, value: number): void {
    this.levels[index * 2] = -value * this.elapsed;
    this.levels[index * 2 + 1] = value;
  }
}

export class HopMetrics {
  readonly layout: PipelineLayout;
  readonly paths: PathTable;
  /** Depth of each channel, then running handlings of each node, then its blocked sends. */
  readonly integrals: Integrals;
  readonly busyFrom: number;
  readonly blockedFrom: number;
  /** Durations of all kinds, one after the other: see the `…From`. A place is node × signals + signal. */
  readonly times: HistogramSet;
  readonly durationFrom: number;
  readonly sendBlockedFrom: number;
  readonly pathFrom: number;
  readonly sizes: HistogramSet;
  /** Size of the latest batches by place, and how many of them had it. */
  private readonly runItems: Int32Array;
  private readonly runLength: Int32Array;
  /** Items held or queued for too long, by node. */
  readonly delayedHeld: Float64Array;
  readonly delayedQueued: Float64Array;

  constructor(layout: PipelineLayout, readings: Float64Array) {
    const { nodes, channels, edges } = layout;
    invariant(
      SIGNALS.length === SIGNAL_COUNT && OUTCOMES.length === OUTCOME_COUNT,
      'series lie side by side',
    );
    this.layout = layout;
    this.paths = new PathTable(nodes.map((node) => node.id));
    this.busyFrom = channels.length;
    this.blockedFrom = channels.length + nodes.length;
    this.integrals = new Integrals(channels.length + nodes.length * 2, readings);
    this.durationFrom = channels.length * SIGNAL_COUNT;
    this.sendBlockedFrom = this.durationFrom + nodes.length * SIGNAL_COUNT * OUTCOME_COUNT;
    this.pathFrom = this.sendBlockedFrom + edges.length * SIGNAL_COUNT;
    this.times = new HistogramSet(SECONDS_RANGE, SECONDS, this.pathFrom + (MAX_PATHS + 1) * OUTCOME_COUNT);
    this.sizes = new HistogramSet(COUNT_RANGE, 1, nodes.length * SIGNAL_COUNT);
    this.runItems = new Int32Array(nodes.length * SIGNAL_COUNT);
    this.runLength = new Int32Array(nodes.length * SIGNAL_COUNT);
    this.delayedHeld = new Float64Array(nodes.length);
    this.delayedQueued = new Float64Array(nodes.length);
  }

  /** Series of `times` by channel and signal. */
  waitSeries(channel: number, signal: number): number {
    return channel * SIGNAL_COUNT + signal;
  }

  durationSeries(place: number, outcome: number): number {
    return this.durationFrom + place * OUTCOME_COUNT + outcome;
  }

  sendBlockedSeries(edge: number, signal: number): number {
    return this.sendBlockedFrom + edge * SIGNAL_COUNT + signal;
  }

  /** `path` by the number of a finished one. */
  pathSeries(path: number, outcome: number): number {
    return this.pathFrom + path * OUTCOME_COUNT + outcome;
  }

  /** Batches mostly have the size of the one before: runs of the same are counted, and recorded as one. */
  recordSize(place: number, items: number): void {
    if (this.runItems[place] === items) this.runLength[place] = (this.runLength[place] as number) + 1;
    else this.beginRun(place, items);
  }

  private beginRun(place: number, items: number): void {
    this.endRun(place);
    this.runItems[place] = items;
    this.runLength[place] = 1;
  }

  private endRun(place: number): void {
    const times = this.runLength[place] as number;
    if (times === 0) return;
    this.sizes.recordMany(place, this.runItems[place] as number, times);
    this.runLength[place] = 0;
  }

  /** Everything up to the recorder's latest reading of the clock, ready to be reported. */
  settle(): void {
    this.integrals.settle();
    this.times.settle();
    for (let place = 0; place < this.runLength.length; place++) this.endRun(place);
  }
}
