/** `GET /api/v1/tuning`: what each channel had to bear, and what would fit it better. */
import type { z } from 'zod';
import type { TopologyAnswer, TopologyEdge } from '@/lib/api/topology';
import { ok } from '@/lib/base/result';
import type { Answer } from '../http/answer';
import type { rangeQuery } from '../http/parameters';
import type { Hub } from '../hub';
import { engineOf } from './topology-answers';

export interface TuningRow {
  readonly channel: string;
  readonly node: string;
  readonly capacity: number | null;
  /** Highest share of the capacity that was taken in any second. */
  readonly peakUtilization: number | null;
  readonly waitP99Ms: number | null;
  readonly blockedRatio: number | null;
  readonly concurrency: number | null;
  readonly busyRatio: number | null;
  readonly suggestion: {
    readonly what: 'capacity' | 'concurrency';
    readonly value: number;
    readonly why: string;
  } | null;
}

export interface TuningAnswer {
  readonly engine: string;
  readonly channels: readonly TuningRow[];
}

const FULL = 0.9;
const BUSY = 0.85;
const IDLE = 0.02;
const LEAST_CAPACITY = 16;

export function tuningFor(hub: Hub, query: z.infer<typeof rangeQuery>): Answer<TuningAnswer> {
  const engine = engineOf(hub, query.engine);
  if (!engine.ok) return engine;
  const atUnixNano = query.to ?? null;
  const map = hub.analysis.topology({ engine: engine.value, pipeline: null, window: '15m', atUnixNano });
  return ok({ engine: map.engine, channels: channelRows(map) });
}

/** One a channel: edges that share a channel tell the same of it. */
export function channelRows(map: Pick<TopologyAnswer, 'nodes' | 'edges'>): TuningRow[] {
  const byChannel = new Map(map.edges.map((edge) => [edge.channel, edge]));
  return [...byChannel.values()].map((edge) => {
    const stats = map.nodes.find(({ id }) => id === edge.to)?.stats;
    const concurrency = stats?.concurrency ?? null;
    const busyRatio = stats?.busyRatio ?? null;
    const { capacity, utilizationPeak, waitP99Ms, blockedRatio } = edge.stats;
    return {
      channel: edge.channel,
      node: edge.to,
      capacity,
      peakUtilization: utilizationPeak,
      waitP99Ms,
      blockedRatio,
      concurrency,
      busyRatio,
      suggestion: suggest(edge, concurrency, busyRatio),
    };
  });
}

function suggest(
  { to, stats }: TopologyEdge,
  concurrency: number | null,
  busyRatio: number | null,
): TuningRow['suggestion'] {
  const { capacity, utilizationPeak: peak } = stats;
  if (capacity === null || peak === null) return null;
  if (peak >= FULL && busyRatio !== null && busyRatio >= BUSY && concurrency !== null) {
    const why = `its channel was ${percent(peak)} full while ${to} worked ${percent(busyRatio)} of the time: more room would only fill later`;
    return { what: 'concurrency', value: concurrency + 1, why };
  }
  if (peak >= FULL) {
    const why = `it was ${percent(peak)} full at its peak although ${to} had time left: bursts need more room`;
    return { what: 'capacity', value: capacity * 2, why };
  }
  if (peak > IDLE || capacity <= LEAST_CAPACITY) return null;
  const value = Math.max(LEAST_CAPACITY, capacity >> 1);
  return { what: 'capacity', value, why: `never more than ${percent(peak)} of it was taken` };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
