/** Arbitrary traces for property tests: any shape, with cycles, self parents and parents that never came. */
import * as fc from 'fast-check';
import { listedSpanIds } from '@/lib/store/listed-span-ids';
import type { ColumnLink, SpanColumns } from '@/lib/store/span-columns';

export interface RandomSpan {
  readonly parent: number;
  readonly start: number;
  readonly duration: number;
  readonly node: number;
  readonly batch: number;
  readonly outcome: number;
}

export const randomSpans = fc
  .array(
    fc.record({
      parent: fc.integer({ min: -2, max: 24 }),
      start: fc.integer({ min: 0, max: 50 }),
      duration: fc.integer({ min: 0, max: 50 }),
      node: fc.integer({ min: 0, max: 4 }),
      batch: fc.integer({ min: 0, max: 3 }),
      outcome: fc.integer({ min: 0, max: 5 }),
    }),
    { minLength: 0, maxLength: 25 },
  )
  .map((spans) =>
    [...spans]
      .sort((a, b) => a.start - b.start)
      .map((span) => ({ ...span, parent: span.parent >= spans.length ? -2 : span.parent })),
  );

/** The same with siblings that are alike, so that some are shown for others. */
export const spansWithCopies = fc
  .tuple(randomSpans, fc.integer({ min: 0, max: 30 }))
  .map(([spans, copies]) => [
    ...spans,
    ...Array.from({ length: spans.length > 0 ? copies : 0 }, (_, i) => ({
      parent: i % 2,
      start: 60,
      duration: 1 + (i % 3),
      node: 0,
      batch: 0,
      outcome: 0,
    })),
  ]);

export function columnsOf(
  traceId: string,
  spans: readonly RandomSpan[],
  links: readonly ColumnLink[] = [],
): SpanColumns {
  const nodes = ['n0', 'n1', 'n2', 'n3', 'n4'];
  const zeros = new Float64Array(spans.length);
  return {
    traceId,
    originUnixNano: 0n,
    length: spans.length,
    spanIds: listedSpanIds(spans.map((_, row) => `${traceId}/${row}`)),
    parent: Int32Array.from(spans, (span) => span.parent),
    startNs: Float64Array.from(spans, (span) => span.start * 1e6),
    endNs: Float64Array.from(spans, (span) => (span.start + span.duration) * 1e6),
    waitMs: zeros,
    workMs: Float64Array.from(spans, (span) => Math.max(0, span.duration - span.outcome)),
    blockedMs: zeros,
    outcomeWaitMs: Float64Array.from(spans, (span) => Math.min(span.outcome, span.duration)),
    heldMs: zeros,
    items: zeros,
    status: new Uint8Array(spans.length),
    node: Uint32Array.from(spans, (span) => span.node),
    name: Uint32Array.from(spans, (span) => span.node),
    batch: Uint32Array.from(spans, (span) => span.batch),
    nodes,
    names: nodes,
    batches: ['b0', 'b1', 'b2', 'b3'],
    links,
  };
}
