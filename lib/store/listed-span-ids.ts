/** Span ids that are texts already: of rows that nobody sent, and of drawn traces. */
import type { SpanIds } from './span-columns';

export function listedSpanIds(ids: readonly string[]): SpanIds {
  let rows: ReadonlyMap<string, number> | null = null;
  return {
    length: ids.length,
    at: (row) => ids[row] ?? '',
    rowOf(spanId) {
      rows ??= new Map(ids.map((id, row) => [id, row]));
      return rows.get(spanId) ?? -1;
    },
  };
}
