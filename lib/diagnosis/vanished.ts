/**
 * What went in and never came out, where a source counts in and out but not what it drops. In its hands a node has now
 * more, now less; what is gone stays away: the *least* that is open over some seconds rises by it and does not fall.
 *
 *   open   ▁▃▁▂▁▁▃▁▂▁ ▃▂▄▂▂▃▂▂      batches in − out − given back, at each second
 *   least  ──────────╱─────────      one is gone
 */
import type { Entity, FactAttributes, Measure } from '@/lib/model/facts';
import { amountOf } from '@/lib/store/series/query';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';

/** Reasons of a source that turned away what found its queue full. */
export const OVERFLOW = /queue_full|overflow|enqueue/;

const LATEST_SECONDS = 5;
const BEFORE_SECONDS = 6;

/** Batches by which the least open of the last seconds exceeds that of the seconds before; null where it is not known. */
export function vanishedBatches(
  reader: SeriesReader,
  node: Entity,
  span: Span,
  itemsPerBatch: number | null,
  targets: readonly Entity[],
): number | null {
  // Who tells how it spends its time counts its losses too.
  if (reader.series(node, 'busy').length > 0) return null;
  const isByBatch = reader.series(node, 'batches_out').length > 0;
  if (!isByBatch && (!itemsPerBatch || reader.series(node, 'items_out').length === 0)) return null;
  const openedIn = (second: Span) => {
    const of = (measure: Measure) => amountOf(reader, node, measure, second) ?? 0;
    return isByBatch
      ? of('batches_in') - of('batches_out') - of('batches_returned')
      : of('items_in') +
          of('items_created') -
          of('items_out') -
          of('items_returned') -
          of('dropped') -
          of('reduced') -
          turnedAway(reader, targets, second);
  };
  let opened = 0;
  // Going back in time: the least open then is where most has been opened since.
  const sinces = Array.from({ length: LATEST_SECONDS + BEFORE_SECONDS }, (_, back) => {
    const at = opened;
    opened += openedIn({ from: span.to - back - 1, to: span.to - back });
    return at;
  });
  const latest = Math.max(...sinces.slice(0, LATEST_SECONDS));
  const before = Math.max(...sinces.slice(LATEST_SECONDS));
  return (before - latest) / (isByBatch ? 1 : (itemsPerBatch ?? 1));
}

/** What a full queue below turns away did not come out either, but is counted there. */
function turnedAway(reader: SeriesReader, targets: readonly Entity[], second: Span): number {
  const isOverflow = ({ reason }: FactAttributes) => OVERFLOW.test(reason ?? '');
  return targets.reduce(
    (sum, target) => sum + (amountOf(reader, target, 'dropped', second, isOverflow) ?? 0),
    0,
  );
}
