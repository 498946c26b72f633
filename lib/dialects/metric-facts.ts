/** From OTLP metric points to facts, the same for every dialect. Each point's own temporality decides. */

import { NANOS_PER_SECOND } from '@/lib/base/time';
import type { Entity, Fact } from '@/lib/model/facts';
import type { KeyValue, NumberPoint, OtlpMetric, Scope } from '@/lib/otlp/types';
import { ATTR } from '@/lib/semconv/attributes';
import { plainValue, textOf } from './attributes';
import type { Dialect, DialectState, ResourceMetrics, SeriesMeaning, Target } from './dialect';
import { fromExplicitPoint, fromExponentialPoint } from './histogram-points';

/** What became of the points, for the ledger: received = stored + duplicate + ignored. */
export interface PointCounts {
  received: number;
  /** Made into facts, or already contained in a later cumulative point. */
  stored: number;
  duplicate: number;
  /** Of no known meaning, without a value, or too late to be told from a duplicate: not kept. */
  ignored: number;
}

export interface MetricFacts {
  readonly facts: Fact[];
  readonly points: PointCounts;
}

/** Meanings remembered; past that they are looked up anew each time. */
const MEANING_LIMIT = 50_000;
/** A first cumulative point older than this is told over this long only: nothing shows more than the last hours. */
const MAX_STRETCH = 86_400n * BigInt(NANOS_PER_SECOND);
const CUMULATIVE = 2;
const NO_RECORDED_VALUE = 1;

export function metricFacts(dialect: Dialect, part: ResourceMetrics, state: DialectState): MetricFacts {
  const facts: Fact[] = [];
  const points: PointCounts = { received: 0, stored: 0, duplicate: 0, ignored: 0 };
  const instance = textOf(part.resource?.attributes, ATTR.serviceInstanceId);

  for (const { scope, metrics } of part.scopeMetrics) {
    const prefix = `${instance}|${scope?.name ?? ''}|${attributeKey(scope?.attributes)}|`;
    for (const metric of metrics) {
      const meaningOf = (key: string, attributes: readonly KeyValue[]) =>
        lookUp(dialect, part, scope, metric, key, attributes, state, facts);
      walkMetric(metric, prefix, meaningOf, state, facts, points);
    }
  }
  return { facts, points };
}

type MeaningOf = (key: string, attributes: readonly KeyValue[]) => SeriesMeaning | null;

function walkMetric(
  metric: OtlpMetric,
  prefix: string,
  meaningOf: MeaningOf,
  state: DialectState,
  facts: Fact[],
  points: PointCounts,
): void {
  /** Runs `emit` for a point that is new and has a meaning, and keeps the counts. */
  const each = (
    point: {
      attributes: readonly KeyValue[];
      startTimeUnixNano: bigint;
      timeUnixNano: bigint;
      flags: number;
    },
    emit: (key: string, targets: readonly Target[]) => void,
  ) => {
    points.received++;
    const key = `${prefix}${metric.name}|${attributeKey(point.attributes)}`;
    const meaning = meaningOf(key, point.attributes);
    if (!meaning || meaning.targets.length === 0 || (point.flags & NO_RECORDED_VALUE) !== 0) {
      points.ignored++;
      return;
    }
    const admission = state.tracker.admit(key, point.startTimeUnixNano, point.timeUnixNano);
    if (admission === 'duplicate') points.duplicate++;
    else if (admission === 'late') points.ignored++;
    else {
      points.stored++;
      emit(key, meaning.targets);
    }
  };

  if (metric.gauge) {
    for (const point of metric.gauge.dataPoints) {
      each(point, (_key, targets) => gauges(facts, targets, point));
    }
  }
  if (metric.sum) {
    const { aggregationTemporality, isMonotonic } = metric.sum;
    for (const point of metric.sum.dataPoints) {
      each(point, (key, targets) => {
        if (aggregationTemporality !== CUMULATIVE) {
          counters(facts, targets, point.startTimeUnixNano, point.timeUnixNano, numberOf(point));
        } else if (!isMonotonic) {
          gauges(facts, targets, point);
        } else {
          const grown = state.tracker.grown(
            key,
            point.startTimeUnixNano,
            point.timeUnixNano,
            numberOf(point),
          );
          if (grown) counters(facts, targets, grown.startNano, point.timeUnixNano, grown.delta);
        }
      });
    }
  }
  const histograms = metric.histogram ?? metric.exponentialHistogram;
  if (!histograms) return;
  for (const point of histograms.dataPoints) {
    each(point, (key, targets) => {
      const perUnit = targets[0]?.perUnit ?? 1;
      const whole =
        'scale' in point ? fromExponentialPoint(point, perUnit) : fromExplicitPoint(point, perUnit);
      const grown =
        histograms.aggregationTemporality === CUMULATIVE
          ? state.tracker.grownHistogram(key, point.startTimeUnixNano, point.timeUnixNano, whole)
          : { startNano: point.startTimeUnixNano, delta: whole };
      if (!grown) return;
      const startNano = clip(grown.startNano, point.timeUnixNano);
      for (const [i, { entity, measure, attributes, countOnly }] of targets.entries()) {
        const figure = { entity, measure, attributes, timeNano: point.timeUnixNano, derived: i > 0 };
        if (countOnly) {
          facts.push({ kind: 'counter', ...figure, startNano, delta: grown.delta.count });
          continue;
        }
        facts.push({ kind: 'duration', ...figure, startNano, histogram: grown.delta });
      }
    });
  }
}

function gauges(facts: Fact[], targets: readonly Target[], point: NumberPoint): void {
  for (const [i, { entity, measure, attributes, perUnit }] of targets.entries()) {
    const value = numberOf(point) * perUnit;
    facts.push({
      kind: 'gauge',
      entity,
      measure,
      attributes,
      timeNano: point.timeUnixNano,
      value,
      derived: i > 0,
    });
  }
}

function counters(
  facts: Fact[],
  targets: readonly Target[],
  startNano: bigint,
  timeNano: bigint,
  amount: number,
): void {
  for (const [i, { entity, measure, attributes, perUnit }] of targets.entries()) {
    const delta = amount * perUnit;
    facts.push({
      kind: 'counter',
      entity,
      measure,
      attributes,
      timeNano,
      startNano: clip(startNano, timeNano),
      delta,
      derived: i > 0,
    });
  }
}

function lookUp(
  dialect: Dialect,
  part: ResourceMetrics,
  scope: Scope | undefined,
  metric: OtlpMetric,
  key: string,
  attributes: readonly KeyValue[],
  state: DialectState,
  facts: Fact[],
): SeriesMeaning | null {
  const known = state.meanings.get(key);
  if (known !== undefined) return known;
  const meaning = dialect.mapSeries(
    {
      resource: part.resource,
      scope,
      metric: metric.name,
      unit: metric.unit,
      attributes,
      nodeType: (node) => state.nodeTypes.get(node) ?? '',
    },
    state,
  );
  if (state.meanings.size < MEANING_LIMIT) state.meanings.set(key, meaning);
  if (meaning) facts.push(...meaning.topology);
  return meaning;
}

function clip(startNano: bigint, timeNano: bigint): bigint {
  return timeNano - startNano > MAX_STRETCH ? timeNano - MAX_STRETCH : startNano;
}

function numberOf(point: NumberPoint): number {
  return point.asDouble ?? Number(point.asInt ?? 0n);
}

/** Independent of the order in which a writer lists its attributes. */
function attributeKey(pairs: readonly KeyValue[] | undefined): string {
  if (!pairs || pairs.length === 0) return '';
  const parts = pairs.map((pair) => `${pair.key}=${valueKey(pair)}`);
  return parts.length === 1 ? (parts[0] as string) : parts.sort().join(',');
}

function valueKey(pair: KeyValue): string {
  if ('stringValue' in pair.value) return pair.value.stringValue as string;
  return JSON.stringify(plainValue(pair.value));
}

export function nodeEntity(node: string): Entity {
  return { kind: 'node', node };
}
