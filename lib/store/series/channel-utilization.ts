/**
 * How full a channel was: the integral of its depth over the time told, against its capacity; from gauges where the
 * source has no integral; from the waits of received spans (Little's law) where it has neither. Occupancy is brought
 * up to date at each report, so it is right during a stall, while waits are only known once it ends.
 */
import type { EdgeStats } from '@/lib/api/topology';
import type { Entity, FactAttributes } from '@/lib/model/facts';
import { amountOf, type Filter, gaugeMean, histogramOf } from '@/lib/store/series/query';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';

export interface ChannelPart {
  /** `logs`, `core 1`, `logs · core 1`; empty where the channel has one part. */
  readonly name: string;
  readonly filter: Filter;
}

export interface Utilization {
  readonly value: number | null;
  readonly source: EdgeStats['utilizationSource'];
}

const UNKNOWN: Utilization = { value: null, source: null };

export function channelParts(reader: SeriesReader, channel: Entity): readonly ChannelPart[] {
  const names = new Set<string>();
  for (const measure of ['capacity', 'depth'] as const) {
    for (const series of reader.series(channel, measure)) names.add(partName(series.attributes));
  }
  if (names.size === 0) return [{ name: '', filter: () => true }];
  return [...names].sort().map((name) => ({ name, filter: (attributes) => partName(attributes) === name }));
}

function partName(attributes: FactAttributes): string {
  const core = attributes.core === undefined ? [] : [`core ${attributes.core}`];
  return [...(attributes.signal === undefined ? [] : [attributes.signal]), ...core].join(' · ');
}

/** Of the fullest part. */
export function utilizationOf(
  reader: SeriesReader,
  channel: Entity,
  span: Span,
  declaredCapacity: number | null,
  parts: readonly ChannelPart[],
): Utilization {
  let most = UNKNOWN;
  for (const part of parts) {
    const own = utilizationOfPart(reader, channel, span, declaredCapacity, part.filter);
    if (own.value !== null && (most.value === null || own.value > most.value)) most = own;
  }
  return most;
}

function utilizationOfPart(
  reader: SeriesReader,
  channel: Entity,
  span: Span,
  declaredCapacity: number | null,
  filter: Filter,
  knownCapacity: number | null = null,
): Utilization {
  const capacity = knownCapacity ?? gaugeMean(reader, channel, 'capacity', span, filter) ?? declaredCapacity;
  if (capacity === null || capacity <= 0) return UNKNOWN;
  const covered = reader.covered('timed', span);
  const occupancy = amountOf(reader, channel, 'occupancy', span, filter);
  if (occupancy !== null && covered > 0) {
    return { value: clamp(occupancy / (covered * capacity)), source: 'occupancy' };
  }
  const depth = gaugeMean(reader, channel, 'depth', span, filter);
  if (depth !== null) return { value: clamp(depth / capacity), source: 'gauge' };
  const waits = histogramOf(reader, channel, 'wait', span);
  if (!waits || covered <= 0) return UNKNOWN;
  return { value: clamp(waits.sum / (covered * capacity)), source: 'spans' };
}

/** One a second (ten seconds in windows past five minutes), oldest first. */
export function utilizationBySecond(
  reader: SeriesReader,
  channel: Entity,
  span: Span,
  declaredCapacity: number | null,
  parts: readonly ChannelPart[],
): (number | null)[] {
  const step = span.to - span.from > 300 ? 10 : 1;
  const first = Math.ceil(span.from / step) * step;
  const values: (number | null)[] = [];
  // A capacity changes by hand only: once for the whole line is enough.
  const capacities = parts.map((part) => gaugeMean(reader, channel, 'capacity', span, part.filter));
  for (let from = first; from + step <= span.to + 1e-6; from += step) {
    let most: number | null = null;
    for (const [i, part] of parts.entries()) {
      const own = utilizationOfPart(
        reader,
        channel,
        { from, to: from + step },
        declaredCapacity,
        part.filter,
        capacities[i],
      ).value;
      if (own !== null && (most === null || own > most)) most = own;
    }
    values.push(most);
  }
  return values;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
