import { describe, expect, it } from 'vitest';
import { backoffMs } from '../backoff';
import { startPipeline } from '../testing/harness';
import { generated } from '../testing/payloads';

const retried = (config: string) => `
nodes:
  in: { type: receiver:door }
  again: { type: processor:retry, concurrency: 4, config: ${config} }
  out: { type: exporter:shelf }
connections: [{ from: in, to: again }, { from: again, to: out }]
`;

describe('retry', () => {
  it('sends again after a nack, with growing pauses, until it is taken', async () => {
    const run = await startPipeline(retried('{ initial_interval_ms: 100, multiplier: 2 }'));
    run.answers.push('refuse', 'refuse', 'take');
    const outcome = run.admit(generated('logs', 5));
    await run.settle();
    expect(run.arrivals).toEqual([]);
    await run.pass(300);
    expect(await outcome).toEqual({ kind: 'ack' });
    expect(run.arrivals[0]?.atMs).toBeGreaterThanOrEqual(150);
    expect(run.pipeline.totals()).toMatchObject({ admitted: 5, created: 10, delivered: 5, returned: 10 });
  });

  it('gives up after the last attempt, and passes on the reason', async () => {
    const run = await startPipeline(retried('{ max_attempts: 2, initial_interval_ms: 10 }'));
    run.answers.push('refuse', 'refuse', 'take');
    const outcome = run.admit(generated('logs', 5));
    await run.pass(100);
    expect(await outcome).toMatchObject({ kind: 'nack', reason: 'refuse', permanent: false, cause: 'out' });
    expect(run.arrivals).toEqual([]);
  });

  it('does not try again what is refused for good', async () => {
    const run = await startPipeline(retried('{}'));
    run.answers.push('refuse for good', 'take');
    const outcome = run.admit(generated('logs', 5));
    await run.settle();
    expect(await outcome).toMatchObject({ kind: 'nack', permanent: true });
  });

  it('lets others pass while one waits', async () => {
    const run = await startPipeline(retried('{ initial_interval_ms: 1000 }'));
    run.answers.push('refuse');
    void run.admit(generated('logs', 5));
    void run.admit(generated('logs', 7));
    await run.settle();
    expect(run.arrivals.map(({ items }) => items)).toEqual([7]);
  });
});

describe('backoff', () => {
  it('doubles up to its bound, and varies by half', () => {
    const backoff = { initial_interval_ms: 100, max_interval_ms: 500, multiplier: 2 };
    const at = (attempt: number, draw: number) => backoffMs(backoff, attempt, { next: () => draw });
    expect([at(1, 1), at(2, 1), at(3, 1), at(4, 1)]).toEqual([100, 200, 400, 500]);
    expect(at(1, 0)).toBe(50);
  });
});
