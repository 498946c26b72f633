/** One figure a second for the last 60 whole seconds, oldest first; null where it was not told. */
import type { Entity, FactAttributes, Measure } from '@/lib/model/facts';
import { measureGroup } from '@/lib/store/series/measure-groups';
import { amountOf } from '@/lib/store/series/query';
import type { SeriesReader } from '@/lib/store/series/series-store';
import { type RollingSeconds, recentSeconds } from './rolling-seconds';

export const SPARK_SECONDS = 60;

export interface SparkTerm {
  readonly entity: Entity;
  readonly measure: Measure;
  readonly filter?: (attributes: FactAttributes) => boolean;
}

/** The sum of several counters by the second. */
export function sparkline(
  reader: SeriesReader,
  terms: readonly SparkTerm[],
  at: number,
  rolling: RollingSeconds,
  key: string,
): (number | null)[] {
  const recent = recentSeconds(reader.interval);
  return rolling.read(key, Math.floor(at), SPARK_SECONDS, recent, (second) =>
    perSecond(reader, terms, second, second + 1),
  );
}

export function perSecond(
  reader: SeriesReader,
  terms: readonly SparkTerm[],
  from: number,
  to: number,
): number | null {
  let sum: number | null = null;
  let seconds = 0;
  for (const { entity, measure, filter } of terms) {
    const amount = amountOf(reader, entity, measure, { from, to }, filter);
    if (amount === null) continue;
    sum = (sum ?? 0) + amount;
    seconds = Math.max(seconds, reader.covered(measureGroup(measure), { from, to }));
  }
  return sum === null || seconds <= 0 ? null : sum / seconds;
}
