import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { createWorkerOrders } from './worker-orders';

/** Doubles numbers; throws at 13 and dies at 66. */
const SOURCE = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', ({ id, order }) => {
    if (order === 66) process.exit(1);
    parentPort.postMessage(order === 13 ? { id, error: 'no luck' } : { id, reply: 2 * order });
  });
`;

it('answers each order with its own reply, and starts another thread after one that died', async () => {
  let started = 0;
  const orders = createWorkerOrders<number, number>(() => {
    started++;
    return new Worker(SOURCE, { eval: true });
  });
  expect(started).toBe(0);
  expect(await Promise.all([1, 2, 3].map((order) => orders.ask(order)))).toEqual([2, 4, 6]);
  await expect(orders.ask(13)).rejects.toThrow('no luck');
  await expect(Promise.all([orders.ask(66), orders.ask(5)])).rejects.toThrow('the thread ended');
  expect(await orders.ask(7)).toBe(14);
  expect(started).toBe(2);
  await orders.close();
});

it('takes the memory of what is transferred along', async () => {
  const orders = createWorkerOrders<Uint8Array, number>(
    () =>
      new Worker(
        `require('node:worker_threads').parentPort.on('message', function ({ id, order }) {
          this.postMessage({ id, reply: order.length });
        });`,
        { eval: true },
      ),
  );
  const bytes = new Uint8Array(1_000);
  expect(await orders.ask(bytes, [bytes.buffer])).toBe(1_000);
  expect(bytes.length).toBe(0);
  await orders.close();
});
