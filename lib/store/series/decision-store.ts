/**
 * The engines' sampling decisions, each trace once: what "why kept" and what-if are made from. Those of kept traces
 * stay apart from the many others, so that they are there for about as long as their traces are.
 */
import type { DecisionFact } from '@/lib/model/facts';

/** Of kept traces and of others, each; beyond it the oldest of its kind leaves. */
export const MAX_DECISIONS = 10_000;

export interface DecisionStore {
  add(engine: string, fact: DecisionFact): void;
  of(traceId: string): DecisionFact | null;
  /** At most `limit` of that engine, newest first. */
  newest(engine: string, limit: number): readonly DecisionFact[];
  readonly kept: DecisionFill;
  readonly others: DecisionFill;
}

export interface DecisionFill {
  readonly size: number;
  readonly evicted: number;
}

interface Held {
  readonly engine: string;
  readonly fact: DecisionFact;
  /** Place in the order of arrival. */
  readonly nth: number;
}

export function createDecisionStore(limit = MAX_DECISIONS): DecisionStore {
  const kept = shelf(limit);
  const others = shelf(limit);
  let arrived = 0;
  return {
    add(engine, fact) {
      kept.held.delete(fact.traceId);
      others.held.delete(fact.traceId);
      (fact.kept ? kept : others).put({ engine, fact, nth: ++arrived });
    },
    of: (traceId) => (kept.held.get(traceId) ?? others.held.get(traceId))?.fact ?? null,
    newest: (engine, count) =>
      [...kept.newest(engine, count), ...others.newest(engine, count)]
        .sort((a, b) => b.nth - a.nth)
        .slice(0, count)
        .map(({ fact }) => fact),
    kept,
    others,
  };
}

function shelf(limit: number) {
  const held = new Map<string, Held>();
  let evicted = 0;
  return {
    held,
    put(one: Held): void {
      held.set(one.fact.traceId, one);
      if (held.size <= limit) return;
      const [oldest] = held.keys();
      if (oldest !== undefined) held.delete(oldest);
      evicted++;
    },
    newest(engine: string, count: number): readonly Held[] {
      const found: Held[] = [];
      for (const one of [...held.values()].reverse()) {
        if (found.length >= count) break;
        if (one.engine === engine) found.push(one);
      }
      return found;
    },
    get size() {
      return held.size;
    },
    get evicted() {
      return evicted;
    },
  };
}
