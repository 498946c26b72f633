/** The layout thread: one order after the other. */
import { parentPort } from 'node:worker_threads';
import { placeCards } from '@/lib/topology/place-cards';
import type { LayoutOrder, LayoutReply } from './layout-messages';

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread');

const reply = (message: LayoutReply) => port.postMessage(message);

port.on('message', ({ id, nodes, edges }: LayoutOrder) => {
  placeCards(nodes, edges).then(
    (positions) => reply({ id, positions }),
    (error: unknown) => reply({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
