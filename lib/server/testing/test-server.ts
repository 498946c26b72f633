/** A whole server on a free port, for tests of its edges: real sockets, no Next. */
import type { Clock } from '@/lib/base/clock';
import { placeCards } from '@/lib/topology/place-cards';
import { startServer } from '../compose';
import type { Hub } from '../hub';
import { jsonToWire } from '../ingest/json-to-wire';
import type { ServerConfig } from '../server-config';
import type { Threads } from '../threads';

export interface TestServer {
  readonly hub: Hub;
  /** What agents talk to. */
  readonly url: string;
}

export function testConfig(changes: Partial<ServerConfig> = {}): ServerConfig {
  return {
    host: '127.0.0.1',
    port: 0,
    otlpPort: 0,
    grpcPort: 0,
    storeBudgetBytes: 16 << 20,
    seriesBudgetBytes: 8 << 20,
    readOnly: false,
    version: 'test',
    ...changes,
  };
}

export async function startTestServer(
  changes: Partial<ServerConfig> = {},
  clock?: Clock,
): Promise<TestServer> {
  // Tests run from sources, which a thread of plain Node cannot load.
  const threads: Threads = {
    layOut: placeCards,
    toWire: async (order) => jsonToWire(order),
    close: async () => undefined,
  };
  const started = await startServer(testConfig(changes), threads, clock);
  if (!started.ok) throw new Error(started.error);
  return { hub: started.value, url: `http://127.0.0.1:${started.value.agentPort}` };
}

/** Looks again, as the event loop turns, until it is so; a deadline ends what never comes true. */
export async function until(isSo: () => boolean | Promise<boolean>, deadlineMs = 20_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
