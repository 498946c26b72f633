/**
 * The figures of a channel, which every edge into it shows: reckoned once, however many edges there are. A channel has
 * several parts where the source has one queue a signal or a core: depths and capacities add up, utilisation is that of
 * the fullest, since an average over cores hides a full queue beside an idle one.
 */
import type { EdgeStats } from '@/lib/api/topology';
import { channelParts, utilizationBySecond, utilizationOf } from '@/lib/store/series/channel-utilization';
import { departuresPerSec } from '@/lib/store/series/departures';
import { errorRatio, inMs } from '@/lib/store/series/node-figures';
import { gaugeAt, histogramOf } from '@/lib/store/series/query';
import { queueUnit } from '@/lib/store/series/queue-unit';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import { utilizationCheckOf } from '@/lib/store/series/utilization-check';
import type { MapEdge } from './compose';
import { isPartial } from './node-stats';
import { type RollingSeconds, recentSeconds } from './rolling-seconds';
import { SPARK_SECONDS } from './sparkline';

type Shown =
  | 'partial'
  | 'utilization'
  | 'utilizationPeak'
  | 'utilizationSource'
  | 'utilizationCheck'
  | 'depth'
  | 'depthUnit'
  | 'capacity'
  | 'waitP50Ms'
  | 'waitP99Ms'
  | 'errorRatio'
  | 'spark'
  | 'parts';

export interface ChannelStats {
  /** As an edge shows them. */
  readonly shown: Pick<EdgeStats, Shown>;
  readonly departuresPerSec: number | null;
}

export function channelStats(
  reader: SeriesReader,
  { channel: id, to, capacity: declared }: Pick<MapEdge, 'channel' | 'to' | 'capacity'>,
  span: Span,
  rolling: RollingSeconds,
): ChannelStats {
  const channel = { kind: 'channel', channel: id, node: to } as const;
  const parts = channelParts(reader, channel);
  const fullest = utilizationOf(reader, channel, span, declared, parts);
  const capacity = gaugeAt(reader, channel, 'capacity', span.to) ?? declared;
  const wait = histogramOf(reader, channel, 'wait', span);
  const end = Math.floor(span.to);
  const unit = queueUnit(reader, channel, span.to);
  const seconds = (from: number, to: number) =>
    utilizationBySecond(reader, channel, { from, to }, declared, parts);
  const spark = rolling.read(
    `channel ${id}`,
    span.to,
    SPARK_SECONDS,
    recentSeconds(reader.interval),
    (second) => seconds(second, second + 1)[0] ?? null,
  );
  const length = Math.round(span.to - span.from);
  const bySecond =
    length <= SPARK_SECONDS
      ? spark.slice(SPARK_SECONDS - length)
      : rolling.once(`peak ${length} ${id}`, end, () => seconds(span.from, span.to));
  return {
    shown: {
      partial: isPartial(reader, span),
      utilization: fullest.value,
      utilizationPeak: greatest(bySecond, fullest.value),
      utilizationSource: fullest.source,
      // A channel of several parts is as full as the fullest of them, which no sum can be held against.
      utilizationCheck:
        parts.length > 1
          ? null
          : rolling.once(`check ${length} ${id}`, end, () =>
              utilizationCheckOf(reader, channel, span, fullest, capacity),
            ),
      depth: gaugeAt(reader, channel, 'depth', span.to),
      ...(unit !== 'messages' && { depthUnit: unit }),
      capacity,
      waitP50Ms: inMs(wait?.quantile(0.5)),
      waitP99Ms: inMs(wait?.quantile(0.99)),
      errorRatio: errorRatio(reader, { kind: 'node', node: to }, span),
      spark,
      ...(parts.length > 1 && {
        parts: parts.map((part) => ({
          name: part.name,
          utilization: utilizationOf(reader, channel, span, declared, [part]).value,
          depth: gaugeAt(reader, channel, 'depth', span.to, part.filter),
          capacity: gaugeAt(reader, channel, 'capacity', span.to, part.filter),
        })),
      }),
    },
    departuresPerSec: departuresPerSec(reader, channel, span),
  };
}

function greatest(values: readonly (number | null)[], least: number | null): number | null {
  let most = least;
  for (const value of values) if (value !== null && (most === null || value > most)) most = value;
  return most;
}
