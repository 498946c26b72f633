import { describe, expect, it } from 'vitest';
import { startPipeline } from '../testing/harness';
import { generated, logs, textsOf } from '../testing/payloads';

describe('type_router', () => {
  const routed = `
nodes:
  in: { type: receiver:door }
  by-signal: { type: processor:type_router }
  logs: { type: exporter:shelf }
  rest: { type: exporter:shelf }
connections:
  - { from: in, to: by-signal }
  - { from: "by-signal:logs", to: logs }
  - { from: "by-signal:default", to: rest }
`;

  it('sends each batch to the port of its signal, and the rest to default', async () => {
    const run = await startPipeline(routed);
    void run.admit(generated('logs', 3));
    void run.admit(generated('traces', 4));
    void run.admit(generated('events', 5), 'events');
    await run.settle();
    expect([run.arrived('logs'), run.arrived('rest')]).toEqual([8, 4]);
  });

  it('passes bytes on as they came', async () => {
    const run = await startPipeline(routed);
    const payload = generated('traces', 4);
    void run.admit(payload);
    await run.settle();
    expect(run.arrivals[0]?.payload).toBe(payload);
  });

  it('sends a signal elsewhere when it is told to, and refuses a port that leads nowhere', async () => {
    const run = await startPipeline(routed);
    const change = (routes: object) =>
      run.pipeline.act({
        id: JSON.stringify(routes),
        origin: 'operator',
        revision: 1,
        target: 'by-signal',
        action: 'config_update',
        change: { config: { routes } },
      });
    const refused = change({ traces: 'metrics' });
    const changed = change({ traces: 'logs' });
    await run.settle();
    expect((await refused).outcome).not.toBe('applied');
    expect((await changed).outcome).toBe('applied');
    void run.admit(generated('traces', 4));
    await run.settle();
    expect(run.arrived('logs')).toBe(4);
  });

  it('refuses for good what has no port', async () => {
    const run = await startPipeline(
      routed.replace('  - { from: "by-signal:default", to: rest }', '').replace(/ {2}rest.*\n/, ''),
    );
    const outcome = run.admit(generated('metrics', 2));
    await run.settle();
    expect(await outcome).toMatchObject({ kind: 'nack', permanent: true, cause: 'by-signal' });
  });

  it('knows its ports', async () => {
    await expect(startPipeline(routed.replace('by-signal:logs', 'by-signal:log'))).rejects.toThrow(
      'no output port "log"',
    );
  });
});

describe('content_router', () => {
  const routed = `
nodes:
  in: { type: receiver:door }
  by-team: { type: processor:content_router, config: { attribute: team, routes: { a: one, b: two } } }
  one: { type: exporter:shelf }
  two: { type: exporter:shelf }
  other: { type: exporter:shelf }
connections:
  - { from: in, to: by-team }
  - { from: "by-team:one", to: one }
  - { from: "by-team:two", to: two }
  - { from: "by-team:default", to: other }
`;

  it('splits a batch by the value of an attribute', async () => {
    const run = await startPipeline(routed);
    const team = (name: string, text: string) => ({ text, attributes: { team: name } });
    const outcome = run.admit(
      logs([team('a', '1'), team('b', '2'), team('c', '3'), { text: '4' }, team('a', '5')]),
    );
    await run.settle();
    expect(await outcome).toEqual({ kind: 'ack' });
    const texts = Object.fromEntries(run.arrivals.map(({ node, payload }) => [node, textsOf(payload)]));
    expect(texts).toEqual({ one: ['1', '5'], two: ['2'], other: ['3', '4'] });
  });

  it('passes on whole what goes one way, by the attribute of the resource too', async () => {
    const run = await startPipeline(routed);
    const payload = logs([{ text: '1' }, { text: '2' }], { team: 'b' });
    void run.admit(payload);
    await run.settle();
    expect(run.arrivals).toMatchObject([{ node: 'two', items: 2 }]);
    expect(run.arrivals[0]?.payload).toBe(payload);
  });

  it('nacks the whole when one part is nacked', async () => {
    const run = await startPipeline(routed);
    run.answers.push('take', 'refuse');
    const outcome = run.admit(logs([{ attributes: { team: 'a' } }, { attributes: { team: 'b' } }]));
    await run.settle();
    expect(await outcome).toMatchObject({ kind: 'nack', cause: 'two' });
  });
});

describe('fanout', () => {
  const copied = (config: string) => `
nodes:
  in: { type: receiver:door }
  copy: { type: processor:fanout, config: ${config} }
  one: { type: exporter:shelf }
  two: { type: exporter:shelf }
connections:
  - { from: in, to: copy }
  - { from: "copy:a", to: one }
  - { from: "copy:b", to: two }
`;

  it('copies to every port, the bytes as they came', async () => {
    const run = await startPipeline(copied('{}'));
    const payload = generated('logs', 7);
    void run.admit(payload);
    await run.settle();
    expect(run.arrivals.map(({ node, items }) => [node, items])).toEqual([
      ['one', 7],
      ['two', 7],
    ]);
    expect(run.arrivals.every((one) => one.payload === payload)).toBe(true);
    expect(run.pipeline.totals()).toMatchObject({ admitted: 7, created: 7, delivered: 14 });
  });

  it('hears of the primary alone where it is told so', async () => {
    const run = await startPipeline(copied('{ await: primary, primary: b }'));
    run.answers.push('refuse', 'take');
    const outcome = run.admit(generated('logs', 7));
    await run.settle();
    expect(await outcome).toEqual({ kind: 'ack' });
  });

  it('nacks when any copy is nacked', async () => {
    const run = await startPipeline(copied('{}'));
    run.answers.push('take', 'refuse for good');
    const outcome = run.admit(generated('logs', 7));
    await run.settle();
    expect(await outcome).toMatchObject({ kind: 'nack', permanent: true });
  });
});
