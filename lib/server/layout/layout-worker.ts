/** The layout thread. */
import type { Positions } from '@/lib/topology/elk-graph';
import { placeCards } from '@/lib/topology/place-cards';
import { replyToOrders } from '../worker-replies';
import type { LayoutOrder } from './layout-messages';

replyToOrders<LayoutOrder, Positions>(async ({ nodes, edges }) => ({
  reply: await placeCards(nodes, edges),
}));
