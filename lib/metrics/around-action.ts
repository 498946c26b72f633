/** Reads what `changeAfter` judges: figures of the target, of its untouched siblings and of the sources, in slices. */
import type { Entity } from '@/lib/model/facts';
import { channelParts, utilizationOf } from '@/lib/store/series/channel-utilization';
import { histogramOf, rateOf } from '@/lib/store/series/query';
import { type Span, secondsOf } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import { AFTER_SECONDS, type AroundAction, type MeasuredAround, slices } from './change-after';

export interface ActionPlace {
  readonly timeNano: bigint;
  /** Node that the action fell on: the target, or the consumer of a targeted channel; null for the pipeline. */
  readonly node: string | null;
  /** Nodes of the same kind that lie on no path through the target. */
  readonly siblings: readonly string[];
  readonly receivers: readonly string[];
  readonly disturbances: readonly string[];
}

/** Null until the window after it has passed. */
export function aroundAction(reader: SeriesReader, place: ActionPlace): AroundAction | null {
  const at = secondsOf(place.timeNano);
  if (reader.latest < at + AFTER_SECONDS) return null;
  const { before, after, seconds } = slices();
  const read = (starts: readonly number[], figure: (span: Span) => number | null) =>
    starts.map((start) => figure({ from: at + start, to: at + start + seconds }));
  const both = (figure: (span: Span) => number | null) => ({
    before: read(before, figure),
    after: read(after, figure),
  });
  const nodes = place.node === null ? place.receivers : [place.node];
  const measures = (['throughput', 'p99', 'utilization'] as const).map(
    (measure): MeasuredAround => ({
      measure,
      ...both((span) => addUp(nodes.map((node) => figureOf(reader, node, measure, span)))),
      siblings: place.siblings.map((node) => both((span) => figureOf(reader, node, measure, span))),
    }),
  );
  const load = both((span) =>
    addUp(place.receivers.map((node) => figureOf(reader, node, 'throughput', span))),
  );
  return { measures, disturbances: place.disturbances, load };
}

function figureOf(
  reader: SeriesReader,
  node: string,
  measure: MeasuredAround['measure'],
  span: Span,
): number | null {
  const entity: Entity = { kind: 'node', node };
  switch (measure) {
    case 'throughput':
      return addUp([rateOf(reader, entity, 'items_in', span), createdRate(reader, entity, span)]);
    case 'p99': {
      const seconds = histogramOf(reader, entity, 'duration', span)?.quantile(0.99);
      return seconds === undefined || Number.isNaN(seconds) ? null : seconds * 1_000;
    }
    case 'utilization': {
      const channel: Entity = { kind: 'channel', channel: `pdata:${node}`, node };
      return utilizationOf(reader, channel, span, null, channelParts(reader, channel)).value;
    }
  }
}

function createdRate(reader: SeriesReader, entity: Entity, span: Span): number | null {
  return reader.series(entity, 'items_created').length === 0
    ? null
    : rateOf(reader, entity, 'items_created', span);
}

function addUp(values: readonly (number | null)[]): number | null {
  let sum: number | null = null;
  for (const value of values) if (value !== null) sum = (sum ?? 0) + value;
  return sum;
}
