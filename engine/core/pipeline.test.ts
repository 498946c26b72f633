import { describe, expect, it } from 'vitest';
import { signalIndex } from './counters';
import type { Outcome } from './pdata';
import type { Act } from './pipeline-api';
import { startPipeline } from './testing/harness';
import { balanceOf } from './totals';

const act = (target: string, action: Act['action'], more: Partial<Act> = {}): Act => ({
  id: `${action}-${target}`,
  origin: 'operator',
  revision: 1,
  target,
  action,
  ...more,
});

describe('a pipeline', () => {
  it('delivers what is admitted and acks it', async () => {
    const { admit, pipeline, settle, telemetry } = await startPipeline('gen -> pass -> exp');
    const outcome = admit('gen', 10);
    await settle();
    expect(await outcome).toEqual({ kind: 'ack' });
    expect(pipeline.totals()).toEqual({
      admitted: 10,
      created: 0,
      delivered: 10,
      dropped: 0,
      returned: 0,
      inFlight: 0,
      inChannels: 0,
    });
    expect(telemetry.openSpans()).toEqual([]);
    expect(telemetry.openTraces()).toEqual([]);
  });

  it('ends every span before it says that the trace is complete', async () => {
    const { admit, settle, telemetry } = await startPipeline('gen -> pass(tailMs=0) -> exp');
    void admit('gen', 1);
    await settle();
    expect(telemetry.log.filter((line) => !line.startsWith('event')).slice(-4)).toEqual([
      'begin 2 batch-1 1',
      'end 2 success ',
      'end 0 success ',
      'resolved 0 0',
    ]);
  });

  it('keeps a trace open while a node still works on what it has sent', async () => {
    const { admit, settle, pass, telemetry } = await startPipeline('gen -> pass(tailMs=50) -> exp');
    const outcome = admit('gen', 1);
    await settle();
    expect(await outcome).toEqual({ kind: 'ack' });
    expect(telemetry.openTraces()).toEqual([0]);
    await pass(50);
    expect(telemetry.openTraces()).toEqual([]);
  });

  it('tells nothing and still counts while nothing is recorded', async () => {
    const { admit, settle, telemetry, pipeline } = await startPipeline('gen -> merge(size=4) -> exp', {
      recording: false,
    });
    for (let i = 0; i < 4; i++) void admit('gen', 2);
    await settle();
    expect(telemetry.log).toEqual([]);
    expect(pipeline.totals()).toMatchObject({ admitted: 8, delivered: 8 });
  });

  it('blocks a sender while the channel is full, and lets it go on in order', async () => {
    const { admit, settle, pass, pipeline } = await startPipeline('gen -> exp(delayMs=10, capacity=2)');
    const outcomes: Outcome[] = [];
    for (let i = 0; i < 6; i++) void admit('gen', 1).then((outcome) => outcomes.push(outcome));
    await settle();
    expect(pipeline.counters.blocked[0]).toBe(4);
    expect(pipeline.counters.blockedNow[0]).toBe(3);
    await pass(60);
    expect(outcomes).toHaveLength(6);
    expect(pipeline.counters.blockedNow[0]).toBe(0);
  });

  it('nacks back to the receiver, counted by the nodes it passes', async () => {
    const { admit, settle, pipeline } = await startPipeline('gen -> pass -> exp(failEvery=1)');
    const outcome = admit('gen', 5);
    await settle();
    expect(await outcome).toEqual({
      kind: 'nack',
      reason: 'destination says no',
      permanent: false,
      cause: 'exp',
    });
    expect([...(pipeline.counters.control.get('nack|applied|engine') ?? [])]).toEqual([1, 1, 0, 0]);
    expect(pipeline.counters.returned.items[2 * 4]).toBe(5);
    expect(pipeline.counters.inRefused.batches[0]).toBe(1);
  });

  it('counts the copies of a fan-out and resolves it with its last part', async () => {
    const { admit, settle, pass, pipeline } = await startPipeline(
      'gen -> split -> exp1; split:b -> exp2(delayMs=20)',
    );
    let outcome: Outcome | null = null;
    void admit('gen', 3).then((resolved) => {
      outcome = resolved;
    });
    await settle();
    expect(outcome).toBeNull();
    await pass(20);
    expect(outcome).toEqual({ kind: 'ack' });
    expect(pipeline.totals()).toMatchObject({ admitted: 3, created: 3, delivered: 6 });
  });

  it('resolves a fan-out that awaits its primary by that alone', async () => {
    const text = 'gen -> split(primary=true) -> exp1; split:b -> exp2(delayMs=20, failEvery=1)';
    const { admit, settle, pass, telemetry } = await startPipeline(text);
    const outcome = admit('gen', 3);
    await settle();
    expect(await outcome).toEqual({ kind: 'ack' });
    expect(telemetry.openTraces()).toEqual([0]);
    await pass(20);
    expect(telemetry.openTraces()).toEqual([]);
  });

  it('resolves a merged batch when every output with a piece of it is resolved', async () => {
    const { admit, settle, pass, telemetry, pipeline } = await startPipeline(
      'gen -> merge(size=10) -> exp(failEvery=2)',
    );
    const outcomes: string[] = [];
    for (const items of [6, 6, 6]) {
      void admit('gen', items).then(({ kind }) => outcomes.push(`${items} ${kind}`));
    }
    await settle();
    // 6 + 4 went out and was delivered; 2 + 6 waits for the timer, and its output will fail.
    expect(outcomes).toEqual(['6 ack']);
    await pass(200);
    expect(outcomes).toEqual(['6 ack', '6 nack', '6 nack']);
    expect(telemetry.log.filter((line) => line.startsWith('flush'))).toEqual([
      'flush 1 10 batch-1=6@3,batch-2=4@4',
      'flush 1 8 batch-2=2@4,batch-3=6@7',
    ]);
    const flushes = [...pipeline.counters.flushes].map(([reason, counts]) => [reason, counts[1]]);
    expect(flushes).toEqual([
      ['size', 1],
      ['timer', 1],
    ]);
  });

  it('sends a flush of one whole batch on under its own name', async () => {
    const { admit, settle, telemetry } = await startPipeline('gen -> merge(size=5) -> exp');
    void admit('gen', 5);
    await settle();
    expect(telemetry.log).toContain('begin 2 batch-1 1');
    expect(telemetry.log.some((line) => line.startsWith('flush'))).toBe(false);
  });

  it('counts the re-sends of a retry as created', async () => {
    const { admit, pass, pipeline } = await startPipeline('gen -> retry(backoffMs=10) -> exp(failEvery=2)');
    const first = admit('gen', 4);
    const second = admit('gen', 4);
    await pass(20);
    expect([await first, await second]).toEqual([{ kind: 'ack' }, { kind: 'ack' }]);
    expect(pipeline.totals()).toMatchObject({ admitted: 8, created: 4, delivered: 8, returned: 4 });
  });

  it('runs as many handlings at once as its concurrency says', async () => {
    const { admit, settle, pipeline, pass } = await startPipeline('gen -> exp(delayMs=10, concurrency=3)');
    for (let i = 0; i < 9; i++) void admit('gen', 1);
    await settle();
    expect(pipeline.counters.inFlight[4]).toBe(3);
    void pipeline.act(act('exp', 'config_update', { change: { concurrency: 6 } }));
    await settle();
    expect(pipeline.counters.inFlight[4]).toBe(6);
    await pass(20);
    expect(pipeline.totals()).toMatchObject({ delivered: 9 });
  });

  it('nacks a batch that a node throws over or leaves unhandled', async () => {
    const { admit, settle, messages } = await startPipeline('gen -> pass -> exp(delayMs=0)');
    const outcome = admit('gen', 1, { port: 'nowhere' });
    await settle();
    expect(await outcome).toMatchObject({
      kind: 'nack',
      permanent: true,
      reason: 'output port "nowhere" is not connected',
    });
    expect(messages).toEqual([]);
  });

  it('balances for every node and signal', async () => {
    const { admit, settle, pipeline } = await startPipeline('gen -> filter(every=3) -> exp');
    void admit('gen', 10);
    void admit('gen', 1, { signal: 'traces' });
    await settle();
    for (const { index } of pipeline.layout.nodes) {
      expect(balanceOf(pipeline.counters, pipeline.layout, index, signalIndex('logs'))).toBe(0);
    }
    expect(pipeline.totals()).toMatchObject({ admitted: 11, dropped: 3, delivered: 8 });
  });

  it('says which node could not start, and stops those that had', async () => {
    await expect(startPipeline('gen(taken=true) -> exp')).rejects.toThrow('port 21000 is taken');
  });
});

describe('faults', () => {
  it('are drawn for each pdata, and count as work of the node', async () => {
    const { admit, pass, settle, pipeline } = await startPipeline('gen -> exp');
    const change = { faults: { latencyMs: 30, errorRate: 1, errorMessage: 'on purpose', permanent: true } };
    void pipeline.act(act('exp', 'config_update', { change }));
    await settle();
    const outcome = admit('gen', 1);
    await settle();
    expect(pipeline.counters.inFlight[4]).toBe(1);
    await pass(30);
    expect(await outcome).toEqual({ kind: 'nack', reason: 'on purpose', permanent: true, cause: 'exp' });
  });

  it('drop silently, counted', async () => {
    const { admit, settle, pipeline } = await startPipeline('gen -> exp');
    void pipeline.act(act('exp', 'config_update', { change: { faults: { dropRate: 1 } } }));
    await settle();
    const outcome = admit('gen', 7);
    await settle();
    expect(await outcome).toEqual({ kind: 'ack' });
    expect(pipeline.counters.dropped.get('fault')?.items[4]).toBe(7);
  });

  it('stall a node: it takes nothing and finishes nothing until it may', async () => {
    const { admit, pass, settle, pipeline } = await startPipeline('gen -> exp(delayMs=10)');
    const first = admit('gen', 1);
    await settle();
    void pipeline.act(act('exp', 'config_update', { change: { faults: { stall: true } } }));
    await pass(100);
    void admit('gen', 1);
    await pass(100);
    expect(pipeline.totals()).toMatchObject({ delivered: 0, inFlight: 1, inChannels: 1 });
    void pipeline.act(act('exp', 'config_update', { id: 'go-on', change: { faults: {} } }));
    await pass(10);
    expect(await first).toEqual({ kind: 'ack' });
    expect(pipeline.totals()).toMatchObject({ delivered: 2 });
  });
});
