/**
 * Questions to the series of one engine. `null` is "not told": the source never tells it, or told nothing of its
 * group in that time; a counter that is merely absent meanwhile is 0.
 */
import type { Entity, FactAttributes, Measure } from '@/lib/model/facts';
import { measureGroup } from './measure-groups';
import type { Span } from './resolution';
import type { SeriesReader, StoredSeries } from './series-store';
import { WindowHistogram } from './window-histogram';

export type Filter = (attributes: FactAttributes) => boolean;

const ALL: Filter = () => true;

/** Amount of a counter over the span. */
export function amountOf(
  reader: SeriesReader,
  entity: Entity,
  measure: Measure,
  span: Span,
  filter: Filter = ALL,
): number | null {
  let sum = 0;
  let found = false;
  for (const series of reader.series(entity, measure)) {
    if (series.data.kind !== 'counter' || !filter(series.attributes)) continue;
    const amount = series.data.sum(span.from, span.to);
    if (Number.isNaN(amount)) continue;
    found = true;
    sum += amount;
  }
  if (found) return sum;
  return reader.tells(measure) && reader.covered(measureGroup(measure), span) > 0 ? 0 : null;
}

/** Amount by the second, over the time in which it was told. */
export function rateOf(
  reader: SeriesReader,
  entity: Entity,
  measure: Measure,
  span: Span,
  filter: Filter = ALL,
): number | null {
  const amount = amountOf(reader, entity, measure, span, filter);
  const seconds = reader.covered(measureGroup(measure), span);
  return amount === null || seconds <= 0 ? null : amount / seconds;
}

/** Everything counted in this incarnation, as far as it was heard; null where never told. */
export function totalOf(
  reader: SeriesReader,
  entity: Entity,
  measure: Measure,
  filter: Filter = ALL,
): number | null {
  let sum = 0;
  for (const series of reader.series(entity, measure)) {
    if (series.data.kind === 'counter' && filter(series.attributes)) sum += series.data.total;
  }
  return reader.tells(measure) ? sum : null;
}

/** How long a gauge stays true without being told again. */
export function gaugeAge(reader: SeriesReader): number {
  return Math.max(5, 3 * reader.interval);
}

/** The gauge at a moment, added up over what splits it (signals, cores). */
export function gaugeAt(
  reader: SeriesReader,
  entity: Entity,
  measure: Measure,
  at: number,
  filter: Filter = ALL,
): number | null {
  return foldGauges(reader.series(entity, measure), filter, (series) =>
    series.data.kind === 'gauge' ? series.data.last(at, gaugeAge(reader)) : Number.NaN,
  );
}

export function gaugeMean(
  reader: SeriesReader,
  entity: Entity,
  measure: Measure,
  span: Span,
  filter: Filter = ALL,
): number | null {
  return foldGauges(reader.series(entity, measure), filter, (series) =>
    series.data.kind === 'gauge' ? series.data.mean(span.from, span.to) : Number.NaN,
  );
}

function foldGauges(
  series: readonly StoredSeries[],
  filter: Filter,
  read: (series: StoredSeries) => number,
): number | null {
  let sum = 0;
  let found = false;
  for (const one of series) {
    if (!filter(one.attributes)) continue;
    const value = read(one);
    if (Number.isNaN(value)) continue;
    found = true;
    sum += value;
  }
  return found ? sum : null;
}

/** The histogram of the span, of all series that pass, or null where nothing was recorded. */
export function histogramOf(
  reader: SeriesReader,
  entity: Entity,
  measure: Measure,
  span: Span,
  filter: Filter = ALL,
): WindowHistogram | null {
  const window = new WindowHistogram();
  let found = false;
  for (const series of reader.series(entity, measure)) {
    if (series.data.kind !== 'histogram' || !filter(series.attributes)) continue;
    found = series.data.sumInto(span.from, span.to, window, reader.latest) || found;
  }
  return found && window.count > 0 ? window : null;
}

/** Values by which an attribute splits a figure, sorted; the empty text stands for its absence. */
export function splitsOf(
  reader: SeriesReader,
  entity: Entity,
  measure: Measure,
  attribute: keyof FactAttributes,
): readonly string[] {
  const values = new Set<string>();
  for (const series of reader.series(entity, measure)) values.add(series.attributes[attribute] ?? '');
  return [...values].sort();
}

/**
 * The window that ends at `at`, or at the newest report where that is no longer ago than its rhythm explains: a
 * source that reports each minute is not idle for 59 seconds of it.
 */
export function windowEnding(reader: SeriesReader, at: number, seconds: number): Span {
  const lag = at - reader.latest;
  const usual = Math.max(2, 2.5 * reader.interval);
  const to = lag > 0 && lag <= usual ? reader.latest : at;
  const length = Math.max(seconds, reader.interval);
  return { from: to - length, to };
}
