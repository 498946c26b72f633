'use client';
/** What of a trace page stands in its URL. */
import { parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';

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
