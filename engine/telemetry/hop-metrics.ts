/**
 * What is measured as hops happen: histograms, and integrals over time of depth, of running handlings and of blocked
 * sends. An integral is brought up to date at each change and at each report, in whole nanoseconds, so that a stall
 * shows while it lasts and the sum is exact.
 *
 *   depth ▁▁▂▂▃▃▃▂▁     Σ depth × dt, up to the moment of the report
 */
import type { PipelineLayout } from '@/engine/core/telemetry';
import { COUNT_RANGE, HistogramCell, SECONDS_RANGE } from '@/lib/histogram/cell';
import { MAX_PATHS } from '@/lib/semconv/metrics';
import { SIGNALS } from '@/lib/semconv/signals';
import { PathTable } from './path-table';
import { OUTCOMES } from './span-ring';

const SIGNAL_COUNT = SIGNALS.length;
const OUTCOME_COUNT = OUTCOMES.length;
const SECONDS = 1e-9;

/** Time integrals of small counts. The time is the recorder's latest reading, read where it stands: see `input`. */
export class Integrals {
  readonly now: Int32Array;
  readonly total: Float64Array;
  private readonly since: Float64Array;

  constructor(
    size: number,
    private readonly time: Float64Array,
  ) {
    this.now = new Int32Array(size);
    this.total = new Float64Array(size);
    this.since = new Float64Array(size);
  }

  /** Up to now, with what it was until then. Time that runs backwards counts as none. */
  advance(index: number): void {
    const time = this.time[0] as number;
    const elapsed = time - (this.since[index] as number);
    if (!(elapsed > 0)) return;
    this.total[index] = (this.total[index] as number) + elapsed * (this.now[index] as number);
    this.since[index] = time;
  }

  set(index: number, value: number): void {
    this.advance(index);
    this.now[index] = value;
  }

  add(index: number, change: number): void {
    this.advance(index);
    this.now[index] = (this.now[index] as number) + change;
  }

  /** Starts anew, without counting what lies before. */
  restart(index: number, value: number): void {
    this.since[index] = this.time[0] as number;
    this.now[index] = value;
  }
}

export class HopMetrics {
  readonly layout: PipelineLayout;
  readonly paths: PathTable;
  readonly occupancy: Integrals;
  readonly busy: Integrals;
  readonly blocked: Integrals;
  /** Series by index; made when first used, kept from then on. */
  readonly wait: (HistogramCell | null)[];
  readonly sendBlocked: (HistogramCell | null)[];
  readonly duration: (HistogramCell | null)[];
  readonly batchSize: (HistogramCell | null)[];
  readonly pathDuration: (HistogramCell | null)[];
  /** Items held or queued for too long, by node. */
  readonly delayedHeld: Float64Array;
  readonly delayedQueued: Float64Array;

  constructor(layout: PipelineLayout, time: Float64Array) {
    this.layout = layout;
    this.paths = new PathTable(layout.nodes.map((node) => node.id));
    this.occupancy = new Integrals(layout.channels.length, time);
    this.busy = new Integrals(layout.nodes.length, time);
    this.blocked = new Integrals(layout.nodes.length, time);
    this.wait = series(layout.channels.length * SIGNAL_COUNT);
    this.sendBlocked = series(layout.edges.length * SIGNAL_COUNT);
    this.duration = series(layout.nodes.length * SIGNAL_COUNT * OUTCOME_COUNT);
    this.batchSize = series(layout.nodes.length * SIGNAL_COUNT);
    this.pathDuration = series((MAX_PATHS + 1) * OUTCOME_COUNT);
    this.delayedHeld = new Float64Array(layout.nodes.length);
    this.delayedQueued = new Float64Array(layout.nodes.length);
  }

  /** The records below take what `input` of the buckets holds, nanoseconds or items. */
  recordWait(channel: number, signal: number): void {
    const at = channel * SIGNAL_COUNT + signal;
    (this.wait[at] ?? secondsCell(this.wait, at)).recordInput();
  }

  recordBlocked(edge: number, signal: number): void {
    const at = edge * SIGNAL_COUNT + signal;
    (this.sendBlocked[at] ?? secondsCell(this.sendBlocked, at)).recordInput();
  }

  recordDuration(node: number, signal: number, outcome: number): void {
    const at = (node * SIGNAL_COUNT + signal) * OUTCOME_COUNT + outcome;
    (this.duration[at] ?? secondsCell(this.duration, at)).recordInput();
  }

  recordSize(node: number, signal: number): void {
    const at = node * SIGNAL_COUNT + signal;
    (this.batchSize[at] ?? countCell(this.batchSize, at)).recordInput();
  }

  recordPath(path: number, outcome: number): void {
    const at = this.paths.finish(path) * OUTCOME_COUNT + outcome;
    (this.pathDuration[at] ?? secondsCell(this.pathDuration, at)).recordInput();
  }
}

function series(size: number): (HistogramCell | null)[] {
  return new Array<HistogramCell | null>(size).fill(null);
}

function secondsCell(cells: (HistogramCell | null)[], at: number): HistogramCell {
  const cell = new HistogramCell(SECONDS_RANGE, SECONDS);
  cells[at] = cell;
  return cell;
}

function countCell(cells: (HistogramCell | null)[], at: number): HistogramCell {
  const cell = new HistogramCell(COUNT_RANGE);
  cells[at] = cell;
  return cell;
}
