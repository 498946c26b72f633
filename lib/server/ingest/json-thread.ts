/**
 * Large JSON bodies off the event loop: a text has to be parsed in one go, and one of the largest size takes a fifth of
 * a second. A thread makes a protobuf request of it, which is then taken in slices as any other. Small ones stay:
 * handing them over would take as long as reading them.
 */
import { type Transferable, Worker } from 'node:worker_threads';
import { createWorkerOrders } from '../worker-orders';
import type { JsonOrder, JsonReply } from './json-messages';

export interface JsonThread {
  /** Takes the memory of the bytes along. Rejects where the thread broke. */
  toWire(order: JsonOrder): Promise<JsonReply>;
  close(): Promise<void>;
}

/** Parsing this takes about three milliseconds. */
export const LARGE_JSON_BYTES = 192 * 1024;
const MAX_HEAP_MB = 1_024;

export function createJsonThread(): JsonThread {
  const thread = createWorkerOrders<JsonOrder, JsonReply>(
    () =>
      new Worker(new URL('./json-worker.ts', import.meta.url), {
        resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      }),
  );
  return {
    toWire: ({ signal, bytes }) =>
      thread.ask({ signal, bytes }, [bytes.buffer as Transferable & ArrayBuffer]),
    close: thread.close,
  };
}
