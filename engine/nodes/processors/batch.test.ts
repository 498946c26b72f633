import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPayload } from '../count-payload';
import { startPipeline } from '../testing/harness';
import { generated, logs, textsOf } from '../testing/payloads';

const batched = (config: string) => `
nodes:
  in: { type: receiver:door }
  batch: { type: processor:batch, config: ${config} }
  out: { type: exporter:shelf, capacity: 2 }
connections: [{ from: in, to: batch }, { from: batch, to: out }]
`;
const lines = (from: number, to: number) =>
  logs(Array.from({ length: to - from }, (_, at) => ({ text: String(from + at) })));

describe('batch', () => {
  it('flushes by size, merging what came', async () => {
    const run = await startPipeline(batched('{ send_batch_size: 10 }'));
    const outcomes = [run.admit(lines(0, 4)), run.admit(lines(4, 8)), run.admit(lines(8, 12))];
    await run.settle();
    expect(run.arrivals.map(({ items }) => items)).toEqual([12]);
    expect(textsOf(run.arrivals[0]?.payload ?? lines(0, 0))).toEqual([...Array(12).keys()].map(String));
    expect(await Promise.all(outcomes)).toEqual(Array(3).fill({ kind: 'ack' }));
  });

  it('flushes by time', async () => {
    const run = await startPipeline(batched('{ send_batch_size: 100, timeout_ms: 200 }'));
    void run.admit(lines(0, 4));
    await run.pass(150);
    expect(run.arrivals).toEqual([]);
    await run.pass(60);
    expect(run.arrivals).toMatchObject([{ items: 4 }]);
  });

  it('keeps signals apart', async () => {
    const run = await startPipeline(batched('{ send_batch_size: 10, timeout_ms: 200 }'));
    void run.admit(generated('traces', 6));
    void run.admit(generated('logs', 6));
    await run.settle();
    expect(run.arrivals).toEqual([]);
    await run.pass(200);
    expect(run.arrivals.map(({ signal, items }) => [signal, items])).toEqual([
      ['traces', 6],
      ['logs', 6],
    ]);
  });

  it('splits what is over the largest size, and resolves a batch by all that hold a piece of it', async () => {
    const run = await startPipeline(
      batched('{ send_batch_size: 5, send_batch_max_size: 5, timeout_ms: 200 }'),
    );
    run.answers.push('take', 'refuse', 'take');
    const outcome = run.admit(lines(0, 12));
    await run.settle();
    expect(run.arrivals.map(({ items }) => items)).toEqual([5]);
    await run.pass(200);
    expect(run.arrivals.map(({ payload }) => textsOf(payload))).toEqual([
      ['0', '1', '2', '3', '4'],
      ['10', '11'],
    ]);
    expect(await outcome).toMatchObject({ kind: 'nack' });
  });

  it('gives up what it holds when the pipeline drains', async () => {
    const run = await startPipeline(batched('{ send_batch_size: 100, timeout_ms: 60000 }'));
    const outcome = run.admit(lines(0, 4));
    await run.settle();
    const drained = run.pipeline.drain(1_000);
    await run.settle();
    expect((await drained).outcome).toBe('applied');
    expect(await outcome).toEqual({ kind: 'ack' });
    expect(run.arrivals).toMatchObject([{ items: 4 }]);
  });

  it('takes new sizes and a new time while it runs', async () => {
    const run = await startPipeline(batched('{ send_batch_size: 100, timeout_ms: 60000 }'));
    void run.admit(lines(0, 4));
    const act = run.pipeline.act({
      id: '1',
      origin: 'operator',
      revision: 1,
      target: 'batch',
      action: 'config_update',
      change: { config: { send_batch_size: 100, timeout_ms: 50 } },
    });
    await run.settle();
    expect((await act).outcome).toBe('applied');
    await run.pass(60);
    expect(run.arrivals).toMatchObject([{ items: 4 }]);
  });

  it('loses and repeats nothing, whatever the sizes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 30 }),
        async (batches, size, over) => {
          const max = over === 0 ? 0 : size + over;
          const run = await startPipeline(
            batched(`{ send_batch_size: ${size}, send_batch_max_size: ${max}, timeout_ms: 200 }`),
          );
          let next = 0;
          const outcomes = batches.map((items) => {
            const from = next;
            next += items;
            return run.admit(lines(from, next));
          });
          await run.pass(250);
          expect(run.arrivals.flatMap(({ payload }) => textsOf(payload))).toEqual(
            [...Array(next).keys()].map(String),
          );
          for (const { items, payload } of run.arrivals) {
            expect(countPayload(payload)).toBe(items);
            if (max > 0) expect(items).toBeLessThanOrEqual(max);
          }
          for (const outcome of outcomes) expect(await outcome).toEqual({ kind: 'ack' });
        },
      ),
      { numRuns: 25 },
    );
  });
});
