/** Layouts off the event loop, in a worker thread: a large map takes its thread some 100 MB. */
import { Worker } from 'node:worker_threads';
import type { Positions } from '@/lib/topology/elk-graph';
import type { LayOut } from '@/lib/topology/topology-layouts';
import { createWorkerOrders } from '../worker-orders';
import type { LayoutOrder } from './layout-messages';

export interface LayoutThread {
  readonly layOut: LayOut;
  close(): Promise<void>;
}

const MAX_HEAP_MB = 1_024;

export function createLayoutThread(): LayoutThread {
  const thread = createWorkerOrders<LayoutOrder, Positions>(
    () =>
      new Worker(new URL('./layout-worker.ts', import.meta.url), {
        resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      }),
  );
  return {
    layOut: (nodes, edges) =>
      thread.ask({
        nodes: nodes.map(({ id, kind }) => ({ id, kind })),
        edges: edges.map(({ from, port, to }) => ({ from, port, to })),
      }),
    close: thread.close,
  };
}
