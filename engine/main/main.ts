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

const args = parseArgs(process.argv.slice(2));
if (!args.ok) fail(args.error);
const engine = await startEngine({ args: args.value, env: process.env, log });
if (!engine.ok) fail(engine.error);

let stopping = false;
const stop = (signal: string) => {
  if (stopping) process.exit(EXIT_FAILURE);
  stopping = true;
  engine.value.stop(signal).then(
    () => process.exit(0),
    (error: unknown) => fail(`stopping failed: ${String(error)}`),
  );
};
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGINT', () => stop('SIGINT'));
