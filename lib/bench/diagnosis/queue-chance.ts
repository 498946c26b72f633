/** What chance and the faults decide of a batch: how long it is worked on, and where it goes. */
import { keyed, keyedSpread, mix } from './keyed-random';
import type { Message, Node, Output, Source } from './queue-state';

/** One stream of chance for each. */
export const PURPOSE = {
  work: 1,
  fail: 2,
  reduce: 3,
  route: 4,
  drop: 5,
  misroute: 6,
  gap: 7,
  signal: 8,
  items: 9,
  phase: 10,
};

/** How long a node works on a batch. */
export function workSeconds(node: Node, message: Message): number {
  const { serviceMs, perItem, usualItems, cv } = node.spec;
  const scale = 1 - perItem + (perItem * message.items) / Math.max(1, usualItems);
  const spread = keyedSpread(node.salt, message.key, PURPOSE.work, cv);
  return (serviceMs / 1_000) * scale * spread * node.faults.slow;
}

/** Where a batch goes, and what is left of it. */
export function outputsOf(node: Node, message: Message): Output[] {
  const { spec: own, faults, salt } = node;
  const ports = node.targets.length;
  if (ports === 0) return [];
  let { items } = message;
  if (own.reduces > 0) {
    items = Math.round(items * (1 - own.reduces * (0.7 + 0.6 * keyed(salt, message.key, PURPOSE.reduce))));
    items = Math.max(0, Math.min(message.items, items));
    node.tally.reduced += message.items - items;
    if (items === 0) return [];
  }
  const passed = { ...message, items };
  if (own.role === 'fanout') {
    node.tally.created += items * (ports - 1);
    return node.targets.map((_, port) => ({
      port,
      message: { ...passed, key: port === 0 ? message.key : mix(message.key, port) },
    }));
  }
  let port = 0;
  if (own.role === 'type_router') port = message.signal % ports;
  else if (own.role === 'content_router') {
    port = Math.min(ports - 1, Math.floor(keyed(salt, message.key, PURPOSE.route) ** 1.4 * ports));
  }
  if (faults.misroute > 0 && port === 0 && keyed(salt, message.key, PURPOSE.misroute) < faults.misroute) {
    port = ports - 1;
  }
  return [{ port, message: passed }];
}

/** The rate of a source at a moment over its mean. */
export function modulation({ spec: own, node }: Source, now: number): number {
  const { shape } = own;
  const phase = keyed(node.salt, 0, PURPOSE.phase);
  if (shape.kind === 'wave') {
    return 1 + shape.swing * Math.sin(2 * Math.PI * ((now * 1_000) / shape.periodMs + phase));
  }
  if (shape.kind !== 'bursty') return 1;
  const period = shape.onMs + shape.offMs;
  const isOn = (now * 1_000 + phase * period) % period < shape.onMs;
  const share = shape.onMs / period;
  return isOn ? 1 + shape.swing : Math.max(0.05, 1 - (shape.swing * share) / (1 - share));
}
