/** The operator's own data over a stretch of time: what was lost, what a filter took out as meant to, what came in. */

import type { Measure } from '@/lib/model/facts';
import { amountOf, gaugeAt, rateOf, splitsOf, totalOf } from '@/lib/store/series/query';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import type { TopologyVersion } from './topology-model';

export interface DataFigures {
  readonly lost: number | null;
  /** In flight or queued when its engine vanished; 0 while it is connected. */
  readonly presumedLost: number | null;
  readonly reduced: number | null;
  /** Items a second into the receivers. */
  readonly itemsPerSec: number | null;
}

export function dataFigures(
  reader: SeriesReader,
  version: TopologyVersion | null,
  span: Span,
  rateSpan: Span,
  connected: boolean,
): DataFigures {
  const nodes = reader.entities('node');
  const over = (measure: Measure) => addKnown(nodes.map((entity) => amountOf(reader, entity, measure, span)));
  const receivers = (version?.nodes ?? []).filter((node) => node.kind === 'receiver');
  const admitted = receivers.flatMap(({ id: node }) =>
    (['items_in', 'items_created'] as const).map((measure) =>
      rateOf(reader, { kind: 'node', node }, measure, rateSpan),
    ),
  );
  // What was under way at the last report: it may have been delivered since, so it is presumed and not known lost.
  const underWay = () =>
    addKnown(nodes.map((entity) => gaugeAt(reader, entity, 'in_flight_items', reader.latest)));
  return {
    lost: over('dropped'),
    presumedLost: connected ? 0 : underWay(),
    reduced: over('reduced'),
    itemsPerSec: addKnown(admitted),
  };
}

export interface LostItems {
  readonly node: string;
  /** Empty where the source does not tell. */
  readonly reason: string;
  readonly items: number;
}

export function lostItems(reader: SeriesReader): readonly LostItems[] {
  return reader.entities('node').flatMap((entity) => {
    if (entity.kind !== 'node') return [];
    return splitsOf(reader, entity, 'dropped', 'reason').flatMap((reason) => {
      const items = totalOf(reader, entity, 'dropped', (attributes) => (attributes.reason ?? '') === reason);
      return items ? [{ node: entity.node, reason, items }] : [];
    });
  });
}

/** The sum of what is told; null where nothing is. */
export function addKnown(values: readonly (number | null)[]): number | null {
  let sum: number | null = null;
  for (const value of values) if (value !== null) sum = (sum ?? 0) + value;
  return sum;
}
