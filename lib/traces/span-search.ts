/**
 * Search inside a trace. A term is text, or a comparison: `>5ms`, `<2s`, `error`, `ok`. All terms have to match;
 * text is looked for in what the columns hold and in `extra` (attributes and events, where they were decoded).
 */
import type { SpanColumns } from '@/lib/store/span-columns';

type Term =
  | { readonly kind: 'longer' | 'shorter'; readonly ms: number }
  | { readonly kind: 'status'; readonly error: boolean }
  | { readonly kind: 'text'; readonly text: string };

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
};

/** Rows that match, by row; `extra` adds text of a row, in lower case. */
export function searchRows(columns: SpanColumns, query: string, extra?: (row: number) => string): Uint8Array {
  const terms = readTerms(query);
  const found = new Uint8Array(columns.length);
  if (terms.length === 0) return found;
  for (let row = 0; row < columns.length; row++) {
    found[row] = terms.every((term) => matches(columns, row, term, extra)) ? 1 : 0;
  }
  return found;
}

function readTerms(query: string): Term[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean).map(readTerm);
}

function readTerm(text: string): Term {
  const comparison = /^([<>])=?(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m)?$/.exec(text);
  if (comparison) {
    const ms = Number(comparison[2]) * (UNIT_MS[comparison[3] ?? 'ms'] ?? 1);
    return { kind: comparison[1] === '>' ? 'longer' : 'shorter', ms };
  }
  if (text === 'error' || text === 'status:error') return { kind: 'status', error: true };
  if (text === 'ok' || text === 'status:ok') return { kind: 'status', error: false };
  return { kind: 'text', text };
}

function matches(
  columns: SpanColumns,
  row: number,
  term: Term,
  extra: ((row: number) => string) | undefined,
): boolean {
  switch (term.kind) {
    case 'longer':
      return durationMs(columns, row) > term.ms;
    case 'shorter':
      return durationMs(columns, row) < term.ms;
    case 'status':
      return (columns.status[row] === 2) === term.error;
    case 'text':
      return (
        holds(columns.names[columns.name[row] ?? 0], term.text) ||
        holds(columns.nodes[columns.node[row] ?? 0], term.text) ||
        holds(columns.batches[columns.batch[row] ?? 0], term.text) ||
        holds(columns.spanIds.at(row), term.text) ||
        (extra?.(row).includes(term.text) ?? false)
      );
  }
}

function durationMs(columns: SpanColumns, row: number): number {
  return ((columns.endNs[row] ?? 0) - (columns.startNs[row] ?? 0)) / 1e6;
}

function holds(value: string | undefined, text: string): boolean {
  return value?.toLowerCase().includes(text) ?? false;
}
