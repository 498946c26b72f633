/** A store under test: every call is followed by the ledger's equation and the bound on bytes. */
import { expect } from 'vitest';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import { engineId } from '@/lib/model/engine';
import { createSpanStore } from '../create-span-store';
import type { IngestResult, SpanStore, SpanStoreOptions } from '../span-store';
import { request, T0, type TestSpan } from './spans';

export interface TestStore extends SpanStore {
  /** Appends and expects it to be taken whole. */
  take(spans: readonly TestSpan[]): void;
  check(): void;
}

export function testStore(options: Partial<SpanStoreOptions> = {}): TestStore {
  const store = createSpanStore({
    budgetBytes: 16 * 2 ** 20,
    clock: createVirtualClock(T0),
    resolveEngine: ({ service }) => engineId(service),
    ...options,
  });
  const check = () => {
    for (const { received, stored, evicted, rejected, duplicate } of Object.values(store.ledger())) {
      if (received !== stored + evicted + rejected + duplicate || stored < 0)
        expect({ received, stored, evicted, rejected, duplicate }).toBe('equal');
    }
    const { bytes, budgetBytes } = store.stats();
    if (bytes > budgetBytes) expect(bytes).toBeLessThanOrEqual(budgetBytes);
  };
  const checked =
    <A extends unknown[]>(call: (...args: A) => IngestResult) =>
    (...args: A) => {
      const result = call(...args);
      check();
      return result;
    };
  return {
    ...store,
    appendTraces: checked(store.appendTraces),
    appendLogs: checked(store.appendLogs),
    appendMetrics: checked(store.appendMetrics),
    appendTracesJson: checked(store.appendTracesJson),
    appendLogsJson: checked(store.appendLogsJson),
    appendMetricsJson: checked(store.appendMetricsJson),
    check,
    take(spans) {
      const result = store.appendTraces(request(spans));
      expect(result).toEqual({ ok: true, received: spans.length, rejected: 0, message: '' });
      check();
    },
  };
}
