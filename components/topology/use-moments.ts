'use client';
/** The two moments that are compared: the cursor (or now), and one before it, fixed in the URL or so long ago. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import type { ControlActionsAnswer } from '@/lib/api/control';
import type { TopologyAnswer } from '@/lib/api/topology';
import { unixMsFromNano } from '@/lib/base/format';
import { epochNanosFromMs } from '@/lib/base/time';
import { fetchJson } from '@/lib/client/fetch-json';
import { parseAsNanos } from '@/lib/client/parse-as-nanos';
import type { FindingsAnswer } from '@/lib/client/queries';
import { queryKeys } from '@/lib/client/query-keys';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { useScope } from '@/lib/client/url-state';
import { useNow } from '@/lib/client/use-now';
import { type Change, changesBetween } from '@/lib/topology/changes';

export const BACK = ['30s', '1m', '5m', '15m', '30m'] as const;
export type Back = (typeof BACK)[number];
const BACK_MS: Readonly<Record<Back, number>> = {
  '30s': 30_000,
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
};
/** A comparison with now is made anew this often. */
const ROUND_MS = 5_000;

export interface Moments {
  readonly beforeMs: number | null;
  readonly afterMs: number | null;
  /** Null where the moment before is fixed. */
  readonly back: Back | null;
  readonly changes: readonly Change[] | null;
  readonly error: Error | null;
  setBack(back: Back): void;
  setBefore(ms: number): void;
  /** Freezes the cursor there. */
  setAfter(ms: number): void;
  setBoth(beforeMs: number, afterMs: number): void;
}

export function useMoments(): Moments {
  const cursor = useTimeCursor();
  const round = useNow(ROUND_MS);
  const [state, setState] = useQueryStates({
    since: parseAsNanos,
    back: parseAsStringLiteral(BACK).withDefault('5m'),
    at: parseAsNanos,
  });
  const fixed = unixMsFromNano(state.since);
  const afterMs = cursor.atMs ?? round;
  const beforeMs = fixed ?? (afterMs === null ? null : afterMs - BACK_MS[state.back]);
  const comparison = useComparison(beforeMs, afterMs);
  const nanos = (ms: number) => epochNanosFromMs(Math.round(ms)).toString();
  return {
    beforeMs,
    afterMs,
    back: fixed === null ? state.back : null,
    ...comparison,
    setBack: (back) => void setState({ back, since: null }),
    setBefore: (ms) => void setState({ since: nanos(ms) }),
    setAfter: (ms) => void setState({ at: nanos(ms) }),
    setBoth: (before, after) => void setState({ since: nanos(before), at: nanos(after) }),
  };
}

/** Figures of ten seconds would tell the weather of the load. */
const LEAST_WINDOW = '1m';

function useComparison(beforeMs: number | null, afterMs: number | null) {
  const { engine, pipeline, window: chosen } = useScope();
  const window = chosen === '10s' ? LEAST_WINDOW : chosen;
  const from = beforeMs === null ? '' : epochNanosFromMs(Math.round(beforeMs)).toString();
  const to = afterMs === null ? '' : epochNanosFromMs(Math.round(afterMs)).toString();
  const { data, error } = useQuery({
    queryKey: queryKeys.comparison(engine, window, from, to),
    queryFn: async ({ signal }) => {
      const mapAt = (at: string) =>
        fetchJson<TopologyAnswer>('/api/v1/topology', { query: { engine, pipeline, window, at }, signal });
      const [before, after, findings, actions] = await Promise.all([
        mapAt(from),
        mapAt(to),
        fetchJson<FindingsAnswer>('/api/v1/findings', { query: { engine, from, to }, signal }),
        fetchJson<ControlActionsAnswer>('/api/v1/control/actions', {
          query: { engine: engine || null, from, to },
          signal,
        }),
      ]);
      return { before, after, findings: findings.findings, actions: actions.actions };
    },
    enabled: from !== '' && to !== '' && BigInt(from) < BigInt(to),
    placeholderData: keepPreviousData,
  });
  const changes = useMemo(() => (data ? changesBetween(data) : null), [data]);
  return { changes, error };
}
