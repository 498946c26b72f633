/** The parent's side of `http-child.ts`: bundles it once, starts it, asks for its CPU time, and posts to it. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { MALLOC_ENV } from '@/lib/base/malloc-env.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '..', '..');

export interface Usage {
  readonly cpuMicros: number;
  /** Spans stored since its start, those that left again included; 0 of the floor. */
  readonly spans: number;
  readonly rss: number;
  /** The most that it ever was. */
  readonly peakRss: number;
  /** JavaScript's own memory, room for objects to come included. */
  readonly heap: number;
  /** Typed arrays, where spans and series are, with what is not collected yet. */
  readonly arrays: number;
}

export interface BenchServer {
  readonly port: number;
  usage(): Promise<Usage>;
  /** Sends each body once, a few at a time, and waits for all answers; anything but 200 throws. */
  post(bodies: readonly Uint8Array[], gzip: boolean, path?: string): Promise<void>;
  stop(): void;
}

/** Bundled as the product's own build is, so that no loader's code is measured. Gone again after `use`. */
export async function withBundle<T>(use: (bundle: string) => Promise<T>): Promise<T> {
  const built = join(ROOT, 'dist');
  mkdirSync(built, { recursive: true });
  const folder = mkdtempSync(join(built, 'bench-'));
  try {
    const bundle = join(folder, 'http-child.mjs');
    await build({
      absWorkingDir: ROOT,
      entryPoints: [join(HERE, 'http-child.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      packages: 'external',
      alias: { '@': ROOT },
      logLevel: 'error',
    });
    return await use(bundle);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Connections kept open, as a few exporters would. */
const CONNECTIONS = 4;

export async function startBenchServer(
  bundle: string,
  kind: 'product' | 'floor',
  budgetMib = 256,
): Promise<BenchServer> {
  const child = fork(bundle, [kind, String(budgetMib)], {
    execArgv: [],
    env: { ...MALLOC_ENV, ...process.env },
  });
  const { port } = await message<{ readonly port: number }>(child);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return {
    port,
    async usage() {
      const answer = message<Usage>(child);
      child.send('usage');
      return answer;
    },
    async post(bodies, gzip, path = '/v1/traces') {
      await Promise.all(bodies.map((body) => postOne(agent, port, body, gzip, path)));
    },
    stop() {
      agent.destroy();
      child.disconnect();
    },
  };
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`the server of the bench ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (value) => {
      child.off('exit', onExit);
      resolve(value as T);
    });
  });
}

function postOne(agent: Agent, port: number, body: Uint8Array, gzip: boolean, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        path,
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-protobuf',
          'Content-Length': body.length,
          ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
        },
      },
      (response) => {
        response.resume();
        response.on('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`answered ${response.statusCode}`)),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
