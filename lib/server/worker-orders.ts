/**
 * Work off the event loop: a worker thread that starts with the first order and ends when it has had none for a while,
 * so that its memory is given back. Should it break, what it was at fails and the next order starts another.
 */
import type { Transferable, Worker } from 'node:worker_threads';

/** Sent to the worker, which answers with the same id. */
export interface NumberedOrder<Order> {
  readonly id: number;
  readonly order: Order;
}

export type NumberedReply<Reply> =
  | { readonly id: number; readonly reply: Reply }
  | { readonly id: number; readonly error: string };

export interface WorkerOrders<Order, Reply> {
  /** Rejects where the work threw or the worker broke. What is transferred is gone here. */
  ask(order: Order, transfer?: readonly Transferable[]): Promise<Reply>;
  close(): Promise<void>;
}

const IDLE_MS = 60_000;

interface Waiting<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** `start` names the worker's file, where the bundler can see it. */
export function createWorkerOrders<Order, Reply>(start: () => Worker): WorkerOrders<Order, Reply> {
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  const waiting = new Map<number, Waiting<Reply>>();

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
  const hear = (message: NumberedReply<Reply>) => {
    const order = waiting.get(message.id);
    waiting.delete(message.id);
    if ('error' in message) order?.reject(new Error(message.error));
    else order?.resolve(message.reply);
    if (waiting.size === 0) idle = setTimeout(end, IDLE_MS).unref();
  };
  const begin = (): Worker => {
    const started = start();
    started.on('message', hear);
    started.on('error', (error) => fail(started, error instanceof Error ? error : new Error(String(error))));
    started.on('exit', () => fail(started, new Error('the thread ended')));
    // It does not keep the process alive.
    started.unref();
    return started;
  };

  return {
    ask(order, transfer = []) {
      clearTimeout(idle);
      worker ??= begin();
      const numbered: NumberedOrder<Order> = { id: ++lastId, order };
      return new Promise<Reply>((resolve, reject) => {
        waiting.set(numbered.id, { resolve, reject });
        worker?.postMessage(numbered, transfer);
      });
    },
    close: end,
  };
}
