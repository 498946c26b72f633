import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DecisionFact } from '@/lib/model/facts';
import { createDecisionStore } from './decision-store';

const LIMIT = 5;

it('holds the newest of kept traces and of others, each trace once, and counts what left', () => {
  const arrivals = fc.array(
    fc.record({ trace: fc.nat(12), kept: fc.boolean(), engine: fc.constantFrom('a', 'b') }),
  );
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 8 }), (told, count) => {
      const store = createDecisionStore(LIMIT);
      let model: { trace: number; kept: boolean; engine: string; nth: number }[] = [];
      let gone = 0;
      for (const [nth, one] of told.entries()) {
        store.add(one.engine, decision(`t${one.trace}`, one.kept));
        model = [...model.filter(({ trace }) => trace !== one.trace), { ...one, nth }];
        const ofKind = model.filter(({ kept }) => kept === one.kept);
        if (ofKind.length > LIMIT) {
          model = model.filter((held) => held !== ofKind[0]);
          gone++;
        }
      }
      for (const engine of ['a', 'b']) {
        const newest = model.filter((held) => held.engine === engine).reverse();
        expect(store.newest(engine, count).map(({ traceId }) => traceId)).toEqual(
          newest.slice(0, count).map(({ trace }) => `t${trace}`),
        );
      }
      expect(store.kept.size + store.others.size).toBe(model.length);
      expect(store.kept.evicted + store.others.evicted).toBe(gone);
      for (let trace = 0; trace <= 12; trace++) {
        const held = model.find((one) => one.trace === trace);
        expect(store.of(`t${trace}`)?.kept ?? null).toBe(held?.kept ?? null);
      }
    }),
  );
});

function decision(traceId: string, kept: boolean): DecisionFact {
  return {
    kind: 'decision',
    timeNano: 0n,
    traceId,
    kept,
    by: kept ? 'errors' : '',
    votes: {},
    status: 'ok',
    durationMs: 1,
    nodes: [],
    spanCount: 1,
    attributes: {},
  };
}
