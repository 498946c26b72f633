/**
 * How fast a queue is emptied, in the messages that it holds. Told by its consumer where the source counts what it
 * takes; a Collector counts requests as they enter only, so there it is the items that left (delivered, or given up)
 * over the mean size of a request, and those themselves where the queue counts items. How many bytes leave is not told.
 */
import type { Entity, FactAttributes } from '@/lib/model/facts';
import { type Filter, histogramOf, rateOf } from './query';
import { queueUnit } from './queue-unit';
import type { Span } from './resolution';
import type { SeriesReader } from './series-store';

export function departuresPerSec(
  reader: SeriesReader,
  channel: Entity & { readonly kind: 'channel' },
  span: Span,
  part: Filter = () => true,
): number | null {
  if (reader.series(channel, 'received').length > 0 || reader.tells('received'))
    return rateOf(reader, channel, 'received', span, part);
  const node: Entity = { kind: 'node', node: channel.node };
  const signals = new Set(
    reader.series(channel, 'depth').flatMap(({ attributes }) => attributes.signal ?? []),
  );
  const ofSignal = (attributes: FactAttributes) =>
    signals.size === 0 || attributes.signal === undefined || signals.has(attributes.signal);
  const unit = queueUnit(reader, channel, span.to);
  if (unit === 'bytes') return null;
  const delivered = rateOf(reader, node, 'items_delivered', span, ofSignal);
  const size = unit === 'items' ? 1 : (histogramOf(reader, node, 'batch_size', span, ofSignal)?.mean ?? 0);
  if (delivered === null || size <= 0) return null;
  const givenUp = rateOf(
    reader,
    node,
    'dropped',
    span,
    (attributes) => ofSignal(attributes) && attributes.reason === 'send_failed',
  );
  return (delivered + (givenUp ?? 0)) / size;
}
