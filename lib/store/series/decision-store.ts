/** The engine's sampling decisions, newest last, each trace once: what "why kept" and what-if are made from. */
import type { DecisionFact } from '@/lib/model/facts';

export const MAX_DECISIONS = 10_000;

export interface DecisionStore {
  add(engine: string, fact: DecisionFact): void;
  of(traceId: string): DecisionFact | null;
  /** At most `limit` of that engine, newest first. */
  newest(engine: string, limit: number): readonly DecisionFact[];
  readonly size: number;
  readonly evicted: number;
}

export function createDecisionStore(limit = MAX_DECISIONS): DecisionStore {
  const held = new Map<string, { readonly engine: string; readonly fact: DecisionFact }>();
  let evicted = 0;
  return {
    add(engine, fact) {
      held.delete(fact.traceId);
      held.set(fact.traceId, { engine, fact });
      if (held.size <= limit) return;
      for (const oldest of held.keys()) {
        held.delete(oldest);
        evicted++;
        break;
      }
    },
    of: (traceId) => held.get(traceId)?.fact ?? null,
    newest(engine, count) {
      const facts: DecisionFact[] = [];
      for (const entry of [...held.values()].reverse()) {
        if (facts.length >= count) break;
        if (entry.engine === engine) facts.push(entry.fact);
      }
      return facts;
    },
    get size() {
      return held.size;
    },
    get evicted() {
      return evicted;
    },
  };
}
