/**
 * What went in and never came out, where a source counts in and out but not what it drops. In its hands a node has now
 * more, now less; what is gone stays away: the *least* that is open over some seconds rises by it and does not fall.
 *
 *   open   ▁▃▁▂▁▁▃▁▂▁ ▃▂▄▂▂▃▂▂      batches in − out − given back, at each second
 *   least  ──────────╱─────────      one is gone
 */
import type { Entity, FactAttributes, Measure } from '@/lib/model/facts';
import { amountOf, totalOf } from '@/lib/store/series/query';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';

/** Reasons of a source that turned away what found its queue full. */
export const OVERFLOW = /queue_full|overflow|enqueue/;

const isOverflow = ({ reason }: FactAttributes) => OVERFLOW.test(reason ?? '');

const QUICK_REPORT_SECONDS = 1.5;
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
  const openedIn = openedOf(reader, node, itemsPerBatch, targets);
  if (!openedIn) return null;
  let opened = 0;
  // Going back in time: the least open then is where most has been opened since.
  const sinces = Array.from({ length: LATEST_SECONDS + BEFORE_SECONDS }, (_, back) => {
    const at = opened;
    opened += openedIn({ from: span.to - back - 1, to: span.to - back });
    return at;
  });
  const latest = Math.max(...sinces.slice(0, LATEST_SECONDS));
  const before = Math.max(...sinces.slice(LATEST_SECONDS));
  return before - latest;
}

const LOOKS = 6;

/** Batches, or items where those are not counted, that are open at each of the last seconds, newest first. */
export function openLooks(
  reader: SeriesReader,
  node: Entity,
  span: Span,
  itemsPerBatch: number | null,
  targets: readonly Entity[],
): readonly number[] {
  // Reports that are further apart show no single looks.
  const openedIn =
    reader.interval > QUICK_REPORT_SECONDS ? null : openedOf(reader, node, itemsPerBatch, targets);
  if (!openedIn) return [];
  const total = (entity: Entity, measure: Measure, filter?: (attributes: FactAttributes) => boolean) =>
    totalOf(reader, entity, measure, filter) ?? 0;
  const sum = (plus: readonly Measure[], minus: readonly Measure[]) =>
    plus.reduce((all, measure) => all + total(node, measure), 0) -
    minus.reduce((all, measure) => all + total(node, measure), 0);
  const open = isCountedByBatch(reader, node)
    ? sum(['batches_in'], ['batches_out', 'batches_returned'])
    : sum(ITEMS_IN, ITEMS_AWAY) -
      targets.reduce((all, target) => all + total(target, 'dropped', isOverflow), 0);
  const unit = isCountedByBatch(reader, node) ? 1 : (itemsPerBatch ?? 1);
  const looks = [open];
  for (let back = 0; back < LOOKS - 1; back++) {
    const opened = openedIn({ from: span.to - back - 1, to: span.to - back });
    looks.push((looks.at(-1) ?? open) - opened * unit);
  }
  return looks;
}

const ITEMS_IN: readonly Measure[] = ['items_in', 'items_created'];
const ITEMS_AWAY: readonly Measure[] = ['items_out', 'items_returned', 'dropped', 'reduced'];

function isCountedByBatch(reader: SeriesReader, node: Entity): boolean {
  return reader.series(node, 'batches_out').length > 0;
}

/** Batches taken in a second and not accounted for in it; null where that is not known. */
function openedOf(
  reader: SeriesReader,
  node: Entity,
  itemsPerBatch: number | null,
  targets: readonly Entity[],
): ((second: Span) => number) | null {
  // Who tells how it spends its time counts its losses too.
  if (reader.series(node, 'busy').length > 0) return null;
  const isByBatch = isCountedByBatch(reader, node);
  if (!isByBatch && (!itemsPerBatch || reader.series(node, 'items_out').length === 0)) return null;
  return (second) => {
    const of = (measure: Measure) => amountOf(reader, node, measure, second) ?? 0;
    if (isByBatch) return of('batches_in') - of('batches_out') - of('batches_returned');
    const taken = ITEMS_IN.reduce((sum, measure) => sum + of(measure), 0);
    const away = ITEMS_AWAY.reduce((sum, measure) => sum + of(measure), 0);
    return (taken - away - turnedAway(reader, targets, second)) / (itemsPerBatch ?? 1);
  };
}

/** What a full queue below turns away did not come out either, but is counted there. */
function turnedAway(reader: SeriesReader, targets: readonly Entity[], second: Span): number {
  return targets.reduce(
    (sum, target) => sum + (amountOf(reader, target, 'dropped', second, isOverflow) ?? 0),
    0,
  );
}
