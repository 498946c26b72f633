import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRIC_QUERIES } from '@/lib/api/metrics';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import { histogramOf } from '@/lib/histogram/operations';
import type { ControlFact, Entity, Fact, FactAttributes, Measure } from '@/lib/model/facts';
import { nanosOf } from '@/lib/store/series/resolution';
import { createSeriesStore } from '@/lib/store/series/series-store';
import { type AroundAction, changeAfter } from './change-after';
import { createControlTrail, foldedCounts, trailRow } from './control-trail';
import { engineTracing } from './engine-tracing';
import { type MetricsRequest, queryMetrics } from './query-metrics';
import { MAX_STEPS, stepsOver } from './steps';

const T0 = 1_700_000_000;

describe('steps of a chart', () => {
  it('cover the range on multiples of their length, at most 600 of them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7_200 }),
        fc.integer({ min: 100, max: 60_000 }),
        (length, stepMs) => {
          const steps = stepsOver(T0 + 0.3, T0 + 0.3 + length, stepMs);
          expect(steps.count).toBeLessThanOrEqual(MAX_STEPS);
          expect(steps.from % steps.seconds).toBe(0);
          expect(steps.from).toBeLessThanOrEqual(T0 + 0.3);
          expect(steps.from + steps.count * steps.seconds).toBeGreaterThanOrEqual(T0 + length);
        },
      ),
    );
  });
});

describe('chart queries', () => {
  it('answers every name, and null where nothing was told', () => {
    const world = told();
    for (const metric of METRIC_QUERIES) {
      const answer = world.ask({ metric });
      expect(answer.series.length, metric).toBeGreaterThan(0);
      expect(answer.series.every((series) => series.values.length === answer.steps)).toBe(true);
      expect(queryMetrics(null, world.request({ metric }))).toMatchObject({
        series: [],
        total: 0,
        source: null,
      });
    }
  });

  it('aligns values with their steps and leaves empty steps null', () => {
    const { series, fromUnixNano } = told().ask({ metric: 'node.throughput_in' });
    expect(fromUnixNano).toBe(nanosOf(T0 - 10).toString());
    expect(series).toEqual([{ id: 'exp', split: '', values: [null, 4, 4, null] }]);
  });

  it('splits latency by quantile in milliseconds, sizes by bucket, drops by reason', () => {
    const world = told();
    const latency = world.ask({ metric: 'node.latency' }).series;
    expect(latency.map(({ split }) => split)).toEqual(['p50', 'p95', 'p99']);
    expect((latency[0]?.values[1] ?? 0) / 10).toBeCloseTo(1, 2);
    const sizes = world.ask({ metric: 'node.batch_size' }).series;
    expect(sizes.find(({ split }) => split === '5–16')?.values[1]).toBe(10);
    expect(world.ask({ metric: 'node.dropped' }).series).toMatchObject([{ id: 'exp', split: 'fault' }]);
    expect(world.ask({ metric: 'channel.utilization' }).series[0]).toMatchObject({
      id: 'pdata:exp',
      split: '',
    });
  });

  it('shows the same share of failures for as long as there are seconds, also of a rare failure', () => {
    const clock = createVirtualClock(nanosOf(T0));
    clock.advance(400_000);
    const store = createSeriesStore({ budgetBytes: 2 ** 26, clock });
    const node = { kind: 'node', node: 'exp' } as const;
    for (let second = 0; second < 400; second++) {
      const startNano = nanosOf(T0 + second);
      const timeNano = nanosOf(T0 + second + 1);
      const told = { entity: node, startNano, timeNano } as const;
      const handled = (outcome: string, count: number) =>
        ({
          kind: 'duration',
          ...told,
          measure: 'duration',
          attributes: { outcome },
          histogram: histogramOf(new Array<number>(count).fill(0.01)),
        }) as const;
      // One of five fails, each seventh second; the last failure is longer ago than the last success.
      const fails = second % 7 === 0 && second < 390;
      store.add('e', [
        { kind: 'counter', ...told, measure: 'batches_in', attributes: {}, delta: 5 },
        handled('success', fails ? 4 : 5),
        ...(fails ? [handled('failure', 1)] : []),
      ]);
    }
    const reader = store.reader('e');
    const { series } = queryMetrics(reader, {
      metric: 'node.error_ratio',
      node: null,
      channel: null,
      path: null,
      fromNano: nanosOf(T0 + 80),
      toNano: nanosOf(T0 + 401),
      stepMs: 2_000,
    });
    const shares = (series[0]?.values ?? []).filter((share) => share !== null);
    expect(shares.length).toBeGreaterThan(100);
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.2);
  });

  it('keeps to the node, the channel and the path that are asked for', () => {
    const world = told();
    expect(world.ask({ metric: 'node.busy', node: 'nobody' }).series).toEqual([]);
    expect(world.ask({ metric: 'channel.depth', channel: 'pdata:exp' }).series).toHaveLength(1);
    expect(world.ask({ metric: 'path.latency', node: 'exp' }).series).toHaveLength(3);
    expect(world.ask({ metric: 'path.latency', path: 'other' }).series).toEqual([]);
  });

  it('tells what tracing costs, and tail by what is not kept', () => {
    const world = told();
    expect(engineTracing(world.reader, T0 + 20)).toMatchObject({
      mode: 'tail',
      overheadNs: { tail: 120 },
      recordedPerSec: 100,
      keptPerSec: 20,
    });
  });
});

describe('control trail', () => {
  const fact = (id: string, second: number, outcome = 'applied'): ControlFact => ({
    kind: 'control',
    timeNano: nanosOf(T0 + second),
    id,
    action: 'drain',
    target: 'exp',
    origin: 'operator',
    revision: 1,
    outcome,
    message: '',
    durationMs: 3,
    affectedCount: 2,
    traceId: '',
    spanId: '',
  });

  it('keeps each action once with its latest outcome, newest first, within its bound', () => {
    const trail = createControlTrail(3);
    for (const [id, second] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 4],
    ] as const)
      trail.add('e', fact(id, second));
    trail.add('e', fact('c', 3, 'failed'));
    trail.add('other', fact('x', 9));
    const entries = trail.entries('e', 0n, nanosOf(T0 + 100));
    expect(entries.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(['d applied', 'c failed']);
    expect(trail.evicted).toBe(2);
    expect(entries[0] && trailRow(entries[0], null)).toMatchObject({
      id: 'd',
      tookMs: 3,
      affected: 2,
      traceId: null,
    });
  });

  it('folds acks and ticks into counts', () => {
    expect(foldedCounts([told().reader])).toEqual([{ action: 'ack', outcome: 'applied', count: 200 }]);
  });
});

describe('change after an action', () => {
  const steady = (value: number) => [value, value * 1.01, value * 0.99, value, value * 1.01, value];
  const around = (change: Partial<AroundAction> & { after?: number; sibling?: number }): AroundAction => ({
    disturbances: [],
    load: { before: steady(100), after: steady(100) },
    measures: [
      {
        measure: 'p99',
        before: steady(10),
        after: steady(change.after ?? 10),
        siblings: change.sibling === undefined ? [] : [{ before: steady(5), after: steady(change.sibling) }],
      },
    ],
    ...(change.measures && { measures: change.measures }),
    ...(change.load && { load: change.load }),
    ...(change.disturbances && { disturbances: change.disturbances }),
  });

  it('says changed only beyond the noise of before', () => {
    expect(changeAfter(around({ after: 30 })).verdict).toBe('changed');
    expect(changeAfter(around({ after: 10.3 })).verdict).toBe('unchanged');
  });

  it('takes off what untouched siblings did at the same time', () => {
    expect(changeAfter(around({ after: 30, sibling: 15 })).verdict).toBe('unchanged');
    expect(changeAfter(around({ after: 30, sibling: 5 })).verdict).toBe('changed');
  });

  it('cannot tell beside another action, a change of load, or without figures', () => {
    expect(changeAfter(around({ after: 30, disturbances: ['another action'] }))).toMatchObject({
      verdict: 'cannot_tell',
      why: 'another action lies within 30 s of it',
    });
    expect(
      changeAfter(around({ after: 30, load: { before: steady(100), after: steady(180) } })),
    ).toMatchObject({
      verdict: 'cannot_tell',
      why: 'the load changed by +80 % meanwhile',
    });
    const silent = { measure: 'p99' as const, before: [null], after: [null], siblings: [] };
    expect(changeAfter(around({ measures: [silent] })).why).toBe(
      'the target told no figures before or after',
    );
  });
});

/** Twenty seconds of one engine in which everything is told: four items, a batch, ten acks a second. */
function told() {
  const clock = createVirtualClock(nanosOf(T0));
  clock.advance(20_000);
  const store = createSeriesStore({ budgetBytes: 2 ** 26, clock });
  const node: Entity = { kind: 'node', node: 'exp' };
  const channel: Entity = { kind: 'channel', channel: 'pdata:exp', node: 'exp' };
  const edge: Entity = { kind: 'edge', from: 'gen', port: 'default', channel: 'pdata:exp' };
  const path: Entity = { kind: 'path', path: 'gen>exp' };
  const engine: Entity = { kind: 'engine' };
  for (let second = 0; second < 20; second++) {
    const time = { startNano: nanosOf(T0 + second), timeNano: nanosOf(T0 + second + 1) };
    const counter = (
      entity: Entity,
      measure: Measure,
      delta: number,
      attributes: FactAttributes = {},
    ): Fact => ({
      kind: 'counter',
      entity,
      measure,
      attributes,
      delta,
      ...time,
    });
    const gauge = (
      entity: Entity,
      measure: Measure,
      value: number,
      attributes: FactAttributes = {},
    ): Fact => ({
      kind: 'gauge',
      entity,
      measure,
      attributes,
      value,
      timeNano: time.timeNano,
    });
    const duration = (
      entity: Entity,
      measure: Measure,
      values: readonly number[],
      attributes: FactAttributes = {},
    ): Fact => ({
      kind: 'duration',
      entity,
      measure,
      attributes,
      histogram: histogramOf(values),
      ...time,
    });
    store.add('e', [
      counter(node, 'items_in', 4),
      counter(node, 'items_delivered', 4),
      counter(node, 'busy', 0.5),
      counter(node, 'blocked', 0),
      counter(node, 'dropped', 1, { reason: 'fault' }),
      counter(node, 'delayed', 1, { reason: 'queued' }),
      gauge(node, 'in_flight_items', 2),
      duration(node, 'duration', [0.01], { outcome: 'success' }),
      duration(node, 'batch_size', [8]),
      counter(channel, 'occupancy', 2),
      counter(channel, 'received', 1),
      gauge(channel, 'depth', 2),
      gauge(channel, 'capacity', 8),
      duration(channel, 'wait', [0.002]),
      counter(edge, 'blocked_sends', 1),
      counter(edge, 'sent', 1),
      duration(path, 'path_duration', [0.02]),
      counter({ kind: 'control', action: 'ack', node: 'exp' }, 'control_actions', 10, { outcome: 'applied' }),
      counter(engine, 'spans', 100, { state: 'recorded' }),
      counter(engine, 'spans', 20, { state: 'kept' }),
      gauge(engine, 'overhead', 120, { mode: 'tail' }),
    ]);
  }
  const reader = store.reader('e');
  if (!reader) throw new Error('nothing was told');
  const request = (part: Partial<MetricsRequest> & Pick<MetricsRequest, 'metric'>): MetricsRequest => ({
    node: null,
    channel: null,
    path: null,
    fromNano: nanosOf(T0 - 10),
    toNano: nanosOf(T0 + 30),
    stepMs: 10_000,
    ...part,
  });
  return {
    reader,
    request,
    ask: (part: Parameters<typeof request>[0]) => queryMetrics(reader, request(part)),
  };
}
