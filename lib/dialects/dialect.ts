/**
 * What a dialect is. It says what a series of an engine is *of* (`mapSeries`), once per series, and what log records
 * mean. Walking points, recognising duplicates, differencing sums and bringing histograms to one scale is the same
 * for all and stands in `metric-facts.ts`.
 */
import type { DialectName } from '@/lib/model/engine';
import type { EdgeFact, Entity, Fact, FactAttributes, Measure, NodeFact } from '@/lib/model/facts';
import type { KeyValue, LogsData, MetricsData, Resource, Scope, TracesData } from '@/lib/otlp/types';
import { type CollectorKnowledge, createCollectorKnowledge } from './collector-knowledge';
import { createOtapKnowledge, type OtapKnowledge } from './otap-knowledge';
import { createPointTracker, type PointTracker } from './point-tracker';

export type ResourceMetrics = MetricsData['resourceMetrics'][number];
export type ResourceLogs = LogsData['resourceLogs'][number];
export type ResourceSpans = TracesData['resourceSpans'][number];

/** Where the figures of a series go. Several targets: the first is the point itself, the rest are derived from it. */
export interface SeriesMeaning {
  readonly targets: readonly Target[];
  /** What its being there tells of the topology. Told once per series. */
  readonly topology: readonly (NodeFact | EdgeFact)[];
}

export interface Target {
  readonly entity: Entity;
  readonly measure: Measure;
  readonly attributes: FactAttributes;
  /** Brings the source's unit to seconds, items or bytes. */
  readonly perUnit: number;
  /** Of a histogram only how often it was recorded, as a counter. */
  readonly countOnly?: boolean;
}

export interface SeriesOf {
  readonly resource: Resource | undefined;
  readonly scope: Scope | undefined;
  readonly metric: string;
  readonly unit: string;
  readonly attributes: readonly KeyValue[];
  /** Type of a node as far as it was declared; else empty. */
  nodeType(node: string): string;
}

export interface Dialect {
  readonly name: DialectName;
  /** Null for what this dialect does not know: the point is counted as ignored. */
  mapSeries(series: SeriesOf, state: DialectState): SeriesMeaning | null;
  /** Looks over a request before its points are read: what it tells of the topology, where that is new. */
  learn?(part: ResourceMetrics, state: DialectState): Fact[];
  logFacts(logs: ResourceLogs, state: DialectState): Fact[];
}

/** One for each engine, kept as long as the engine is. Bounded by the tracker's own limits. */
export interface DialectState {
  readonly tracker: PointTracker;
  readonly meanings: Map<string, SeriesMeaning | null>;
  readonly nodeTypes: Map<string, string>;
  /** What each dialect has learnt of the engine's topology; empty in all but its own. */
  readonly otap: OtapKnowledge;
  readonly collector: CollectorKnowledge;
}

export function createDialectState(): DialectState {
  return {
    tracker: createPointTracker(),
    meanings: new Map(),
    nodeTypes: new Map(),
    otap: createOtapKnowledge(),
    collector: createCollectorKnowledge(),
  };
}

/** A new incarnation: what was learnt of the old one's topology is forgotten; counters go on by their start times. */
export function forgetTopology(state: DialectState): void {
  state.otap.clear();
  state.collector.clear();
  state.meanings.clear();
}

export const NO_MEANING: SeriesMeaning = { targets: [], topology: [] };
