'use client';
/** What of a trace page stands in its URL. */
import { parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { FIRST_ROWS, type RowsRequest } from '@/lib/client/rows-query';
import { parseSpanRef } from './span-ref';

export const TABS = ['trace', 'journey', 'statistics', 'log'] as const;
export type TraceTab = (typeof TABS)[number];

export function useTraceUrl() {
  return useQueryStates({
    tab: parseAsStringLiteral(TABS).withDefault('trace'),
    /** The span that is open; with its trace before it where it is another's. */
    span: parseAsString.withDefault(''),
    /** Moment of the event of that span that is looked at. */
    event: parseAsString.withDefault(''),
    q: parseAsString.withDefault(''),
    /** Rows deeper than this are folded. */
    depth: parseAsInteger,
    /** Nodes whose rows are folded. */
    closed: parseAsArrayOf(parseAsString).withDefault([]),
    /** Every row, also where one would stand for many alike. */
    alike: parseAsStringLiteral(['all']),
    /** Shown stretch of time, milliseconds after the origin. */
    z: parseAsString.withDefault(''),
    /** Where links were followed from, oldest first. */
    via: parseAsString.withDefault(''),
  });
}

/** The rows that a page with this URL shows first. */
export function firstRowsOf(url: ReturnType<typeof useTraceUrl>[0], traceId: string): RowsRequest {
  return {
    ...FIRST_ROWS,
    depth: url.depth,
    query: url.q,
    reveal: parseSpanRef(url.span, traceId)?.spanId ?? null,
    closed: url.closed,
    foldSimilar: url.alike === null,
  };
}
