/** Starts the server inside Next's process: once, with its end bound to the process's. */
import { startServer } from './compose';
import { currentHub, installHub } from './current-hub';
import { type Environment, readServerConfig } from './server-config';

/** Next closes its own server too; whatever hangs after this long is not waited for. */
const FORCE_EXIT_MS = 1_500;

export async function bootServer(env: Environment): Promise<void> {
  // A changed file makes the development server call this again: the hub with its store stays.
  if (currentHub()) return;
  const config = readServerConfig(env);
  if (!config.ok) return fatal(config.error);
  const hub = await startServer(config.value);
  if (!hub.ok) return fatal(hub.error);
  installHub(hub.value);
  const stop = () => {
    setTimeout(() => process.exit(0), FORCE_EXIT_MS).unref();
    hub.value
      .close()
      .catch((error: unknown) => console.error('weir: the server did not stop cleanly:', error));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function fatal(reason: string): never {
  console.error(`weir: ${reason}`);
  process.exit(1);
}
