/** Over which time each group of figures was told: what a rate is divided by, and what parts 0 from unknown. */
import { type CounterSeries, createCounterSeries } from './counter-series';
import type { MeasureGroup } from './measure-groups';
import { RETENTION_SECONDS } from './resolution';

export interface Covered {
  readonly coverage: Map<MeasureGroup, { readonly series: CounterSeries; until: number }>;
  /** Seconds between reports, as last seen. */
  interval: number;
}

/** Stretches that one report told of, by their group and ends; most reports have one. */
export type Report = Map<
  string,
  { readonly from: number; readonly to: number; readonly groups: Set<MeasureGroup> }
>;

export function noteReport(report: Report, group: MeasureGroup, from: number, to: number): void {
  const key = `${from} ${to}`;
  const held = report.get(key);
  if (held) held.groups.add(group);
  else report.set(key, { from, to, groups: new Set([group]) });
}

/**
 * A counter that did not change need not be sent, so any counter tells that its report covered all of them. What is
 * only timed while tracing is on is covered where it is told, and where nothing moved at all: then it is zero.
 */
export function coverReport(engine: Covered, report: Report): void {
  for (const { from, to, groups } of [...report.values()].sort((a, b) => a.to - b.to)) {
    for (const group of ['direct', 'control', 'tracing', 'process'] as const) cover(engine, group, from, to);
    if (groups.has('timed') || !groups.has('direct')) cover(engine, 'timed', from, to);
  }
}

/** The union of the stretches told, in order of time; what comes late for a gap is not taken back. */
function cover(engine: Covered, group: MeasureGroup, from: number, to: number): void {
  let coverage = engine.coverage.get(group);
  if (!coverage) {
    coverage = { series: createCounterSeries(true), until: 0 };
    engine.coverage.set(group, coverage);
  }
  if (to <= coverage.until) return;
  const start = Math.max(from, coverage.until);
  coverage.series.add(start, to, to - start);
  coverage.until = to;
  // A first cumulative sum reaches back to the start of its process: that is no reporting interval.
  if (to - from > 0 && to - from < RETENTION_SECONDS / 10) engine.interval = to - from;
}
