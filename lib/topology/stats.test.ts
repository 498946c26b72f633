import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import { histogramOf } from '@/lib/histogram/operations';
import type { Entity, Fact, FactAttributes, Measure } from '@/lib/model/facts';
import { nanosOf } from '@/lib/store/series/resolution';
import { createSeriesStore, type SeriesReader } from '@/lib/store/series/series-store';
import { CARD_WIDTH, COLUMN_GAP } from './card-size';
import { topologyOf } from './map.testing';
import { placeCards } from './place-cards';
import { mapStats, topologyAnswer } from './topology-answer';
import { createTopologyLayouts } from './topology-layouts';
import { createTopologyModel, type TopologyVersion } from './topology-model';

const T0 = 1_700_000_000;
const node = (id: string): Entity => ({ kind: 'node', node: id });
const channel: Entity = { kind: 'channel', channel: 'pdata:exp', node: 'exp' };
const edge: Entity = { kind: 'edge', from: 'gen', port: 'default', channel: 'pdata:exp' };

describe('figures of the map', () => {
  it('reads a channel that is full during a stall as full while it lasts', () => {
    // Depth climbs to 64 in 8 s and stays: the engine brings the integral up to date at each report.
    const world = simulate();
    for (let quarter = 0; quarter < 120; quarter++) {
      const depth = Math.min(64, 2 * quarter);
      world.report(quarter / 4, 0.25, [
        counter(channel, 'occupancy', depth * 0.25),
        counter(edge, 'sent', depth < 64 ? 2 : 0),
        counter(edge, 'blocked_sends', 0),
        counter(channel, 'received', 0),
        gaugeFact(channel, 'depth', depth),
        gaugeFact(channel, 'capacity', 64),
      ]);
    }
    const stats = world.edge(30);
    expect(stats.utilization).toBeCloseTo(1, 6);
    expect(stats).toMatchObject({
      utilizationSource: 'occupancy',
      depth: 64,
      capacity: 64,
      ratePerSec: 0,
      blockedRatio: 1,
      drainMs: null,
      partial: false,
    });
  });

  it('agrees with waits and ages for any traffic: occupancy is what left waited and what stays has aged', () => {
    const message = fc.record({
      in: fc.integer({ min: 0, max: 79 }),
      stays: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 25 }), (messages) => {
        const world = simulate();
        const [low, high] = [40, 80];
        for (let quarter = 0; quarter < high; quarter++) {
          const inside = messages.filter((one) => one.in <= quarter && quarter < one.in + one.stays).length;
          world.report(quarter / 4, 0.25, [
            counter(channel, 'occupancy', inside * 0.25),
            counter(edge, 'sent', messages.filter((one) => one.in === quarter).length),
            gaugeFact(channel, 'depth', inside),
            gaugeFact(channel, 'capacity', 64),
          ]);
        }
        let oracle = 0;
        for (const { in: enters, stays } of messages) {
          const left = enters + stays;
          const waited = left > low && left <= high ? stays : 0;
          const ageAtEnd = enters < high && left > high ? high - enters : 0;
          const ageAtStart = enters < low && left > low ? low - enters : 0;
          oracle += (waited + ageAtEnd - ageAtStart) / 4;
        }
        expect(world.edge(high / 4).utilization).toBeCloseTo(oracle / (10 * 64), 6);
      }),
      { numRuns: 40 },
    );
  });

  it('holds the integral against the gauge: sampling is no difference, a gauge that is stuck is one', () => {
    const run = (read: (depth: number, quarter: number) => number) => {
      const world = simulate();
      for (let quarter = 0; quarter < 120; quarter++) {
        const depth = 20 + 15 * Math.sin(quarter);
        world.report(quarter / 4, 0.25, [
          counter(channel, 'occupancy', depth * 0.25),
          gaugeFact(channel, 'depth', read(depth, quarter)),
          gaugeFact(channel, 'capacity', 64),
        ]);
      }
      return world.edge(30).utilizationCheck;
    };
    const noise = (quarter: number) => ((quarter * 7) % 11) - 5;
    expect(run((depth, quarter) => depth + noise(quarter))).toMatchObject({
      source: 'gauge',
      differs: false,
    });
    expect(run(() => 3)).toMatchObject({ source: 'gauge', differs: true });
  });

  it('holds waits against the gauge where there is no integral, and says where both disagree', () => {
    const run = (waitSec: number) => {
      const world = simulate();
      for (let quarter = 0; quarter < 120; quarter++) {
        world.report(quarter / 4, 0.25, [
          {
            kind: 'duration',
            ...figure(channel, 'wait'),
            startNano: 0n,
            histogram: histogramOf(Array<number>(5).fill(waitSec)),
          },
          gaugeFact(channel, 'depth', 20),
          gaugeFact(channel, 'capacity', 64),
        ]);
      }
      return world.edge(30).utilizationCheck;
    };
    // 20 messages a second that wait for a second each: 20 stand there at any time.
    expect(run(1)).toMatchObject({ source: 'spans', differs: false });
    expect(run(0.05)).toMatchObject({ source: 'spans', differs: true });
  });

  it('counts batches in flight by their mean size where only items are told', () => {
    const world = simulate();
    world.report(0, 1, [
      counter(node('exp'), 'items_in', 400),
      counter(node('exp'), 'batches_in', 8),
      gaugeFact(node('exp'), 'in_flight_items', 150),
    ]);
    expect(world.node(1, 'exp')?.inFlight).toBe(3);
    world.report(1, 1, [gaugeFact(node('exp'), 'in_flight_items', 0)]);
    expect(world.node(2, 'exp')?.inFlight).toBe(0);
  });

  it('takes utilisation from gauges where there is no integral, and says nothing where there is neither', () => {
    const gauges = simulate();
    gauges.report(0, 2, [
      counter(node('exp'), 'items_in', 10),
      gaugeFact(channel, 'depth', 16),
      gaugeFact(channel, 'capacity', 64),
    ]);
    expect(gauges.edge(2)).toMatchObject({
      utilization: 0.25,
      utilizationSource: 'gauge',
      rateUnit: 'items',
      ratePerSec: 5,
    });
    const nothing = simulate();
    nothing.report(0, 2, [counter(node('exp'), 'items_in', 10)]);
    expect(nothing.edge(2)).toMatchObject({
      utilization: null,
      utilizationSource: null,
      waitP99Ms: null,
      depth: null,
    });
  });

  it('takes the fullest core, and shows each', () => {
    const world = simulate();
    const core = (n: number) => ({ core: String(n) });
    world.report(0, 2, [
      counter(node('exp'), 'items_in', 10),
      gaugeFact(channel, 'depth', 32, core(0)),
      gaugeFact(channel, 'capacity', 32, core(0)),
      gaugeFact(channel, 'depth', 0, core(1)),
      gaugeFact(channel, 'capacity', 32, core(1)),
    ]);
    expect(world.edge(2)).toMatchObject({
      utilization: 1,
      depth: 32,
      capacity: 64,
      parts: [
        { name: 'core 0', utilization: 1 },
        { name: 'core 1', utilization: 0 },
      ],
    });
  });

  it('judges busy time against the window as far as it was told and all workers', () => {
    const world = simulate();
    for (let second = 0; second < 4; second++) {
      world.report(second, 1, [
        counter(node('exp'), 'busy', 1.5),
        counter(node('exp'), 'items_in', 100),
        counter(node('exp'), 'items_delivered', 90),
        counter(node('exp'), 'items_returned', 10),
        gaugeFact(node('exp'), 'concurrency', 2),
        {
          kind: 'duration',
          ...figure(node('exp'), 'duration', { outcome: 'success' }),
          startNano: 0n,
          histogram: histogramOf([0.01, 0.02, 0.03]),
        },
        {
          kind: 'duration',
          ...figure(node('exp'), 'duration', { outcome: 'failure' }),
          startNano: 0n,
          histogram: histogramOf([0.1]),
        },
      ]);
    }
    const stats = world.node(4, 'exp');
    expect(stats).toMatchObject({
      partial: true,
      concurrency: 2,
      blockedRatio: null,
      inPerSec: 100,
      outPerSec: 90,
    });
    expect(stats?.busyRatio).toBeCloseTo(0.75, 6);
    expect(stats?.errorRatio).toBeCloseTo(0.25, 6);
    expect(stats?.meanMs).toBeCloseTo(40, 6);
    expect(stats?.maxMs).toBeCloseTo(100, 6);
    expect((stats?.p50Ms ?? 0) / 20).toBeCloseTo(1, 2);
  });

  it('balances a node’s account, also when listening began in the middle, and says when it does not add up', () => {
    const account = (delivered: number, secondAt = 1) => {
      const world = simulate();
      world.store.tells('e', ['items_in', 'items_out', 'in_flight_items', 'items_delivered']);
      // Five items were in flight before the first report.
      world.report(0, 1, [
        counter(node('exp'), 'items_in', 10, { signal: 'logs' }),
        counter(node('exp'), 'items_delivered', 12, { signal: 'logs' }),
        gaugeFact(node('exp'), 'in_flight_items', 3),
      ]);
      world.report(secondAt, 1, [
        counter(node('exp'), 'items_in', 4, { signal: 'logs' }),
        counter(node('exp'), 'items_delivered', delivered, { signal: 'logs' }),
        gaugeFact(node('exp'), 'in_flight_items', 1),
      ]);
      return world.node(secondAt + 1, 'exp')?.conservation;
    };
    expect(account(6)).toMatchObject({ in: 19, delivered: 18, inFlight: 1, adds: true });
    expect(account(5)).toMatchObject({ adds: false });
    expect(account(6, 4)).toBeNull();
  });

  it('balances a node’s account for as long as it reports, and knows of a gap long ago', () => {
    const account = (seconds: number, isMissing: (second: number) => boolean) => {
      const world = simulate();
      world.store.tells('e', ['items_in', 'items_out', 'in_flight_items', 'items_delivered']);
      // Begins in the middle of a second and of ten.
      for (let second = 4.3; second < seconds; second++) {
        if (isMissing(second)) continue;
        world.report(second, 1, [
          counter(node('exp'), 'items_in', 10, { signal: 'logs' }),
          counter(node('exp'), 'items_delivered', 10, { signal: 'logs' }),
          gaugeFact(node('exp'), 'in_flight_items', 0),
        ]);
      }
      return world.node(seconds + 1, 'exp')?.conservation;
    };
    for (const seconds of [30, 280, 290, 300, 310, 320, 700]) {
      expect(account(seconds, () => false)).toMatchObject({ adds: true });
      expect(account(seconds, (second) => Math.floor(second) === 17)).toBeNull();
    }
  });

  it('answers the same for a frozen moment as it did then', () => {
    const world = simulate();
    const tick = (second: number) =>
      world.report(second, 1, [
        counter(channel, 'occupancy', second % 7),
        gaugeFact(channel, 'capacity', 8),
        counter(edge, 'sent', second),
      ]);
    for (let second = 0; second < 60; second++) tick(second);
    const then = world.edge(60);
    for (let second = 60; second < 200; second++) tick(second);
    const frozen = world.edge(60);
    expect(frozen.utilization).toBeCloseTo(then.utilization ?? -1, 9);
    expect(frozen.ratePerSec).toBeCloseTo(then.ratePerSec ?? -1, 9);
  });

  it.each([
    // 25 requests of 100 items and 7,000 bytes come each second, 5 leave, and 20 stay from the fifth second on.
    ['requests', 1, undefined, 5],
    ['items', 100, 'items', 5],
    ['bytes', 7_000, 'bytes', null],
  ])('knows by its growth that a queue counts %s', (_, each, unit, requestsLeaving) => {
    const world = simulate();
    const queued = (second: number) => Math.max(0, second - 5) * 20;
    for (let second = 0; second < 30; second++) {
      world.report(second, 1, [
        gaugeFact(channel, 'depth', queued(second + 1) * each, { signal: 'traces' }),
        gaugeFact(channel, 'capacity', 1_000 * each, { signal: 'traces' }),
        counter(channel, 'offered', 25, { signal: 'traces' }),
        sizes('batch_size', 25, 100, { signal: 'traces' }),
        counter(node('exp'), 'items_delivered', 5 * 100, { signal: 'traces' }),
      ]);
    }
    const stats = world.edge(30);
    expect(stats.depthUnit).toBe(unit);
    expect(stats.utilization).toBeGreaterThan(0.3);
    const drainMs = requestsLeaving === null ? null : (queued(30) / requestsLeaving) * 1_000;
    if (drainMs === null) expect(stats.drainMs).toBeNull();
    else expect(stats.drainMs).toBeCloseTo(drainMs, 3);
  });

  it('puts nodes, edges and positions into one answer, provisional until they are laid out', async () => {
    const world = simulate();
    world.report(0, 1, [counter(node('exp'), 'items_in', 10)]);
    const layouts = createTopologyLayouts({
      layOut: placeCards,
      onSettled: () => undefined,
      onFailure: (error) => expect.fail(String(error)),
    });
    const request = { ...world.request(1), engine: 'e', findings: [], missing: [] };
    expect(topologyAnswer(request, layouts).layout).toBe('provisional');
    await layouts.settled('e', request.version);
    const answer = topologyAnswer(request, layouts);
    expect(answer.layout).toBe('final');
    expect(answer.nodes.map(({ id, kind, position }) => ({ id, kind, position }))).toEqual([
      { id: 'exp', kind: 'exporter', position: { x: CARD_WIDTH + COLUMN_GAP, y: 0 } },
      { id: 'gen', kind: 'receiver', position: { x: 0, y: 0 } },
    ]);
    expect(answer.edges[0]).toMatchObject({ id: 'gen:default>exp', provenance: 'declared' });
    expect(answer.verdict).toBeNull();
  });
});

type Unplaced = Fact & { startNano?: bigint };

function figure(entity: Entity, measure: Measure, attributes: FactAttributes = {}) {
  return { entity, measure, attributes, timeNano: 0n };
}

function counter(entity: Entity, measure: Measure, delta: number, attributes: FactAttributes = {}): Unplaced {
  return { kind: 'counter', ...figure(entity, measure, attributes), startNano: 0n, delta };
}

function gaugeFact(
  entity: Entity,
  measure: Measure,
  value: number,
  attributes: FactAttributes = {},
): Unplaced {
  return { kind: 'gauge', ...figure(entity, measure, attributes), value };
}

/** `count` requests of the same size. */
function sizes(measure: Measure, count: number, size: number, attributes: FactAttributes): Unplaced {
  const histogram = histogramOf(Array<number>(count).fill(size));
  return { kind: 'duration', ...figure(node('exp'), measure, attributes), startNano: 0n, histogram };
}

/** One engine with `gen > exp`, told by reports of its own time. */
function simulate() {
  const clock = createVirtualClock(nanosOf(T0));
  const store = createSeriesStore({ budgetBytes: 2 ** 26, clock });
  const model = createTopologyModel();
  model.apply([topologyOf('gen > exp')], nanosOf(T0));
  const version = model.current as TopologyVersion;
  const request = (seconds: number) => ({
    version,
    reader: store.reader('e') as SeriesReader,
    atNano: nanosOf(T0 + seconds),
    window: '10s' as const,
    pipeline: null,
  });
  return {
    store,
    request,
    report(from: number, length: number, facts: readonly Unplaced[]) {
      clock.advance((T0 + from + length) * 1_000 - Number(clock.epoch / 1_000_000n) - clock.nowNs() / 1e6);
      const place = { startNano: nanosOf(T0 + from), timeNano: nanosOf(T0 + from + length) };
      store.add(
        'e',
        facts.map((fact) => ({ ...fact, ...place }) as Fact),
      );
    },
    edge(at: number) {
      const stats = mapStats(request(at)).edges['gen:default>exp'];
      if (!stats) throw new Error('no edge');
      return stats;
    },
    node: (at: number, id: string) => mapStats(request(at)).nodes[id],
  };
}
