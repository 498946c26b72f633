/** The engine as a program: bundled as it is shipped, started and stopped as people do it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
let dir = '';
let bundle = '';

beforeAll(async () => {
  // Inside the project, so that packages are found; ignored like everything below node_modules.
  dir = await mkdtemp(path.join(ROOT, 'node_modules/.cache-engine-test-'));
  bundle = path.join(dir, 'engine.mjs');
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['engine/main/main.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    alias: { '@': ROOT.replace(/\/$/, '') },
    logLevel: 'error',
  });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  /** Resolves when the text has been printed. */
  said(text: string): Promise<void>;
}

function start(args: readonly string[]): Run {
  const child = spawn(process.execPath, [bundle, ...args], {
    env: { ...process.env, WEIR_URL: 'http://127.0.0.1:9', WEIR_ENGINE_OTLP_PORT: '0' },
  });
  let output = '';
  const hearing: (() => void)[] = [];
  const hear = (chunk: Buffer) => {
    output += chunk.toString();
    for (const listener of hearing) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return {
    child,
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, output }))),
    said: (text) =>
      new Promise((resolve, reject) => {
        const check = () => output.includes(text) && resolve();
        hearing.push(check);
        check();
        child.on('close', () => reject(new Error(`ended without saying "${text}": ${output}`)));
      }),
  };
}

async function pipelineFile(name: string, text: string): Promise<string> {
  const file = path.join(dir, name);
  await writeFile(file, text);
  return file;
}

const SMALL = (port: number) => `
nodes:
  in: { type: receiver:otlp, config: { port: ${port} } }
  gen: { type: receiver:traffic_generator, config: { rate: 200 } }
  out: { type: exporter:noop, capacity: 16, config: { delayMs: 20 } }
connections: [{ from: in, to: out }, { from: gen, to: out }]
`;

describe('the engine', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'runs without a server, and stops cleanly on %s within 2 s',
    async (signal) => {
      const run = start([await pipelineFile('small.yaml', SMALL(0))]);
      await run.said('runs with 3 nodes');
      const before = performance.now();
      run.child.kill(signal);
      expect((await run.ended).code).toBe(0);
      expect(performance.now() - before).toBeLessThan(2_000);
    },
  );

  it.each([
    [['/nowhere/pipeline.yaml'], /cannot read the pipeline \/nowhere\/pipeline\.yaml: there is no such file/],
    [[tmpdir()], /it is a folder/],
    [['--scenario', 'flood'], /no scenario "flood"/],
  ])('says in a line why it does not start: %j', async (args, line) => {
    const { code, output } = await start(args).ended;
    expect(code).toBe(1);
    expect(output.trim()).toMatch(line);
    expect(output.trim().split('\n')).toHaveLength(1);
  });

  it('names file, line and reason of an invalid pipeline', async () => {
    const file = await pipelineFile('bad.yaml', 'nodes:\n  in: { type: receiver:oltp }\nconnections: []\n');
    const { code, output } = await start([file]).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/bad\.yaml:2: nodes\.in\.type: unknown type/);
  });

  it('names the port that is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, output } = await start([await pipelineFile('taken.yaml', SMALL(port))]).ended;
    other.close();
    expect(code).toBe(1);
    expect(output).toContain(`port ${port} on 127.0.0.1 is taken`);
  });
});
