/** Reported actions as rows of the trail, with what changed after each. */
import type { ChangeAfter, ControlActionRow } from '@/lib/api/control';
import { createBoundedMap } from '@/lib/base/bounded-map';
import { NANOS_PER_SECOND } from '@/lib/base/time';
import { aroundAction } from '@/lib/metrics/around-action';
import { AFTER_SECONDS, changeAfter } from '@/lib/metrics/change-after';
import { type ControlTrail, type TrailEntry, trailRow } from '@/lib/metrics/control-trail';
import type { SeriesReader } from '@/lib/store/series/series-store';
import type { TopologyVersion } from '@/lib/topology/topology-model';
import { nodeOfTarget, siblingsOf } from './untouched-nodes';

/** Judgements kept: each is made once, when its window has passed. */
const MAX_JUDGED = 10_000;

export interface TrailRows {
  row(entry: TrailEntry): ControlActionRow;
}

export function createTrailRows(deps: {
  readonly trail: ControlTrail;
  readonly readerOf: (engine: string) => SeriesReader | null;
  readonly versionOf: (engine: string, atNano: bigint) => TopologyVersion | null;
  /** Onsets of findings and restarts within a time, as short texts. */
  readonly disturbancesOf: (engine: string, fromNano: bigint, toNano: bigint) => readonly string[];
}): TrailRows {
  const judged = createBoundedMap<string, ChangeAfter>(MAX_JUDGED);
  const window = BigInt(AFTER_SECONDS * NANOS_PER_SECOND);

  const judge = (entry: TrailEntry): ChangeAfter | null => {
    const reader = deps.readerOf(entry.engine);
    const version = deps.versionOf(entry.engine, entry.timeNano);
    if (!reader || !version) return null;
    const [from, to] = [entry.timeNano - window, entry.timeNano + window];
    const others = deps.trail
      .entries(entry.engine, from, to)
      .filter((other) => other.id !== entry.id && other.origin === 'operator')
      .map((other) => `${other.action} of ${other.target}`);
    const node = nodeOfTarget(entry.target, version);
    const around = aroundAction(reader, {
      timeNano: entry.timeNano,
      node,
      siblings: node === null ? [] : siblingsOf(node, version),
      receivers: version.nodes.filter(({ kind }) => kind === 'receiver').map(({ id }) => id),
      disturbances: [...others, ...deps.disturbancesOf(entry.engine, from, to)],
    });
    return around ? changeAfter(around) : null;
  };

  return {
    row(entry) {
      const key = `${entry.engine}\0${entry.id}`;
      let after = judged.get(key) ?? null;
      if (!after && entry.outcome !== 'failed' && entry.origin === 'operator') {
        after = judge(entry);
        if (after) judged.set(key, after);
      }
      return trailRow(entry, after);
    },
  };
}
