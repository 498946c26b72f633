/** The telemetry of every engine, made when it is first heard of; a new incarnation starts over where it has to. */
import { createBoundedMap } from '@/lib/base/bounded-map';
import { forgetTopology } from '@/lib/dialects/dialect';
import type { EngineId } from '@/lib/model/engine';
import type { SeriesStore } from '@/lib/store/series/series-store';
import { createRollingSeconds } from '@/lib/topology/rolling-seconds';
import { MAX_ENGINES, type Membership } from '../engines/membership';
import { createEngineTelemetry, type EngineTelemetry, MAX_RESTARTS } from './engine-telemetry';

export interface EngineShelf {
  of(engine: EngineId): EngineTelemetry;
  all(): readonly EngineTelemetry[];
}

export function createEngineShelf(deps: {
  readonly membership: Membership;
  readonly series: SeriesStore;
  readonly nowUnixNano: () => bigint;
}): EngineShelf {
  const { membership, series, nowUnixNano } = deps;
  const held = createBoundedMap<EngineId, EngineTelemetry>(MAX_ENGINES, (id) => series.forget(id));

  const restart = (telemetry: EngineTelemetry, incarnation: number) => {
    telemetry.incarnation = incarnation;
    telemetry.topology.restart();
    forgetTopology(telemetry.dialectState);
    telemetry.restarts.push(nowUnixNano());
    if (telemetry.restarts.length > MAX_RESTARTS) telemetry.restarts.shift();
    telemetry.rolling = createRollingSeconds();
    series.restart(telemetry.id);
  };

  return {
    of(engine) {
      const member = membership.members.get(engine);
      const incarnation = member?.incarnation ?? 1;
      const known = held.get(engine);
      if (known) {
        if (known.incarnation !== incarnation) restart(known, incarnation);
        return known;
      }
      // A pipeline id in the resource is Weir's own convention: its spans need no figures derived from them.
      const dialect = member?.identity.pipeline ? 'weir' : 'spans';
      const telemetry = createEngineTelemetry(engine, dialect, incarnation, nowUnixNano());
      held.set(engine, telemetry);
      return telemetry;
    },
    all: () => [...held.entries()].map(([, telemetry]) => telemetry),
  };
}
