/** The worker's side of `worker-orders.ts`: one order after the other. */
import { parentPort, type Transferable } from 'node:worker_threads';
import type { NumberedOrder, NumberedReply } from './worker-orders';

export interface Done<Reply> {
  readonly reply: Reply;
  /** Handed over instead of copied. */
  readonly transfer?: readonly Transferable[];
}

export function replyToOrders<Order, Reply>(
  work: (order: Order) => Done<Reply> | Promise<Done<Reply>>,
): void {
  const port = parentPort;
  if (!port) throw new Error('this file runs as a worker thread');
  const send = (message: NumberedReply<Reply>, transfer: readonly Transferable[] = []) =>
    port.postMessage(message, transfer);
  port.on('message', async ({ id, order }: NumberedOrder<Order>) => {
    try {
      const { reply, transfer } = await work(order);
      send({ id, reply }, transfer);
    } catch (error) {
      send({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
}
