/**
 * Layouts off the event loop: a worker thread that starts with the first order and ends when it has had none for a
 * while, so that its memory (some 100 MB after a large map) is given back. Should it break, what it was at fails and the
 * next order starts another.
 */
import { Worker } from 'node:worker_threads';
import type { Positions } from '@/lib/topology/elk-graph';
import type { LayOut } from '@/lib/topology/topology-layouts';
import type { LayoutOrder, LayoutReply } from './layout-messages';

export interface LayoutThread {
  readonly layOut: LayOut;
  close(): Promise<void>;
}

const IDLE_MS = 60_000;
const MAX_HEAP_MB = 1_024;

interface Waiting {
  readonly resolve: (positions: Positions) => void;
  readonly reject: (error: Error) => void;
}

export function createLayoutThread(): LayoutThread {
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  const end = async () => {
    const ending = worker;
    worker = null;
    clearTimeout(idle);
    await ending?.terminate();
  };
  const fail = (failed: Worker, error: Error) => {
    if (worker !== failed) return;
    worker = null;
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  };
  const hear = (message: LayoutReply) => {
    const order = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) order?.reject(new Error(message.error));
    else order?.resolve(message.positions);
    if (waiting.size === 0) idle = setTimeout(end, IDLE_MS).unref();
  };
  const start = (): Worker => {
    const started = new Worker(new URL('./layout-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    started.on('message', hear);
    started.on('error', (error) => fail(started, error instanceof Error ? error : new Error(String(error))));
    started.on('exit', () => fail(started, new Error('the layout thread ended')));
    // It does not keep the process alive.
    started.unref();
    return started;
  };

  return {
    layOut(nodes, edges) {
      clearTimeout(idle);
      worker ??= start();
      const id = ++lastId;
      const order: LayoutOrder = {
        id,
        nodes: nodes.map(({ id: node, kind }) => ({ id: node, kind })),
        edges: edges.map(({ from, port, to }) => ({ from, port, to })),
      };
      return new Promise<Positions>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker?.postMessage(order);
      });
    },
    close: end,
  };
}
