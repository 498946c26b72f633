/** The JSON thread. */
import { replyToOrders } from '../worker-replies';
import type { JsonOrder, JsonReply } from './json-messages';
import { jsonToWire } from './json-to-wire';

replyToOrders<JsonOrder, JsonReply>((order) => {
  const reply = jsonToWire(order);
  return reply.ok ? { reply, transfer: [reply.wire.buffer] } : { reply };
});
