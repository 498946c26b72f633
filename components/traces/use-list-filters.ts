'use client';
/** The filters of the list, in the URL. */
import {
  parseAsFloat,
  parseAsNativeArrayOf,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from 'nuqs';
import { useCallback, useMemo } from 'react';
import { parseAsNanos } from '@/lib/client/parse-as-nanos';
import type { TraceFilters } from '@/lib/client/query-keys';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { useEngineParam } from '@/lib/client/url-state';
import type { ListFilters } from './filter-text';

export const SORTS = ['-start', 'start', '-duration', 'duration'] as const;
export type Sort = (typeof SORTS)[number];

const KEYS = {
  node: parseAsNativeArrayOf(parseAsString).withDefault([]),
  signal: parseAsNativeArrayOf(parseAsString).withDefault([]),
  status: parseAsStringLiteral(['ok', 'error'] as const),
  minDurationMs: parseAsFloat,
  maxDurationMs: parseAsFloat,
  policy: parseAsString,
  control: parseAsString,
  q: parseAsString.withDefault(''),
  from: parseAsNanos,
  to: parseAsNanos,
  sort: parseAsStringLiteral(SORTS).withDefault('-start'),
};

export function useListFilters() {
  const [state, setState] = useQueryStates(KEYS);
  const [engine] = useEngineParam();
  const cursor = useTimeCursor();
  const { from, to, sort } = state;
  const filters = useMemo<ListFilters>(() => {
    const { from: _from, to: _to, sort: _sort, ...rest } = state;
    return rest;
  }, [state]);
  const request = useMemo<TraceFilters>(
    () => ({
      ...filters,
      status: filters.status ?? '',
      policy: filters.policy ?? '',
      control: filters.control ?? '',
      from,
      to: to ?? cursor.atUnixNano,
      sort,
      engine,
    }),
    [filters, from, to, sort, engine, cursor.atUnixNano],
  );
  const setFilters = useCallback(
    (next: ListFilters) =>
      void setState({
        ...next,
        node: next.node.length ? [...next.node] : null,
        signal: next.signal.length ? [...next.signal] : null,
        q: next.q || null,
      }),
    [setState],
  );
  const setRange = useCallback(
    (
      range: { from: string; to: string; minDurationMs: number | null; maxDurationMs: number | null } | null,
    ) => void setState(range ?? { from: null, to: null, minDurationMs: null, maxDurationMs: null }),
    [setState],
  );
  const setSort = useCallback((next: Sort) => void setState({ sort: next }), [setState]);
  const clear = useCallback(() => void setState(null), [setState]);
  return { filters, request, range: { from, to }, sort, setFilters, setRange, setSort, clear };
}
