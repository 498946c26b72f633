/** The figures on a node card over one window, from facts alone. What the source does not tell is null. */
import type { NodeStats } from '@/lib/api/topology';
import type { Entity, Measure } from '@/lib/model/facts';
import { errorRatio, inMs, shareOf } from '@/lib/store/series/node-figures';
import { amountOf, gaugeAt, histogramOf, rateOf } from '@/lib/store/series/query';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import type { MapNode } from './compose';
import { conservationOf } from './conservation';
import type { RollingSeconds } from './rolling-seconds';
import { type SparkTerm, sparkline } from './sparkline';

/** Less of the window than this told: the figures are of what there is. */
const FULL_SHARE = 0.9;

export function nodeStats(
  reader: SeriesReader,
  node: MapNode,
  span: Span,
  rolling: RollingSeconds,
): NodeStats {
  const entity: Entity = { kind: 'node', node: node.id };
  const rate = (measure: Measure) => rateOf(reader, entity, measure, span);
  // Some sources tell items of some kinds of nodes only: of the others nothing is known, which is not 0.
  const items = (measure: Measure) =>
    reader.tellsOfAll(measure) || reader.series(entity, measure).length > 0 ? rate(measure) : null;
  const duration = histogramOf(reader, entity, 'duration', span);
  const concurrency = gaugeAt(reader, entity, 'concurrency', span.to) ?? node.concurrency;
  const share = (measure: 'busy' | 'blocked') => shareOf(reader, entity, measure, span, node.concurrency);

  return {
    partial: isPartial(reader, span),
    inPerSec: addUp(items('items_in'), node.kind === 'receiver' ? items('items_created') : null),
    outPerSec: addUp(items('items_out'), node.kind === 'exporter' ? items('items_delivered') : null),
    meanMs: inMs(duration?.mean),
    p50Ms: inMs(duration?.quantile(0.5)),
    p99Ms: inMs(duration?.quantile(0.99)),
    maxMs: inMs(duration && (Number.isNaN(duration.max) ? duration.quantile(1) : duration.max)),
    errorRatio: errorRatio(reader, entity, span),
    busyRatio: share('busy'),
    blockedRatio: share('blocked'),
    inFlight: gaugeAt(reader, entity, 'in_flight', span.to) ?? batchesInFlight(reader, entity, span),
    inFlightItems: gaugeAt(reader, entity, 'in_flight_items', span.to),
    concurrency,
    reducedPerSec: rate('reduced'),
    lostPerSec: rate('dropped'),
    spark: sparkline(reader, inputTerms(node), span.to, rolling, `node ${node.id}`),
    conservation: rolling.once(`account ${node.id}`, Math.floor(span.to), () =>
      conservationOf(reader, node.id, span.to),
    ),
  };
}

/** Items in flight by the mean size of what came in; whole batches, and one at least where anything is in flight. */
function batchesInFlight(reader: SeriesReader, entity: Entity, span: Span): number | null {
  const items = gaugeAt(reader, entity, 'in_flight_items', span.to);
  if (items === null || items === 0) return items;
  const came = (of: 'batches' | 'items') =>
    (amountOf(reader, entity, `${of}_in`, span) ?? 0) +
    (amountOf(reader, entity, `${of}_created`, span) ?? 0);
  const [batches, itemsIn] = [came('batches'), came('items')];
  return batches <= 0 || itemsIn <= 0 ? null : Math.max(1, Math.round((items * batches) / itemsIn));
}

/** What counts as a node's input: a receiver's is what it admits and what it makes. */
export function inputTerms(node: MapNode): SparkTerm[] {
  const entity: Entity = { kind: 'node', node: node.id };
  const taken: SparkTerm = { entity, measure: 'items_in' };
  return node.kind === 'receiver' ? [taken, { entity, measure: 'items_created' }] : [taken];
}

export function isPartial(reader: SeriesReader, span: Span): boolean {
  return reader.covered('direct', span) < FULL_SHARE * (span.to - span.from);
}

function addUp(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}
