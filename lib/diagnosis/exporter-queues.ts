/** Reads the queues of exporters, one a signal or core, at the last report and the one before it. */
import type { Entity, FactAttributes } from '@/lib/model/facts';
import { controlChannelId } from '@/lib/semconv/urn';
import { channelParts } from '@/lib/store/series/channel-utilization';
import { departuresPerSec } from '@/lib/store/series/departures';
import { inMs } from '@/lib/store/series/node-figures';
import { gaugeAt, histogramOf } from '@/lib/store/series/query';
import { queueUnit } from '@/lib/store/series/queue-unit';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import type { TopologyVersion } from '@/lib/topology/topology-model';
import type { QueueView } from './view';

/** How far back the moment is looked for at which a queue was empty. */
const LOOK_BACK_REPORTS = 60;
/** What an attempt took is averaged over this long before it. */
const BEFORE_SECONDS = 60;

export function exporterQueues(reader: SeriesReader, version: TopologyVersion, span: Span): QueueView[] {
  const exporters = new Map(
    version.nodes.filter((node) => node.kind === 'exporter').map((node) => [node.id, node]),
  );
  // Histograms lie in whole seconds: that of the last report counts too.
  const whole: Span = { from: Math.ceil(span.to) - (span.to - span.from), to: Math.ceil(span.to) };
  // By the channels that figures are told of: without a configuration an exporter may have no edge yet.
  return reader.entities('channel').flatMap((channel) => {
    const node = channel.kind === 'channel' ? exporters.get(channel.node) : undefined;
    if (!node || channel.kind !== 'channel' || channel.channel === controlChannelId(node.id)) return [];
    const edge = version.edges.find((one) => one.channel === channel.channel);
    return channelParts(reader, channel).flatMap(({ name, filter }): QueueView[] => {
      const last = Math.min(reader.latest, span.to);
      const step = Math.max(1, reader.interval);
      const depth = gaugeAt(reader, channel, 'depth', last, filter);
      const depthBefore = gaugeAt(reader, channel, 'depth', last - step, filter);
      if (depth === null || depthBefore === null) return [];
      const entity: Entity = { kind: 'node', node: node.id };
      const isOfPart = partFilter(reader, channel, filter);
      const isHolding = depth > 0 && depthBefore > 0;
      return [
        {
          node: node.id,
          edge: edge?.id ?? null,
          part: name,
          unit: queueUnit(reader, channel, last),
          depth,
          depthBefore,
          capacity: gaugeAt(reader, channel, 'capacity', last, filter) ?? edge?.capacity ?? null,
          inFlight: gaugeAt(reader, entity, 'in_flight', last, isOfPart),
          limit: node.concurrency,
          leavingPerSec: departuresPerSec(reader, channel, span, isOfPart),
          serviceMs: isHolding ? inMs(histogramOf(reader, entity, 'duration', whole, isOfPart)?.mean) : null,
          serviceBeforeMs: isHolding
            ? serviceBefore(reader, channel, entity, last, step, filter, isOfPart)
            : null,
        },
      ];
    });
  });
}

/** Figures of the node that belong to the signal and core of one queue; those that do not say belong to all. */
function partFilter(
  reader: SeriesReader,
  channel: Entity,
  filter: (attributes: FactAttributes) => boolean,
): (attributes: FactAttributes) => boolean {
  const own = reader.series(channel, 'depth').find(({ attributes }) => filter(attributes))?.attributes;
  const fits = (wanted: string | undefined, told: string | undefined) =>
    wanted === undefined || told === undefined || wanted === told;
  return ({ signal, core }) => fits(own?.signal, signal) && fits(own?.core, core);
}

function serviceBefore(
  reader: SeriesReader,
  channel: Entity,
  node: Entity,
  last: number,
  step: number,
  filter: (attributes: FactAttributes) => boolean,
  isOfPart: (attributes: FactAttributes) => boolean,
): number | null {
  for (let back = 2; back <= LOOK_BACK_REPORTS; back++) {
    const at = last - back * step;
    const depth = gaugeAt(reader, channel, 'depth', at, filter);
    if (depth === null) return null;
    if (depth > 0) continue;
    return inMs(histogramOf(reader, node, 'duration', { from: at - BEFORE_SECONDS, to: at }, isOfPart)?.mean);
  }
  return null;
}
