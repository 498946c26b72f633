import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createOrderLog, MAX_ORDERS } from './order-log';

it('tells the order that stood at a moment, whatever was noted when', () => {
  const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
  fc.assert(
    fc.property(fc.array(ids, { maxLength: 40 }), fc.nat(50), (orders, moment) => {
      const log = createOrderLog();
      for (const [at, order] of orders.entries()) log.note(at, order);
      const stood = orders[Math.min(moment, orders.length - 1)] ?? [];
      expect([...log.at(moment)]).toEqual(stood.map((id, i) => [id, i]));
    }),
  );
});

it('forgets the oldest beyond its bound, and knows nothing before the first', () => {
  const log = createOrderLog();
  for (let at = 0; at <= MAX_ORDERS; at++) log.note(at, [`${at}`]);
  expect(log.at(0).size).toBe(0);
  expect([...log.at(1)]).toEqual([['1', 0]]);
  expect(log.at(-1).size).toBe(0);
});
