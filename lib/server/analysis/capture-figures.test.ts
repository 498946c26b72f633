/**
 * Figures of the captures against counts that share no code with the dialects: the JSON lines are read as they stand,
 * a cumulative sum is its last value for each start time, a delta is added up.
 */
import { describe, expect, it } from 'vitest';
import type { Entity, Fact, Measure } from '@/lib/model/facts';
import { channelParts, utilizationOf } from '@/lib/store/series/channel-utilization';
import { gaugeAt } from '@/lib/store/series/query';
import { CAPTURES, captureLines, runCapture } from './capture-run.testing';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Point {
  readonly attributes?: readonly Attribute[];
  readonly startTimeUnixNano?: string;
  readonly timeUnixNano: string;
  readonly asInt?: string;
  readonly asDouble?: number;
}
interface Line {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string; readonly attributes?: readonly Attribute[] };
      readonly metrics: readonly {
        readonly name: string;
        readonly sum?: { readonly aggregationTemporality: number; readonly dataPoints: readonly Point[] };
        readonly gauge?: { readonly dataPoints: readonly Point[] };
      }[];
    }[];
  }[];
}

type Texts = Readonly<Record<string, string>>;
interface Told {
  readonly set: string;
  readonly metric: string;
  readonly scope: Texts;
  readonly of: Texts;
  readonly series: string;
  readonly start: string;
  readonly isDelta: boolean;
  readonly time: number;
  readonly value: number;
}

function texts(attributes: readonly Attribute[] | undefined): Texts {
  return Object.fromEntries(
    (attributes ?? []).map(({ key, value }) => [key, String(Object.values(value)[0])]),
  );
}

function told(capture: string): Told[] {
  return (captureLines(capture, 'metrics.jsonl.gz') as Line[]).flatMap(({ resourceMetrics }) =>
    resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
      scopeMetrics.flatMap(({ scope, metrics }) =>
        metrics.flatMap((metric) =>
          [...(metric.sum?.dataPoints ?? []), ...(metric.gauge?.dataPoints ?? [])].map((point): Told => {
            const of = texts(point.attributes);
            const own = texts(scope.attributes);
            return {
              set: scope.name,
              metric: metric.name,
              scope: own,
              of,
              series: JSON.stringify([texts(resource.attributes), scope.name, own, metric.name, of]),
              start: point.startTimeUnixNano ?? '',
              isDelta: metric.sum?.aggregationTemporality === 1,
              time: Number(BigInt(point.timeUnixNano) / 1_000n) / 1e6,
              value: point.asDouble ?? Number(point.asInt ?? 0),
            };
          }),
        ),
      ),
    ),
  );
}

/** Sums by the key that `keyOf` gives, leaving out what it gives none for. */
function counted(points: readonly Told[], keyOf: (point: Told) => string | null): Map<string, number> {
  const last = new Map<string, { readonly key: string; readonly value: number }>();
  for (const [i, point] of points.entries()) {
    const key = keyOf(point);
    if (key === null) continue;
    const one = point.isDelta ? `${i}` : `${point.series} ${point.start}`;
    last.set(one, { key, value: point.value });
  }
  const sums = new Map<string, number>();
  for (const { key, value } of last.values()) sums.set(key, (sums.get(key) ?? 0) + value);
  return sums;
}

/** What a node took in or gave out, as the engine itself counts it. */
function expectedKey({ set, metric, scope, of }: Told): string | null {
  const component = scope['otelcol.component.id'];
  const pipeline = scope['otelcol.pipeline.id'];
  const gated = component && (pipeline ? `${component}@${pipeline}` : component);
  if (/^otelcol\.\w+\.consumed\.items$/.test(metric)) return `${gated} items_in`;
  if (/^otelcol\.\w+\.produced\.items$/.test(metric)) return `${gated} items_out`;
  if (/^otelcol_receiver_(accepted|refused|failed)_/.test(metric)) return `${of.receiver} items_in`;
  if (/^otelcol_exporter_sent_/.test(metric)) return `${of.exporter} items_delivered`;
  if (/^otelcol_exporter_(send|enqueue)_failed_/.test(metric)) return `${of.exporter} dropped`;
  if (!gated && metric === 'otelcol_processor_incoming_items')
    return `${ONLY[`${of.processor} ${of['otel.signal']}`]} items_in`;
  if (!gated && metric === 'otelcol_processor_outgoing_items')
    return `${ONLY[`${of.processor} ${of['otel.signal']}`]} items_out`;
  const node = `${scope['node.id']}@${scope['pipeline.group.id']}/${scope['pipeline.id']}`;
  if (set === 'node.consumer' && metric === 'consumed.items') return `${node} items_in`;
  if (set === 'node.producer' && metric === 'produced.items') return `${node} items_out`;
  return null;
}

/** Without the gate a processor tells its signal, and the configuration has one such processor for it. */
const ONLY: Texts = {
  'memory_limiter traces': 'memory_limiter@traces/in',
  'memory_limiter logs': 'memory_limiter@logs',
  'filter/healthz traces': 'filter/healthz@traces/in',
  'attributes/tag traces': 'attributes/tag@traces/in',
  'probabilistic_sampler traces': 'probabilistic_sampler@traces/ok',
};

function summed(facts: readonly Fact[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const fact of facts) {
    if (fact.kind !== 'counter' || fact.entity.kind !== 'node' || fact.derived) continue;
    if (!COUNTED.has(fact.measure)) continue;
    const key = `${fact.entity.node} ${fact.measure}`;
    sums.set(key, (sums.get(key) ?? 0) + fact.delta);
  }
  return sums;
}

const COUNTED: ReadonlySet<Measure> = new Set(['items_in', 'items_out', 'items_delivered', 'dropped']);
const sorted = (sums: ReadonlyMap<string, number>) => [...sums].filter(([, value]) => value > 0).sort();

describe.each(CAPTURES)('the figures of %s', (capture) => {
  const run = runCapture(capture, true);
  const points = told(capture);

  it('count the items in and out of every component, exactly', () => {
    const expected = sorted(counted(points, expectedKey));
    expect(expected.length).toBeGreaterThan(3);
    expect(sorted(summed(run.facts))).toEqual(expected);
  });

  it('have no negative rate', () => {
    expect(run.facts.filter((fact) => fact.kind === 'counter' && fact.delta < 0)).toEqual([]);
  });

  it('have at each time the depths and utilisations that the gauges tell', () => {
    const depths = points.filter(
      ({ set, metric, scope }) =>
        metric === 'otelcol_exporter_queue_size' ||
        (set === 'channel.receiver' && metric === 'queue.depth' && scope['channel.kind'] === 'pdata'),
    );
    expect(depths.length).toBeGreaterThan(0);
    const capacities = new Map(
      points
        .filter(
          ({ set, metric }) =>
            metric === 'otelcol_exporter_queue_capacity' ||
            (set === 'channel.receiver' && metric === 'capacity'),
        )
        .map((point) => [
          `${channelOf(point)} ${point.scope['core.id'] ?? ''} ${Math.round(point.time)}`,
          point.value,
        ]),
    );
    const shares = new Map<string, { readonly point: Told; readonly share: number }>();
    for (const point of depths) {
      const channel: Entity = { kind: 'channel', channel: channelOf(point), node: '' };
      const core = point.scope['core.id'];
      const second = Math.ceil(point.time) - 1;
      if (
        depths.some(
          (other) => other !== point && other.series === point.series && Math.ceil(other.time) - 1 === second,
        )
      )
        continue;
      const depth = gaugeAt(
        run.reader,
        channel,
        'depth',
        point.time,
        (attributes) => attributes.core === core,
      );
      expect([channel.channel, point.time, depth]).toEqual([channel.channel, point.time, point.value]);
      const capacity =
        capacities.get(`${channelOf(point)} ${core ?? ''} ${Math.round(point.time)}`) ?? Number.NaN;
      const key = `${channel.channel} ${Math.round(point.time)}`;
      const share = point.value / capacity;
      if (!(share <= (shares.get(key)?.share ?? -1))) shares.set(key, { point, share });
    }
    let fullest = 0;
    for (const { point, share } of shares.values()) {
      const channel: Entity = { kind: 'channel', channel: channelOf(point), node: '' };
      const span = { from: Math.ceil(point.time) - 1, to: point.time };
      const shown = utilizationOf(run.reader, channel, span, null, channelParts(run.reader, channel));
      expect(shown.value).toBeCloseTo(share, 6);
      fullest = Math.max(fullest, share);
    }
    if (capture.includes('slow-exporter')) expect(fullest).toBe(1);
  });
});

/** The channel into a node, by its own naming. */
function channelOf({ scope, of }: Told): string {
  if (of.exporter) return `pdata:${of.exporter}:${of.data_type}`;
  return `pdata:${scope['node.id']}@${scope['pipeline.group.id']}/${scope['pipeline.id']}`;
}
