/**
 * What a queue's depth and capacity count. A Collector's sending queue may be sized in requests, items or bytes, tells both
 * gauges in that unit, and does not tell the unit: its effective configuration says `sizer: {}` whichever it is. But a
 * queue never grows by more than what is offered to it, and how many requests and items those are is told:
 *
 *   grew by     400
 *   offered       4 requests of 100 items      more than 4, no more than 400: it counts items
 *
 * Messages until growth proves otherwise. A queue that was as it is for longer than what is looked back on proves nothing.
 */
import type { Entity, FactAttributes } from '@/lib/model/facts';
import { amountOf, gaugeAt, histogramOf } from './query';
import type { SeriesReader } from './series-store';

export type QueueUnit = 'messages' | 'items' | 'bytes';

const LOOK_BACK_REPORTS = 60;
/** Gauges and counters of one report are read one after another, and more may come meanwhile. */
const SLACK_FACTOR = 2;
const SLACK = 16;

export function queueUnit(
  reader: SeriesReader,
  channel: Entity & { readonly kind: 'channel' },
  at: number,
): QueueUnit {
  if (reader.series(channel, 'offered').length === 0) return 'messages';
  const step = Math.max(1, reader.interval);
  const last = Math.min(reader.latest, at);
  let later = gaugeAt(reader, channel, 'depth', last);
  for (let back = 1; back <= LOOK_BACK_REPORTS && later !== null; back++) {
    const earlier = gaugeAt(reader, channel, 'depth', last - back * step);
    const unit = earlier === null ? null : unitOf(reader, channel, later - earlier, last - back * step, step);
    if (unit) return unit;
    later = earlier;
  }
  return 'messages';
}

/** Null where growth since `from` can be that of requests. */
function unitOf(
  reader: SeriesReader,
  channel: Entity & { readonly kind: 'channel' },
  grown: number,
  from: number,
  step: number,
): QueueUnit | null {
  if (grown <= SLACK) return null;
  // A report earlier and later: a counter's report need not end at the second of the gauge's.
  const around = { from: from - step, to: from + 2 * step };
  const offered = amountOf(reader, channel, 'offered', around);
  // A queue kept on disk is full again at a start, and nothing was offered.
  if (offered === null || offered === 0 || grown <= SLACK_FACTOR * offered + SLACK) return null;
  const signals = new Set(reader.series(channel, 'depth').map(({ attributes }) => attributes.signal));
  const ofSignal = ({ signal }: FactAttributes) => signal === undefined || signals.has(signal);
  const node: Entity = { kind: 'node', node: channel.node };
  const size = histogramOf(reader, node, 'batch_size', around, ofSignal)?.mean ?? 0;
  return grown <= SLACK_FACTOR * offered * size + SLACK ? 'items' : 'bytes';
}
