'use client';
/** What of a trace page stands in its URL. */
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';

export const TABS = ['trace', 'journey', 'statistics', 'log'] as const;
export type TraceTab = (typeof TABS)[number];

export function useTraceUrl() {
  return useQueryStates({
    tab: parseAsStringLiteral(TABS).withDefault('trace'),
    /** The span that is open; with its trace before it where it is another's. */
    span: parseAsString.withDefault(''),
    q: parseAsString.withDefault(''),
    /** Rows deeper than this are folded. */
    depth: parseAsInteger,
    /** Shown stretch of time, milliseconds after the origin. */
    z: parseAsString.withDefault(''),
    /** Where links were followed from, oldest first. */
    via: parseAsString.withDefault(''),
  });
}
