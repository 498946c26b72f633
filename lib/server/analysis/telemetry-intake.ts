/**
 * Where the store hands over what is not spans: metric points and named log records become facts, and facts go to the
 * map, the series, the trail and the decisions of their engine.
 */
import { textOf } from '@/lib/dialects/attributes';
import { dialectFor, dialectOfMetrics } from '@/lib/dialects/detect';
import type { ResourceSpans } from '@/lib/dialects/dialect';
import { effectiveTopology } from '@/lib/dialects/effective-topology';
import {
  factsFromLogs,
  factsFromMetrics,
  topologyFromConfig,
  topologyFromSpans,
} from '@/lib/dialects/facade';
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
  /** Spans of an engine whose map is not declared: what they tell of it. */
  onTraces(engine: EngineId, part: ResourceSpans): void;
  /** An agent's effective configuration: from then on the truth about the engine's topology. */
  onConfig(engine: EngineId, files: readonly ConfigBody[], hash: string, problem?: string | null): void;
}

export interface ConfigBody {
  readonly body: Uint8Array;
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
      telemetry.recordedTo = null;
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
      // What a recording's logs tell is among its facts, which came before them.
      if (isRecorded(part, telemetry.recordedTo)) return;
      learn(telemetry, () =>
        dialectFor(
          resource,
          part.scopeLogs.map(({ scope }) => scope),
        ),
      );
      const facts = factsFromLogs(telemetry.dialect, part, telemetry.dialectState);
      apply(telemetry, facts);
      const gauges = facts.filter(({ kind }) => kind === 'gauge');
      if (gauges.length > 0) series.add(engine, gauges);
    },
    onTraces(engine, part) {
      const telemetry = telemetryOf(engine);
      if (telemetry.recordedTo !== null) return;
      learn(telemetry, () =>
        dialectFor(
          part.resource,
          part.scopeSpans.map(({ scope }) => scope),
        ),
      );
      apply(telemetry, topologyFromSpans(telemetry.dialect, part, telemetry.dialectState));
    },
    onConfig(engine, files, hash, notHeld = null) {
      const telemetry = telemetryOf(engine);
      // The reference engine declares its topology itself; its file is what it was wished.
      if (telemetry.dialect === 'weir' || telemetry.config?.hash === hash) return;
      let problem = notHeld;
      for (const { body } of files) {
        const read = effectiveTopology(body);
        if (!read.ok) problem = read.error;
        if (!read.ok || !read.value) continue;
        telemetry.dialect = read.value.dialect;
        // Known from now on, with no figure yet.
        series.tells(engine, []);
        apply(telemetry, [topologyFromConfig(read.value, nowUnixNano(), telemetry.dialectState)]);
        telemetry.config = { hash, isRead: true, problem: read.value.topology.problems[0] ?? null };
        return;
      }
      telemetry.config = { hash, isRead: false, problem };
    },
  };
}

function isRecorded({ scopeLogs }: ResourceLogs, recordedTo: bigint | null): boolean {
  if (recordedTo === null) return false;
  return scopeLogs.every(({ logRecords }) =>
    logRecords.every(({ timeUnixNano }) => timeUnixNano <= recordedTo),
  );
}

/** A source that was recognised once stays what it is: a request that tells nothing does not make it a stranger. */
function learn(telemetry: EngineTelemetry, detect: () => DialectName): void {
  if (telemetry.dialect === 'spans') telemetry.dialect = detect();
}
