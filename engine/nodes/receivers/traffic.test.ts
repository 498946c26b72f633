import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIGNALS } from '@/lib/semconv/signals';
import { otlpJsonLine } from '../otlp-json';
import { type Harness, startPipeline } from '../testing/harness';
import { generated, logs, textsOf } from '../testing/payloads';
import { shapeFactor } from './traffic-shape';

const generator = (config: string) => `
nodes:
  gen: { type: receiver:traffic_generator, config: ${config} }
  out: { type: exporter:shelf, concurrency: 8 }
connections: [{ from: gen, to: out }]
`;

describe('the traffic generator', () => {
  it('makes the same telemetry from the same seed, and other from another', async () => {
    const stream = async (seed: number) => {
      const run = await startPipeline(generator(`{ seed: ${seed}, rate: 100 }`));
      await run.pass(300);
      return run.arrivals.map(({ payload }) => Buffer.from(payload.bytes()).toString('hex'));
    };
    const [one, same, other] = [await stream(1), await stream(1), await stream(2)];
    expect(one.length).toBeGreaterThan(20);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('keeps to its rate and its mix', async () => {
    const run = await startPipeline(
      generator('{ rate: 200, mix: { logs: 2, metrics: 1, traces: 1, events: 0 } }'),
    );
    await run.pass(5_000);
    const count = (signal: string) => run.arrivals.filter((one) => one.signal === signal).length;
    expect(run.arrivals.length).toBeGreaterThan(980);
    expect(run.arrivals.length).toBeLessThanOrEqual(1_000);
    expect(count('events')).toBe(0);
    expect(count('logs') / run.arrivals.length).toBeCloseTo(0.5, 1);
    expect(run.pipeline.totals()).toMatchObject({ admitted: 0, inFlight: 0 });
  });

  it('is held up by a full channel, and does not make up for it', async () => {
    const run = await startPipeline(`
nodes:
  gen: { type: receiver:traffic_generator, config: { rate: 100 } }
  out: { type: exporter:noop, capacity: 2, config: { delayMs: 100 } }
connections: [{ from: gen, to: out }]
`);
    await run.pass(5_000);
    const { created, delivered } = run.pipeline.totals();
    expect(created).toBeLessThan(53 * 60 + 500);
    expect(delivered).toBeGreaterThan(0);
  });

  it('stops at a number of batches', async () => {
    const run = await startPipeline(generator('{ rate: 1000, max_batches: 7 }'));
    await run.pass(500);
    expect(run.arrivals).toHaveLength(7);
  });

  it('takes another rate while it runs, and ends with a drain', async () => {
    const run = await startPipeline(generator('{ rate: 0 }'));
    const act = { id: '1', origin: 'operator', revision: 1, target: 'gen', action: 'config_update' } as const;
    void run.pipeline.act({ ...act, change: { config: { rate: 100 } } });
    await run.pass(1_000);
    expect(run.arrivals.length).toBeGreaterThan(90);
    const drained = run.pipeline.drain(100);
    await run.settle();
    expect((await drained).outcome).toBe('applied');
    const { length } = run.arrivals;
    await run.pass(1_000);
    expect(run.arrivals).toHaveLength(length);
  });
});

describe('the shape of traffic', () => {
  it('has the mean rate over a period, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('steady', 'sine', 'bursty' as const),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 20, noNaN: true }),
        fc.constantFrom(0.05, 0.2, 0.5),
        (shape, amplitude, burst_factor, burst_share) => {
          const config = { shape, amplitude, burst_factor, burst_share, period_ms: 1_000 };
          let sum = 0;
          for (let ms = 0; ms < 1_000; ms++) sum += shapeFactor(config, ms + 0.5);
          expect(sum / 1_000).toBeCloseTo(1, 1);
        },
      ),
    );
  });
});

describe('replay', () => {
  async function play(
    lines: string,
    name: string,
    config: string,
    done: (run: Harness) => boolean,
  ): Promise<Harness> {
    const dir = await mkdtemp(path.join(tmpdir(), 'weir-replay-'));
    const file = path.join(dir, name);
    await writeFile(file, name.endsWith('.gz') ? gzipSync(lines) : lines);
    const run = await startPipeline(`
nodes:
  tape: { type: receiver:replay, config: { path: "${file}", ${config} } }
  out: { type: exporter:shelf }
connections: [{ from: tape, to: out }]
`);
    // Files are read in real time: let reading catch up between steps of the virtual clock.
    while (!done(run)) {
      await run.pass(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await rm(dir, { recursive: true });
    return run;
  }

  it('plays lines of every signal, zipped, and says which it cannot read', async () => {
    const lines = SIGNALS.map((signal) => otlpJsonLine(generated(signal, 4).decoded()));
    const run = await play(
      `${lines.join('')}{"resourceSpans": 1}\nnonsense\n`,
      'a.jsonl.gz',
      'speed: 1',
      ({ arrivals, messages }) => arrivals.length >= 4 && messages.length >= 2,
    );
    expect(run.arrivals.map(({ signal, items }) => `${items} ${signal}`)).toEqual([
      '4 logs',
      '4 metrics',
      '4 traces',
      '4 logs',
    ]);
    expect(run.messages.filter((line) => /a\.jsonl\.gz:[56]/.test(line))).toHaveLength(2);
  });

  it('keeps the distances in time, divided by its speed', async () => {
    const at = (ms: number) => {
      const data = logs([{ text: String(ms) }]).decoded();
      return otlpJsonLine(data).replaceAll(
        '"observedTimeUnixNano":"1"',
        `"observedTimeUnixNano":"${ms}000000"`,
      );
    };
    const run = await play(
      [1_000, 1_400, 2_000].map(at).join(''),
      'b.jsonl',
      'speed: 2',
      ({ arrivals }) => arrivals.length >= 3,
    );
    expect(run.arrivals.map(({ payload }) => textsOf(payload)[0])).toEqual(['1000', '1400', '2000']);
    const [a = 0, b = 0, c = 0] = run.arrivals.map(({ atMs }) => atMs);
    expect([Math.round((b - a) / 100), Math.round((c - b) / 100)]).toEqual([2, 3]);
  });

  it('does not start without its file', async () => {
    await expect(
      startPipeline(`
nodes:
  tape: { type: receiver:replay, config: { path: /nowhere/a.jsonl } }
  out: { type: exporter:shelf }
connections: [{ from: tape, to: out }]
`),
    ).rejects.toThrow('cannot read /nowhere/a.jsonl');
  });
});
