/** What the server does beside its event loop, each in a thread of its own. */
import { createJsonThread, type JsonThread } from './ingest/json-thread';
import { createLayoutThread, type LayoutThread } from './layout/layout-thread';

export type Threads = Pick<LayoutThread, 'layOut'> &
  Pick<JsonThread, 'toWire'> & {
    close(): Promise<void>;
  };

export function createThreads(): Threads {
  const layout = createLayoutThread();
  const json = createJsonThread();
  return {
    layOut: layout.layOut,
    toWire: json.toWire,
    async close() {
      await Promise.all([layout.close(), json.close()]);
    },
  };
}
