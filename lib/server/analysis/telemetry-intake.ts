/**
 * Where the store hands over what is not spans: metric points and named log records become facts, and facts go to the
 * map, the series, the trail and the decisions of their engine.
 */
import { textOf } from '@/lib/dialects/attributes';
import { dialectFor, dialectOfMetrics } from '@/lib/dialects/detect';
import { factsFromLogs, factsFromMetrics } from '@/lib/dialects/facade';
import { TOLD_MEASURES } from '@/lib/dialects/told-measures';
import type { DialectName, EngineId } from '@/lib/model/engine';
import type { ControlFact, DecisionFact, Fact } from '@/lib/model/facts';
import type { Resource } from '@/lib/otlp/types';
import { ATTR } from '@/lib/semconv/attributes';
import type { SeriesStore } from '@/lib/store/series/series-store';
import type { PointCounts, ResourceLogs, ResourceMetrics } from '@/lib/store/span-store';
import type { EngineTelemetry } from './engine-telemetry';

export interface FactListeners {
  onControl(engine: EngineId, fact: ControlFact): void;
  onDecision(engine: EngineId, fact: DecisionFact): void;
}

export interface TelemetryIntake {
  onMetrics(engine: EngineId, resource: Resource | undefined, part: ResourceMetrics): PointCounts;
  onLogs(engine: EngineId, resource: Resource | undefined, part: ResourceLogs): void;
}

export function createTelemetryIntake(deps: {
  readonly series: SeriesStore;
  readonly telemetryOf: (engine: EngineId) => EngineTelemetry;
  readonly nowUnixNano: () => bigint;
  readonly listeners: FactListeners;
  /** The engine is alive; metrics are what it sends regularly. */
  readonly heard: (engine: EngineId, instance: string, regular: boolean) => void;
}): TelemetryIntake {
  const { series, telemetryOf, nowUnixNano, listeners, heard } = deps;

  const apply = (telemetry: EngineTelemetry, facts: readonly Fact[]) => {
    telemetry.topology.apply(facts, nowUnixNano());
    for (const fact of facts) {
      if (fact.kind === 'control') listeners.onControl(telemetry.id, fact);
      else if (fact.kind === 'decision') listeners.onDecision(telemetry.id, fact);
    }
  };

  return {
    onMetrics(engine, resource, part) {
      heard(engine, textOf(resource?.attributes, ATTR.serviceInstanceId), true);
      const telemetry = telemetryOf(engine);
      learn(telemetry, () => dialectOfMetrics(resource, part.scopeMetrics));
      const { facts, points } = factsFromMetrics(telemetry.dialect, part, telemetry.dialectState);
      apply(telemetry, facts);
      if (facts.length > 0) series.tells(engine, TOLD_MEASURES[telemetry.dialect]);
      const added = series.add(engine, facts);
      return {
        stored: Math.max(0, points.stored - added.overflow - added.outOfRange),
        duplicate: points.duplicate,
        evicted: added.overflow,
        ignored: points.ignored,
      };
    },
    onLogs(engine, resource, part) {
      heard(engine, textOf(resource?.attributes, ATTR.serviceInstanceId), false);
      const telemetry = telemetryOf(engine);
      learn(telemetry, () =>
        dialectFor(
          resource,
          part.scopeLogs.map(({ scope }) => scope),
        ),
      );
      apply(telemetry, factsFromLogs(telemetry.dialect, part, telemetry.dialectState));
    },
  };
}

/** A source that was recognised once stays what it is: a request that tells nothing does not make it a stranger. */
function learn(telemetry: EngineTelemetry, detect: () => DialectName): void {
  if (telemetry.dialect === 'spans') telemetry.dialect = detect();
}
