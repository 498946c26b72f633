/** The engine's command line: starts a pipeline, and stops it within two seconds of SIGTERM or SIGINT. */
import { parseArgs } from './args';
import { startEngine } from './engine';

const EXIT_FAILURE = 1;

function log(level: 'info' | 'warn' | 'error', message: string): void {
  const line = `weir-engine: ${message}`;
  if (level === 'info') console.log(line);
  else console.error(line);
}

function fail(reason: string): never {
  log('error', reason);
  process.exit(EXIT_FAILURE);
}

process.on('uncaughtException', (error) => fail(`unexpected failure: ${error.stack ?? error.message}`));

/** From the start on, so that a signal while it starts is not lost; the second one does not wait. */
const stopSignal = new Promise<string>((resolve) => {
  let asked = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(EXIT_FAILURE);
      asked = true;
      resolve(signal);
    });
  }
});

const args = parseArgs(process.argv.slice(2));
if (!args.ok) fail(args.error);
const engine = await startEngine({ args: args.value, env: process.env, log });
if (!engine.ok) fail(engine.error);
await engine.value.stop(await stopSignal);
process.exit(0);
