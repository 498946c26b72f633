import { describe, expect, it } from 'vitest';
import { createEngineTelemetry, type RunningTelemetry } from '@/engine/telemetry/engine-telemetry';
import type { OtlpTransport } from '@/engine/telemetry/transport';
import { decodeTraces } from '@/lib/otlp/decode-traces';
import type { OtlpSpan } from '@/lib/otlp/types';
import { DEFAULT_TAIL_SAMPLING } from '@/lib/sampling/config';
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

describe('the span of a retry', () => {
  it('counts the pauses between attempts as waiting for the outcome, and names where each nack began', async () => {
    const spans: OtlpSpan[] = [];
    const transport: OtlpTransport = {
      send(path, body) {
        const decoded = path === '/v1/traces' ? decodeTraces(body) : null;
        if (decoded?.ok) {
          for (const { scopeSpans } of decoded.value.resourceSpans)
            spans.push(...scopeSpans.flatMap((scope) => scope.spans));
        }
        return Promise.resolve('sent' as const);
      },
      close: () => undefined,
    };
    const recorded: RunningTelemetry[] = [];
    const yaml = retried('{ initial_interval_ms: 100, multiplier: 2 }');
    const run = await startPipeline(yaml, 1, (clock) => {
      const made = createEngineTelemetry({
        resource: {},
        clock,
        seed: 1,
        mode: 'full',
        tailSampling: DEFAULT_TAIL_SAMPLING,
        transport,
        rows: 1_024,
      });
      recorded.push(made);
      return made;
    });
    run.answers.push('refuse', 'refuse', 'take');
    void run.admit(generated('logs', 5));
    await run.settle();
    await run.pass(400);
    for (const telemetry of recorded) telemetry.flush();
    const span = spans.find(({ name }) => name === 'processor/retry/again');
    const value = (key: string) => span?.attributes.find((pair) => pair.key === key)?.value;
    expect(value('latency.ms')).toEqual({ doubleValue: 0 });
    const waited = value('outcome.wait.ms');
    expect(waited && 'doubleValue' in waited ? waited.doubleValue : 0).toBeGreaterThanOrEqual(150);
    const nacks = span?.events.filter(({ name }) => name === 'control/nack') ?? [];
    expect(nacks.map(({ attributes }) => attributes)).toEqual(
      Array(2).fill([
        { key: 'reason', value: { stringValue: 'refuse' } },
        { key: 'permanent', value: { boolValue: false } },
        { key: 'cause', value: { stringValue: 'out' } },
      ]),
    );
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
