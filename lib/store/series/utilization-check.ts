/**
 * The utilisation of a channel by a second way, where its source tells two. An integral is exact; a gauge that is read
 * n times strays from it by sampling: about its spread ÷ √n. Waits (Little's law: sum of waits = mean depth × time) are
 * known only once they end, so they lag by what is in the channel at both ends. What lies beyond is no sampling.
 */
import type { UtilizationCheck } from '@/lib/api/topology';
import type { Entity } from '@/lib/model/facts';
import { gaugeAt, gaugeMean, histogramOf } from './query';
import type { Span } from './resolution';
import type { SeriesReader } from './series-store';

/** Standard deviations of the mean that are still sampling. */
const SIGMAS = 4;
/** Messages that a reading may be off by: a send or a receive was half done. */
const READING = 1;
/** Share of the capacity below which nobody would act on the difference. */
const UNIMPORTANT = 0.03;
/** Readings looked at for their spread, at most. */
const MAX_READINGS = 60;

export function utilizationCheckOf(
  reader: SeriesReader,
  channel: Entity,
  span: Span,
  known: { readonly value: number | null; readonly source: 'occupancy' | 'gauge' | 'spans' | null },
  capacity: number | null,
): UtilizationCheck | null {
  if (known.value === null || capacity === null || capacity <= 0) return null;
  const meanDepth = known.value * capacity;
  if (known.source === 'occupancy') {
    const read = gaugeMean(reader, channel, 'depth', span);
    if (read === null) return null;
    const off = Math.abs(read - meanDepth);
    const differs = off > leastOff(capacity) && off > READING + SIGMAS * standardError(reader, channel, span);
    return { source: 'gauge', value: clamp(read / capacity), differs };
  }
  if (known.source !== 'gauge') return null;
  const waits = histogramOf(reader, channel, 'wait', span);
  const covered = reader.covered('timed', span);
  if (!waits || covered <= 0) return null;
  const byWaits = waits.sum / covered;
  const atEnds =
    (gaugeAt(reader, channel, 'depth', span.from) ?? 0) + (gaugeAt(reader, channel, 'depth', span.to) ?? 0);
  // What stands in the channel at an end may have waited for as long as anything did.
  const lag = (atEnds * waits.quantile(0.99)) / covered;
  const off = Math.abs(byWaits - meanDepth);
  const differs =
    off > leastOff(capacity) && off > READING + lag + SIGMAS * standardError(reader, channel, span);
  return { source: 'spans', value: clamp(byWaits / capacity), differs };
}

function leastOff(capacity: number): number {
  return Math.max(READING, UNIMPORTANT * capacity);
}

function standardError(reader: SeriesReader, channel: Entity, { from, to }: Span): number {
  const step = Math.max(1, (to - from) / MAX_READINGS);
  const readings: number[] = [];
  for (let at = from; at + step <= to + 1e-6; at += step) {
    const read = gaugeMean(reader, channel, 'depth', { from: at, to: at + step });
    if (read !== null) readings.push(read);
  }
  if (readings.length < 2) return Number.POSITIVE_INFINITY;
  const mean = readings.reduce((sum, read) => sum + read, 0) / readings.length;
  const variance = readings.reduce((sum, read) => sum + (read - mean) ** 2, 0) / (readings.length - 1);
  return Math.sqrt(variance / readings.length);
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
