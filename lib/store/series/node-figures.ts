/** Figures of a node that the map, the charts and the verdicts share, so that they cannot disagree. */
import type { Entity, FactAttributes } from '@/lib/model/facts';
import { amountOf, gaugeMean, histogramOf } from '@/lib/store/series/query';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';

/**
 * Seconds spent over seconds available: the window as far as it was told × workers. A pipeline that runs on several
 * cores has that many times the workers; each core's gauge is added up.
 */
export function shareOf(
  reader: SeriesReader,
  entity: Entity,
  measure: 'busy' | 'blocked',
  span: Span,
  declaredWorkers: number | null,
): number | null {
  const seconds = amountOf(reader, entity, measure, span);
  const covered = reader.covered('timed', span);
  if (seconds === null || covered <= 0) return null;
  const workers = gaugeMean(reader, entity, 'concurrency', span) ?? declaredWorkers ?? 1;
  return Math.min(1, Math.max(0, seconds / (covered * Math.max(1, workers))));
}

const isSuccess = (attributes: FactAttributes) => attributes.outcome === 'success';
const isFailure = (attributes: FactAttributes) =>
  attributes.outcome !== undefined && attributes.outcome !== 'success';

/** Failed of all handled, by the count of handlings, else of batches, else of items: what the source tells first. */
export function errorRatio(reader: SeriesReader, entity: Entity, span: Span): number | null {
  const all = histogramOf(reader, entity, 'duration', span);
  if (all && all.count > 0) {
    const good = histogramOf(reader, entity, 'duration', span, isSuccess)?.count ?? 0;
    const bad = histogramOf(reader, entity, 'duration', span, isFailure)?.count ?? 0;
    if (good + bad > 0) return bad / (good + bad);
  }
  for (const unit of ['batches', 'items'] as const) {
    const delivered = amountOf(reader, entity, `${unit}_delivered`, span);
    const out = amountOf(reader, entity, `${unit}_out`, span);
    const bad = amountOf(reader, entity, `${unit}_returned`, span);
    const good = (delivered ?? 0) + (out ?? 0);
    if (bad !== null && good + bad > 0) return bad / (good + bad);
  }
  for (const measure of ['batches_in', 'items_in'] as const) {
    const good = amountOf(reader, entity, measure, span, isSuccess);
    const bad = amountOf(reader, entity, measure, span, isFailure);
    if (good !== null && bad !== null && good + bad > 0) return bad / (good + bad);
  }
  return null;
}

/** Milliseconds of a figure in seconds; null where it is not known. */
export function inMs(seconds: number | null | undefined): number | null {
  return seconds === null || seconds === undefined || Number.isNaN(seconds) ? null : seconds * 1_000;
}
