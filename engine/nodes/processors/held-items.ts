/**
 * What a batch processor holds of one signal: contributions in the order of arrival, the first of which may have been
 * flushed in part. Pure state: cutting takes pieces off the front, and says what the output is made of.
 *
 *   held   [ a: 30 ][ b: 50 ][ c: 20 ]
 *   cut 64 [ a: 30 ][ b: 34 │16 ][ c: 20 ]  →  pieces a 30 (last), b 34; left b 16, c 20
 */
import type { Contribution, Piece } from '@/engine/core/node';
import type { Payload } from '@/engine/core/payload';
import { mergePayloads, payloadFromData } from '@/engine/core/payload-otlp';
import { selectItems } from '../items';

interface Held {
  readonly contribution: Contribution;
  readonly payload: Payload;
  readonly items: number;
  /** Items of it that went into earlier flushes. */
  taken: number;
}

export interface Cut {
  readonly pieces: readonly Piece[];
  readonly payload: Payload;
  readonly items: number;
}

export interface HeldItems {
  readonly items: number;
  add(contribution: Contribution, payload: Payload, items: number): void;
  /** At most `limit` items off the front; `null` where nothing is held. */
  cut(limit: number): Cut | null;
}

export function createHeldItems(): HeldItems {
  const queue: Held[] = [];
  let total = 0;
  return {
    get items() {
      return total;
    },
    add(contribution, payload, items) {
      queue.push({ contribution, payload, items, taken: 0 });
      total += items;
    },
    cut(limit) {
      const pieces: Piece[] = [];
      const payloads: Payload[] = [];
      let items = 0;
      while (items < limit) {
        const [first] = queue;
        if (!first) break;
        const count = Math.min(first.items - first.taken, limit - items);
        const last = first.taken + count === first.items;
        pieces.push({ contribution: first.contribution, items: count, last });
        payloads.push(part(first, count));
        first.taken += count;
        items += count;
        if (last) queue.shift();
      }
      total -= items;
      return pieces.length === 0 ? null : { pieces, payload: mergePayloads(payloads), items };
    },
  };
}

/** The next `count` items of what is held; the payload as it came where that is all of it. */
function part(held: Held, count: number): Payload {
  if (held.taken === 0 && count === held.items) return held.payload;
  const from = held.taken;
  return payloadFromData(
    selectItems(held.payload.decoded(), (index) => index >= from && index < from + count),
  );
}
