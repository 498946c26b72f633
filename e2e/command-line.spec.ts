/** The commands of the README: what they start, how they end, and what they say when they cannot. */

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { freePorts } from './support/ports';
import { startProgram } from './support/process';

const LAUNCHER = 'engine/launch/start.mjs';

async function environment(): Promise<Record<string, string>> {
  const [port, otlp, grpc, engine] = await freePorts(4);
  return {
    PORT: String(port),
    WEIR_OTLP_PORT: String(otlp),
    WEIR_OTLP_GRPC_PORT: String(grpc),
    WEIR_ENGINE_OTLP_PORT: String(engine),
    WEIR_URL: `http://127.0.0.1:${otlp}`,
  };
}

/** The processes that a process started, as the operating system lists them. */
async function childrenOf(parent: number): Promise<{ pid: number; command: string }[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args=']);
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((row) => Number(row?.[2]) === parent)
    .map((row) => ({ pid: Number(row?.[1]), command: row?.[3] ?? '' }));
}

test('npm start prints its addresses and stops cleanly within two seconds, streams open', async () => {
  const env = await environment();
  const program = startProgram('node', [LAUNCHER], env);
  await program.printed(/Weir is running/);
  expect(program.output()).toContain(`http://127.0.0.1:${env.PORT}`);
  const stream = await fetch(`http://127.0.0.1:${env.PORT}/api/v1/stream`);
  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  const took = await program.end('SIGTERM');
  expect(took).toBeLessThan(2_000);
  await expect(fetch(`http://127.0.0.1:${env.PORT}/api/v1/health`)).rejects.toThrow();
  await expect(fetch(`http://127.0.0.1:${env.WEIR_ENGINE_OTLP_PORT}/v1/traces`)).rejects.toThrow();
});

test('npm start outlives a killed engine, says how to bring it back, and still stops cleanly', async () => {
  const env = await environment();
  const program = startProgram('node', [LAUNCHER], env);
  await program.printed(/Weir is running/);
  const engine = (await childrenOf(program.pid)).find(({ command }) => command.includes('engine.mjs'));
  if (!engine) throw new Error('the launcher has no engine');
  process.kill(engine.pid, 'SIGKILL');
  await program.printed(/engine was ended by SIGKILL.*npm run engine/);
  expect((await fetch(`http://127.0.0.1:${env.PORT}/api/v1/health`)).ok).toBe(true);
  expect(await program.end('SIGTERM')).toBeLessThan(2_000);
});

for (const variable of ['WEIR_OTLP_PORT', 'WEIR_OTLP_GRPC_PORT']) {
  test(`a taken ${variable} is said in one line with what to do, and the exit code is not 0`, async () => {
    const env = await environment();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(Number(env[variable]), '127.0.0.1', resolve));
    const program = startProgram('node', [LAUNCHER], env);
    expect(await program.exited).not.toBe(0);
    expect(program.output()).toMatch(new RegExp(`port ${env[variable]} .*taken.*${variable}`));
    await new Promise((resolve) => taken.close(resolve));
  });
}

test('an unreadable pipeline is said in one line', async () => {
  const program = startProgram('node', [LAUNCHER, '--engine', 'no-such-file.yaml'], await environment());
  expect(await program.exited).not.toBe(0);
  expect(program.output()).toMatch(/no-such-file\.yaml/);
});

test('an invalid pipeline names file, line and reason', async ({ browserName: _ }, info) => {
  const file = info.outputPath('broken.yaml');
  await writeFile(
    file,
    'nodes:\n  a:\n    type: receiver:traffic_generator\n  b:\n    type: exporter:nowhere\nconnections:\n  - { from: a, to: c }\n',
  );
  const program = startProgram('node', [LAUNCHER, '--engine', file], await environment());
  expect(await program.exited).not.toBe(0);
  expect(program.output()).toMatch(/broken\.yaml:\d+.*nowhere/);
  expect(program.output()).toMatch(/broken\.yaml:\d+.*\bc\b/);
});

test('an engine without a server goes on and says so', async () => {
  const program = startProgram('node', [LAUNCHER, '--engine'], await environment());
  await program.printed(/cannot reach|not reachable|retry/i);
  await program.end('SIGTERM');
});
