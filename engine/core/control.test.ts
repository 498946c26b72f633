import { describe, expect, it } from 'vitest';
import type { Act, DesiredPipeline } from './pipeline-api';
import { startPipeline } from './testing/harness';

const act = (target: string, action: Act['action'], more: Partial<Act> = {}): Act => ({
  id: `${action}-${target}`,
  origin: 'operator',
  revision: 1,
  target,
  action,
  ...more,
});

const desired = (more: Partial<DesiredPipeline>): DesiredPipeline => ({
  revision: 1,
  origin: 'operator',
  nodes: {},
  channels: {},
  acts: [],
  ...more,
});

describe('control messages', () => {
  it('are handled while the node is blocked on a full channel', async () => {
    const { admit, settle, pass, pipeline } = await startPipeline(
      'gen -> pass(capacity=1) -> exp(delayMs=1000, capacity=1)',
    );
    for (let i = 0; i < 5; i++) void admit('gen', 1);
    await settle();
    const result = pipeline.act(act('pass', 'config_update', { change: { concurrency: 2 } }));
    await settle();
    expect(await result).toEqual({ outcome: 'applied', message: '' });
    await pass(6_000);
    expect(pipeline.totals()).toMatchObject({ delivered: 5 });
  });

  it('let one pdata through after 32 of them', async () => {
    const { admit, clock, settle, seen } = await startPipeline('gen -> watch(everyMs=10, timers=70) -> exp');
    clock.advance(10);
    for (let i = 0; i < 3; i++) void admit('gen', 1);
    await settle();
    const batches = seen.flatMap((line, at) => (line === 'watch: batch' ? [at] : []));
    expect(batches).toEqual([32, 65, 72]);
  });

  it('coalesce ticks that have not been read', async () => {
    const { clock, settle, pipeline, seen } = await startPipeline('gen -> watch(everyMs=10) -> exp');
    clock.advance(50);
    await settle();
    expect(seen).toEqual(['watch: timer_tick']);
    expect(pipeline.counters.control.get('timer_tick|coalesced|engine')?.[1]).toBe(4);
    expect(pipeline.counters.control.get('timer_tick|applied|engine')?.[1]).toBe(1);
  });

  it('keep the latest of the config updates that wait, with what the earlier ones changed', async () => {
    const { settle, pipeline, seen, telemetry } = await startPipeline('gen -> exp');
    const first = pipeline.act(
      act('exp', 'config_update', { id: 'a', change: { config: { delayMs: 1 }, concurrency: 3 } }),
    );
    const second = pipeline.act(act('exp', 'config_update', { id: 'b', change: { config: { delayMs: 2 } } }));
    await settle();
    expect(await first).toEqual({ outcome: 'replaced', message: 'replaced by b' });
    expect(await second).toEqual({ outcome: 'applied', message: '' });
    expect(seen).toEqual(['exp: config 2']);
    expect(pipeline.counters.concurrency[1]).toBe(3);
    expect(telemetry.records.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'a replaced',
      'b applied',
    ]);
  });

  it('report what a node refuses, and leave it as it was', async () => {
    const { settle, pipeline } = await startPipeline('gen -> exp');
    const change = { config: { delayMs: -1 }, concurrency: 4 };
    const result = pipeline.act(act('exp', 'config_update', { change }));
    await settle();
    expect(await result).toEqual({ outcome: 'failed', message: 'cannot go back in time' });
    expect(pipeline.counters.concurrency[1]).toBe(1);
  });

  it('make a node anew that takes no changes itself', async () => {
    const { admit, settle, pass, pipeline } = await startPipeline('gen -> retry -> exp(failEvery=1)');
    const change = { config: { max: 1 } };
    void pipeline.act(act('retry', 'config_update', { change }));
    await settle();
    void admit('gen', 1);
    await pass(1_000);
    expect(pipeline.totals()).toMatchObject({ created: 0, returned: 1 });
    expect(pipeline.topologyBody().nodes[1]?.config).toEqual({ max: 1 });
  });

  it.each([
    [act('nowhere', 'drain'), 'there is no node or channel "nowhere"'],
    [act('pdata:exp', 'drain'), 'a channel takes no drain'],
    [act('pipeline', 'config_update'), 'a pipeline as a whole takes no config_update'],
    [
      act('exp', 'config_update', { change: { config: { delayMs: 'long' } } }),
      /^config.delayMs: Invalid input/,
    ],
    [act('exp', 'config_update', { change: { faults: { errorRate: 2 } } }), /^faults.errorRate: Too big/],
    [act('gen', 'config_update', { change: { concurrency: 2 } }), 'concurrency: a receiver has no workers'],
  ])('fail with a reason where they cannot be done: %o', async (wrong, reason) => {
    const { pipeline } = await startPipeline('gen -> exp');
    const result = await pipeline.act(wrong);
    expect(result.outcome).toBe('failed');
    expect(result.message).toMatch(reason);
  });

  it('are done once, however often the same act comes', async () => {
    const { settle, pipeline, seen } = await startPipeline('gen -> exp');
    const restart = act('exp', 'restart');
    const first = pipeline.act(restart);
    await settle();
    expect(await pipeline.act(restart)).toEqual(await first);
    expect(seen).toEqual(['exp: stop']);
  });

  it('tell what they affect: in the hands of a node and in its channel', async () => {
    const { admit, settle, pipeline, telemetry } = await startPipeline('gen -> exp(delayMs=10, capacity=8)');
    for (let i = 0; i < 4; i++) void admit('gen', 1);
    await settle();
    void pipeline.act(act('exp', 'config_update', { change: { concurrency: 1 } }));
    await settle();
    expect(telemetry.records[0]).toMatchObject({
      affectedCount: 4,
      target: 'exp',
      node: 1,
      outcome: 'applied',
    });
    expect(telemetry.records[0]?.affected).toHaveLength(4);
  });
});

describe('channel capacities', () => {
  it('change while messages wait, and lose none', async () => {
    const { admit, settle, pass, pipeline } = await startPipeline('gen -> exp(delayMs=10, capacity=6)');
    for (let i = 0; i < 12; i++) void admit('gen', 1);
    await settle();
    void pipeline.act(act('pdata:exp', 'config_update', { id: 'down', change: { capacity: 2 } }));
    await settle();
    expect(pipeline.counters.depth[1]).toBe(6);
    await pass(50);
    expect(pipeline.counters.depth[1]).toBe(2);
    void pipeline.act(act('pdata:exp', 'config_update', { id: 'up', change: { capacity: 100 } }));
    await settle();
    expect(pipeline.counters.blockedNow[0]).toBe(0);
    await pass(200);
    expect(pipeline.totals()).toMatchObject({ delivered: 12 });
  });
});

describe('the drain of a node', () => {
  it('finishes what it has and what waits for it, then takes nothing', async () => {
    const { admit, settle, pass, pipeline, telemetry } = await startPipeline(
      'gen -> exp(delayMs=10, capacity=2)',
    );
    for (let i = 0; i < 5; i++) void admit('gen', 1);
    await settle();
    const drained = pipeline.act(act('exp', 'drain', { deadlineMs: 1_000 }));
    await pass(30);
    expect(await drained).toEqual({ outcome: 'applied', message: '' });
    await pass(1_000);
    expect(pipeline.totals()).toMatchObject({ delivered: 3, inChannels: 2 });
    expect(telemetry.bodies.at(-1)?.nodes[1]?.state).toBe('drained');
    void pipeline.act(act('exp', 'restart'));
    await pass(100);
    expect(pipeline.totals()).toMatchObject({ delivered: 5, inChannels: 0 });
  });

  it('flushes what is held', async () => {
    const { admit, settle, pipeline } = await startPipeline('gen -> merge(size=100) -> exp');
    const outcome = admit('gen', 3);
    await settle();
    void pipeline.act(act('merge', 'drain'));
    await settle();
    expect(await outcome).toEqual({ kind: 'ack' });
  });

  it('is forced at its deadline, and what is lost is counted and nacked', async () => {
    const { admit, settle, pass, pipeline } = await startPipeline('gen -> exp(delayMs=10000)');
    const outcome = admit('gen', 3);
    await settle();
    const drained = pipeline.act(act('exp', 'drain', { deadlineMs: 50 }));
    await pass(50);
    expect(await drained).toEqual({ outcome: 'forced', message: 'lost 3 items in 1 batches' });
    expect(await outcome).toEqual({ kind: 'nack', reason: 'drain_deadline', permanent: false, cause: 'exp' });
    expect(pipeline.counters.dropped.get('drain_deadline')?.items[4]).toBe(3);
    await pass(20_000);
    expect(pipeline.totals()).toMatchObject({ delivered: 0, dropped: 3, inFlight: 0 });
  });

  it('is coalesced with one that is under way, and followed by a shutdown that comes meanwhile', async () => {
    const { admit, settle, pass, pipeline } = await startPipeline('gen -> exp(delayMs=10)');
    void admit('gen', 1);
    await settle();
    const results = [
      pipeline.act(act('exp', 'drain', { id: '1' })),
      pipeline.act(act('exp', 'drain', { id: '2' })),
      pipeline.act(act('exp', 'shutdown', { id: '3' })),
    ];
    await pass(10);
    expect((await Promise.all(results)).map(({ outcome }) => outcome)).toEqual([
      'applied',
      'coalesced',
      'applied',
    ]);
    expect(pipeline.topologyBody().nodes[1]?.state).toBe('stopped');
  });

  it('closes the door of a receiver, which refuses until it is started again', async () => {
    const { admit, settle, pipeline } = await startPipeline('gen -> exp');
    void pipeline.act(act('gen', 'drain'));
    await settle();
    expect(await admit('gen', 1)).toMatchObject({ kind: 'nack', reason: 'draining' });
    void pipeline.act(act('gen', 'restart'));
    await settle();
    const outcome = admit('gen', 1);
    await settle();
    expect(await outcome).toEqual({ kind: 'ack' });
  });
});

describe('the drain of a pipeline', () => {
  it('lets everything run out, what a retry sends again into a batch included', async () => {
    const text =
      'gen -> retry(backoffMs=50, max=5) -> merge(size=1000, everyMs=0) -> exp(delayMs=5, failEvery=2)';
    const { admit, settle, pass, pipeline } = await startPipeline(text);
    const outcomes = [admit('gen', 4), admit('gen', 4)];
    await settle();
    const drained = pipeline.drain(10_000);
    await pass(9_000);
    expect(await drained).toEqual({ outcome: 'applied', message: '' });
    expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(['ack', 'ack']);
    expect(pipeline.state).toBe('drained');
    expect(pipeline.totals()).toMatchObject({ inFlight: 0, inChannels: 0 });
  });

  it('is followed, in a shutdown, by the stop of every node', async () => {
    const { pass, pipeline, seen, telemetry } = await startPipeline('gen -> exp');
    const stopped = pipeline.shutdown('the end');
    await pass(0);
    expect(await stopped).toEqual({ outcome: 'applied', message: '' });
    expect(seen).toEqual(['gen: stop', 'exp: stop']);
    expect(telemetry.bodies.at(-1)?.nodes.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  });

  it('loses at its deadline what is left, counted, wherever it is', async () => {
    const { admit, settle, pass, pipeline } = await startPipeline(
      'gen -> merge(size=2, capacity=1) -> exp(delayMs=60000, capacity=1)',
    );
    const outcomes = Array.from({ length: 8 }, () => admit('gen', 1));
    await settle();
    const stopped = pipeline.shutdown('now', 100);
    await pass(100);
    expect(await stopped).toMatchObject({ outcome: 'forced' });
    expect(pipeline.totals()).toMatchObject({ admitted: 8, dropped: 8, inFlight: 0, inChannels: 0 });
    expect((await Promise.all(outcomes)).every(({ kind }) => kind === 'nack')).toBe(true);
  });

  it('is undone by a restart', async () => {
    const { admit, settle, pipeline } = await startPipeline('gen -> exp');
    void pipeline.act(act('pipeline', 'drain'));
    await settle();
    const restarted = pipeline.act(act('pipeline', 'restart'));
    await settle();
    expect(await restarted).toEqual({ outcome: 'applied', message: '' });
    const outcome = admit('gen', 1);
    await settle();
    expect(await outcome).toEqual({ kind: 'ack' });
  });
});

describe('the desired state', () => {
  it('changes what differs, and back to the file what it names no more', async () => {
    const { settle, pipeline, seen } = await startPipeline('gen -> exp(delayMs=5, capacity=4)');
    const nodes = { exp: { config: { delayMs: 80 }, concurrency: 2 } };
    expect(pipeline.apply(desired({ nodes, channels: { 'pdata:exp': { capacity: 9 } } }))).toMatchObject({
      ok: true,
    });
    await settle();
    expect(pipeline.topologyBody().nodes[1]).toMatchObject({ config: { delayMs: 80 }, concurrency: 2 });
    expect(pipeline.counters.capacity[1]).toBe(9);
    expect(pipeline.apply(desired({ revision: 2, nodes }))).toMatchObject({ value: { acts: 1 } });
    pipeline.apply(desired({ revision: 3 }));
    await settle();
    expect(pipeline.topologyBody().nodes[1]).toMatchObject({ config: { delayMs: 5 }, concurrency: 1 });
    expect(pipeline.counters.capacity[1]).toBe(4);
    expect(seen).toEqual(['exp: config 80', 'exp: config 5']);
  });

  it('carries out an act under its own id, with what the same revision says of its target', async () => {
    const { settle, pipeline, telemetry } = await startPipeline('gen -> exp');
    const state = desired({
      nodes: { exp: { config: { delayMs: 7 } } },
      acts: [{ id: 'op-1', target: 'exp', action: 'config_update' }],
    });
    pipeline.apply(state);
    pipeline.apply(state);
    await settle();
    pipeline.apply(desired({ ...state, revision: 2 }));
    await settle();
    expect(telemetry.records.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual(['op-1 applied']);
    expect(pipeline.topologyBody().nodes[1]?.config).toEqual({ delayMs: 7 });
  });

  it('drains a node and brings it back', async () => {
    const { settle, pipeline } = await startPipeline('gen -> exp');
    pipeline.apply(desired({ nodes: { exp: { state: 'drained' } } }));
    await settle();
    expect(pipeline.topologyBody().nodes[1]?.state).toBe('drained');
    pipeline.apply(desired({ revision: 2 }));
    await settle();
    expect(pipeline.topologyBody().nodes[1]?.state).toBe('running');
  });

  it('that is wrong anywhere changes nothing', async () => {
    const { settle, pipeline } = await startPipeline('gen -> exp');
    const { revision } = pipeline;
    const result = pipeline.apply(
      desired({
        nodes: { exp: { config: { delayMs: 'x' }, concurrency: 3 }, ghost: {} },
        channels: { 'pdata:gen': {} },
      }),
    );
    await settle();
    expect(result.ok).toBe(false);
    expect(!result.ok && result.error.map(({ path }) => path)).toEqual([
      'nodes.ghost',
      'channels.pdata:gen',
      'exp.config.delayMs',
    ]);
    expect(pipeline.revision).toBe(revision);
  });
});
