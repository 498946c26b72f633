/** The six measures an edge can be coloured by, each with the five steps of the one colour scale. Pure. */
import type { EdgeStats } from '@/lib/api/topology';
import { formatCompact, formatMs, formatPercent, formatRate, UNKNOWN } from '@/lib/base/format';

export const MEASURES = ['utilization', 'blocked', 'wait', 'drain', 'throughput', 'errors'] as const;
export type MeasureName = (typeof MEASURES)[number];

export interface Measure {
  readonly name: MeasureName;
  readonly label: string;
  /** Four limits between five steps. */
  readonly limits: readonly [number, number, number, number];
  /** The limits as the legend writes them, ends included. */
  readonly ticks: readonly string[];
  readonly value: (stats: EdgeStats) => number | null;
  readonly text: (stats: EdgeStats) => string;
}

const SHARE_TICKS = ['0', '20', '40', '60', '85', '100 %'];

const MEASURE_TABLE: Readonly<Record<MeasureName, Measure>> = {
  utilization: {
    name: 'utilization',
    label: 'Utilisation',
    limits: [0.2, 0.4, 0.6, 0.85],
    ticks: SHARE_TICKS,
    value: (stats) => stats.utilization,
    text: (stats) => formatPercent(stats.utilization),
  },
  blocked: {
    name: 'blocked',
    label: 'Blocked share',
    limits: [0.2, 0.4, 0.6, 0.85],
    ticks: SHARE_TICKS,
    value: (stats) => stats.blockedRatio,
    text: (stats) => formatPercent(stats.blockedRatio),
  },
  wait: {
    name: 'wait',
    label: 'Wait p99',
    limits: [1, 10, 100, 1_000],
    ticks: ['0', '1 ms', '10', '100', '1 s', '∞'],
    value: (stats) => stats.waitP99Ms,
    text: (stats) => formatMs(stats.waitP99Ms, 2),
  },
  drain: {
    name: 'drain',
    label: 'Time to drain',
    limits: [10, 100, 1_000, 10_000],
    ticks: ['0', '10 ms', '100', '1 s', '10 s', '∞'],
    value: (stats) => stats.drainMs,
    text: (stats) => formatMs(stats.drainMs, 2),
  },
  throughput: {
    name: 'throughput',
    label: 'Throughput',
    limits: [10, 100, 1_000, 10_000],
    ticks: ['0', '10', '100', '1k', '10k', '/s'],
    value: (stats) => stats.ratePerSec,
    text: (stats) => formatRate(stats.ratePerSec),
  },
  errors: {
    name: 'errors',
    label: 'Errors',
    limits: [0.001, 0.01, 0.05, 0.2],
    ticks: ['0', '0.1', '1', '5', '20', '100 %'],
    value: (stats) => stats.errorRatio,
    text: (stats) => formatPercent(stats.errorRatio),
  },
};

export function measureOf(name: MeasureName): Measure {
  return MEASURE_TABLE[name];
}

export type ColorStep = 0 | 1 | 2 | 3 | 4 | 'idle' | 'nodata';

export function colorStep(value: number | null, limits: Measure['limits']): 0 | 1 | 2 | 3 | 4 | 'nodata' {
  if (value === null) return 'nodata';
  if (value < limits[0]) return 0;
  if (value < limits[1]) return 1;
  if (value < limits[2]) return 2;
  return value < limits[3] ? 3 : 4;
}

/** Nothing runs and nothing waits: grey, whatever the measure. */
export function edgeStep(stats: EdgeStats | undefined, measure: Measure): ColorStep {
  if (!stats) return 'nodata';
  if (isIdle(stats)) return 'idle';
  return colorStep(measure.value(stats), measure.limits);
}

export function isIdle(stats: EdgeStats): boolean {
  return stats.ratePerSec === 0 && (stats.depth ?? 0) === 0;
}

const FULL_FROM = 0.985;

/** Full over the window; a channel that stands still at its limit is full too, whatever its average says. */
export function isFull(stats: EdgeStats): boolean {
  if (stats.utilization !== null && stats.utilization >= FULL_FROM) return true;
  const atLimit = stats.depth !== null && stats.capacity !== null && stats.depth >= stats.capacity;
  return atLimit && (stats.blockedRatio ?? 0) >= 0.5;
}

/** Sends wait here: the edge is striped. */
export function isBlocked(stats: EdgeStats): boolean {
  return isFull(stats) || (stats.blockedRatio ?? 0) >= 0.2;
}

export function stepColor(step: ColorStep): string {
  if (step === 'idle' || step === 'nodata') return 'var(--idle)';
  return `var(--u${step})`;
}

/**
 * `12/64 · 19 %`; `FULL` where it is; the measure's own figure where another one is chosen. A channel that is one a core
 * says its fullest, by name, as that is whose share is told.
 */
export function edgeLabel(stats: EdgeStats | undefined, measure: Measure): string {
  if (!stats) return UNKNOWN;
  if (measure.name !== 'utilization') return measure.text(stats);
  if (isFull(stats)) return 'FULL';
  const fullest = fullestPart(stats);
  const { depth, capacity } = fullest ?? stats;
  const name = fullest ? `${fullest.name}: ` : '';
  const unit = stats.depthUnit === undefined ? '' : ` ${stats.depthUnit}`;
  const fill =
    depth !== null && capacity !== null
      ? `${name}${formatCompact(depth)}/${formatCompact(capacity)}${unit}`
      : null;
  if (stats.utilization === null) return fill ?? formatRate(stats.ratePerSec);
  // Whole percents: labels are narrow, and the panel says the rest.
  const share = `${Math.round(stats.utilization * 100)}\u00a0%`;
  return fill ? `${fill} · ${share}` : share;
}

const PARTS_DIFFER_FROM = 0.05;

/** The part that a channel is as full as; null where they hardly differ. */
function fullestPart({ parts = [] }: EdgeStats) {
  const known = parts.filter((part) => part.utilization !== null);
  const [most, ...others] = [...known].sort((a, b) => (b.utilization ?? 0) - (a.utilization ?? 0));
  const least = others.at(-1);
  if (!most || !least) return null;
  return (most.utilization ?? 0) - (least.utilization ?? 0) < PARTS_DIFFER_FROM ? null : most;
}

const MIN_WIDTH = 1.5;
const MAX_WIDTH = 7;

/** Strokes grow with the logarithm of throughput: a factor of ten is 1.25 px, so that trickles stay visible. */
export function edgeWidth(ratePerSec: number | null): number {
  if (ratePerSec === null || ratePerSec <= 0) return MIN_WIDTH;
  return Math.min(MAX_WIDTH, MIN_WIDTH + 1.25 * Math.log10(1 + ratePerSec));
}
