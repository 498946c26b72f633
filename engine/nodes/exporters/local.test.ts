import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseOtlpLine } from '../receivers/otlp-lines';
import { startPipeline } from '../testing/harness';
import { startLive } from '../testing/live';
import { generated } from '../testing/payloads';

const to = (exporter: string, config: string) => `
nodes:
  in: { type: receiver:door }
  out: { type: exporter:${exporter}, config: ${config} }
connections: [{ from: in, to: out }]
`;

describe('noop', () => {
  it('takes as long as it is told to, and another time while it runs', async () => {
    const run = await startPipeline(to('noop', '{ delayMs: 50 }'));
    let done = 0;
    const count = () => {
      done++;
    };
    void run.admit(generated('logs', 1)).then(count);
    await run.pass(40);
    expect(done).toBe(0);
    await run.pass(20);
    expect(done).toBe(1);
    const act = { id: '1', origin: 'operator', revision: 1, target: 'out', action: 'config_update' } as const;
    void run.pipeline.act({ ...act, change: { config: { delayMs: 0 } } });
    await run.settle();
    void run.admit(generated('logs', 1)).then(count);
    await run.settle();
    expect(done).toBe(2);
  });
});

describe('error', () => {
  it('refuses with its message', async () => {
    const run = await startPipeline(to('error', '{ message: full, permanent: false }'));
    const outcome = run.admit(generated('logs', 4));
    await run.settle();
    expect(await outcome).toEqual({ kind: 'nack', reason: 'full', permanent: false, cause: 'out' });
    expect(run.pipeline.totals()).toMatchObject({ admitted: 4, returned: 4 });
  });
});

describe('console and debug', () => {
  it('write a bounded number of lines, and count the rest', async () => {
    const run = await startPipeline(`
nodes:
  in: { type: receiver:door }
  look: { type: processor:debug, config: { max_lines_per_second: 2 } }
  out: { type: exporter:console, config: { max_lines_per_second: 1 } }
connections: [{ from: in, to: look }, { from: look, to: out }]
`);
    for (let i = 0; i < 5; i++) void run.admit(generated('traces', 3));
    await run.settle();
    expect(run.messages.filter((line) => line.includes('3 traces'))).toHaveLength(3);
    await run.pass(1_100);
    void run.admit(generated('traces', 3));
    await run.settle();
    expect(run.messages.some((line) => line.includes('3 more before it'))).toBe(true);
    expect(run.messages.some((line) => line.includes('4 unwritten before it'))).toBe(true);
    expect(run.pipeline.totals().delivered).toBe(18);
  });
});

describe('file', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'weir-file-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const post = (port: number, items: number) =>
    fetch(`http://127.0.0.1:${port}/v1/logs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-protobuf' },
      body: generated('logs', items).bytes() as BodyInit,
    });
  const live = (config: string) =>
    startLive(`
nodes:
  in: { type: receiver:otlp, config: { port: 0 } }
  out: { type: exporter:file, concurrency: 4, config: ${config} }
connections: [{ from: in, to: out }]
`);

  it('appends a line a request, which reads as what came', async () => {
    const file = path.join(dir, 'deep', 'a.jsonl');
    const { pipeline, port } = await live(`{ path: "${file}" }`);
    await Promise.all([post(port, 3), post(port, 3), post(port, 3)]);
    await pipeline.shutdown('end of test', 500);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(parseOtlpLine(line)).toEqual({ ok: true, value: generated('logs', 3).decoded() });
  });

  it('begins anew when the file is large', async () => {
    const file = path.join(dir, 'a.jsonl');
    const { pipeline, port } = await live(`{ path: "${file}", max_bytes: 4096 }`);
    for (let i = 0; i < 8; i++) await post(port, 3);
    await pipeline.shutdown('end of test', 500);
    expect((await readdir(dir)).sort()).toEqual(['a.jsonl', 'a.jsonl.1']);
    expect((await stat(file)).size).toBeLessThanOrEqual(4_096);
  });

  it('gives back what it cannot write, with the reason', async () => {
    const { pipeline, port } = await live(`{ path: "${dir}" }`);
    const response = await post(port, 3);
    expect(response.status).toBe(503);
    expect(Buffer.from(await response.arrayBuffer()).toString()).toContain('EISDIR');
    await pipeline.shutdown('end of test', 500);
  });
});
