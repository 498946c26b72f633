/** A store of drawn traces, for tests: columns only, links read both ways. */
import type { SpanColumns } from '@/lib/store/span-columns';
import type { LinkedTrace, TelemetryStore } from '@/lib/store/telemetry-store';

export function memoryTraces(
  traces: readonly SpanColumns[],
  evicted: readonly string[] = [],
): TelemetryStore & { readonly reads: () => number } {
  const held = new Map(traces.map((columns) => [columns.traceId, columns]));
  const stateOf = (id: string): LinkedTrace['state'] =>
    held.has(id) ? 'held' : evicted.includes(id) ? 'evicted' : 'unknown';
  let reads = 0;
  return {
    reads: () => reads,
    listTraces: async () => ({ traces: [], total: 0, nextCursor: null }),
    traceState: async (id) => stateOf(id),
    traceSummary: async () => null,
    traceRevision: async (id) => (held.has(id) ? 1 : null),
    traceColumns: async (id) => {
      reads++;
      return held.get(id) ?? null;
    },
    traceSpans: async () => [],
    span: async () => null,
    spans: async (_, spanIds) => spanIds.map(() => null),
    controlMarks: async () => null,
    otlpPages: async () => null,
    logPages: async function* () {
      yield* [];
    },
    linkedTraces: async (id, limit) => {
      const up = (held.get(id)?.links ?? []).map((link) => link.traceId);
      const down = traces
        .filter((each) => each.links.some((link) => link.traceId === id))
        .map((each) => each.traceId);
      const linked: LinkedTrace[] = [
        ...[...new Set(up)].map((traceId) => ({
          traceId,
          direction: 'upstream' as const,
          state: stateOf(traceId),
        })),
        ...down.map((traceId) => ({ traceId, direction: 'downstream' as const, state: stateOf(traceId) })),
      ];
      return linked.slice(0, limit);
    },
  };
}
