'use client';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { ErrorState, Loading } from '@/components/ui/states';
import type { TracesAnswer } from '@/lib/api/traces';
import { formatCount } from '@/lib/base/format';
import { epochNanosFromMs } from '@/lib/base/time';
import { errorMessage } from '@/lib/client/api-error';
import { fetchJson } from '@/lib/client/fetch-json';
import { resetNewTraces, useNewTraces } from '@/lib/client/new-traces';
import { FEW_SPANS, traceQuery, useHealth, useSelectedEngine } from '@/lib/client/queries';
import { queryKeys } from '@/lib/client/query-keys';
import { FIRST_ROWS, rowsQuery } from '@/lib/client/rows-query';
import { traceHref } from '@/lib/client/trace-href';
import { useShortcut } from '@/lib/client/use-shortcut';
import { DurationScatter, type ScatterRange } from './duration-scatter';
import { FileDrop, OpenFiles, useFileImport } from './file-drop';
import { FilterBar } from './filter-bar';
import { FilteredToNothing, NothingYet } from './list-states';
import { TracesTable } from './traces-table';
import { useListFilters } from './use-list-filters';

const PAGE = 500;
const REST_MS = 120;

export function TracesPage() {
  const list = useListFilters();
  const files = useFileImport();
  const router = useRouter();
  const search = useSearchParams();
  const client = useQueryClient();
  const { sinceReset } = useNewTraces();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [current, setCurrent] = useState(-1);
  const query = useInfiniteQuery({
    queryKey: queryKeys.traces({ ...list.request, limit: PAGE }),
    queryFn: ({ signal, pageParam }) =>
      fetchJson<TracesAnswer>('/api/v1/traces', {
        query: { ...list.request, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: (before) => before,
  });
  const traces = useMemo(() => query.data?.pages.flatMap((page) => page.traces) ?? [], [query.data]);
  const first = query.data?.pages[0];
  const hrefOf = useCallback((traceId: string) => traceHref(traceId, search), [search]);
  // What the page of a trace begins with is asked for as the pointer comes down, not when that page is there.
  const reach = useCallback(
    (traceId: string) => {
      void client.prefetchQuery(traceQuery(traceId, FEW_SPANS));
      void client.prefetchQuery(rowsQuery(traceId, 0, FIRST_ROWS));
    },
    [client],
  );
  // Whoever rests on a row for a moment is likely to open it.
  const resting = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const rest = useCallback(
    (traceId: string | null) => {
      clearTimeout(resting.current);
      if (traceId !== null) resting.current = setTimeout(() => reach(traceId), REST_MS);
    },
    [reach],
  );
  useEffect(() => () => clearTimeout(resting.current), []);
  const open = useCallback(
    (traceId: string) => {
      reach(traceId);
      router.push(hrefOf(traceId));
    },
    [router, hrefOf, reach],
  );
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const pick = useCallback(
    (traceId: string) =>
      setPicked((before) =>
        before.includes(traceId) ? before.filter((each) => each !== traceId) : [...before, traceId].slice(-2),
      ),
    [],
  );
  const select = ({ fromMs, toMs, minDurationMs, maxDurationMs }: ScatterRange) =>
    list.setRange({
      from: epochNanosFromMs(fromMs).toString(),
      to: epochNanosFromMs(toMs).toString(),
      minDurationMs: rounded(minDurationMs),
      maxDurationMs: rounded(maxDurationMs),
    });
  const showNew = () => {
    resetNewTraces();
    void client.invalidateQueries({ queryKey: ['traces', 'list'] });
  };
  useShortcut('rows.down', () => setCurrent((at) => Math.min(traces.length - 1, at + 1)));
  useShortcut('rows.up', () => setCurrent((at) => Math.max(0, at - 1)));
  useShortcut('rows.open', () => {
    const trace = traces[current];
    if (trace) open(trace.traceId);
  });
  useShortcut('clear', () => (current >= 0 ? setCurrent(-1) : list.clear()));
  return (
    <FileDrop {...files}>
      <header className="flex flex-none flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface px-4 py-2">
        <h1 className="text-l font-semibold">Traces</h1>
        <FilterBar
          filters={list.filters}
          range={list.range}
          onChange={list.setFilters}
          onClearRange={() => list.setRange(null)}
        />
        <span className="flex-1" />
        {sinceReset > 0 ? (
          <Button variant="primary" onClick={showNew}>
            +{formatCount(sinceReset)} new
          </Button>
        ) : null}
        {picked.length > 0 ? (
          <Button
            variant={picked.length === 2 ? 'primary' : 'plain'}
            disabled={picked.length !== 2}
            title="Select two traces to compare them"
            onClick={() => router.push(`/traces/compare?a=${picked[0]}&b=${picked[1]}`)}
          >
            Compare {picked.length} of 2
          </Button>
        ) : null}
        <OpenFiles {...files} />
        <Totals answer={first} shown={traces.length} />
      </header>
      <Body query={query} traces={traces} filtered={isFiltered(list)} onClear={list.clear}>
        <DurationScatter traces={traces} onSelect={select} onOpen={open} />
        <TracesTable
          traces={traces}
          total={first?.total ?? 0}
          sort={list.sort}
          onSort={list.setSort}
          current={current}
          picked={picked}
          onPick={pick}
          onOpen={open}
          hrefOf={hrefOf}
          onReach={reach}
          onRest={rest}
          onEnd={more}
        />
      </Body>
    </FileDrop>
  );
}

/** The list, or why there is none. */
function Body(props: {
  readonly query: {
    readonly error: Error | null;
    readonly isPending: boolean;
    readonly refetch: () => unknown;
  };
  readonly traces: readonly unknown[];
  readonly filtered: boolean;
  readonly onClear: () => void;
  readonly children: React.ReactNode;
}) {
  const { data: health } = useHealth();
  const engine = useSelectedEngine();
  const { query } = props;
  if (query.error)
    return (
      <ErrorState
        title="The list cannot be read"
        message={errorMessage(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  if (query.isPending) return <Loading label="Reading the list …" />;
  if (props.traces.length > 0) return props.children;
  if (props.filtered) return <FilteredToNothing onClear={props.onClear} />;
  return (
    <NothingYet
      endpoint={health?.endpoints.otlpHttp ?? 'http://127.0.0.1:4318'}
      mode={engine?.tracing?.mode ?? null}
    />
  );
}

function Totals({ answer, shown }: { readonly answer: TracesAnswer | undefined; readonly shown: number }) {
  if (!answer) return null;
  return (
    <p
      className="num text-s text-ink-2"
      title="Traces that are here, loaded and in all; kept of all that ran, where sampling is on"
    >
      {shown < answer.total ? `${formatCount(shown)} of ` : ''}
      {formatCount(answer.total)} traces
      {answer.sampled ? (
        <span className="text-ink-3">
          {' '}
          · kept {formatCount(answer.sampled.kept)} of {formatCount(answer.sampled.seen)}
        </span>
      ) : null}
    </p>
  );
}

function isFiltered(list: ReturnType<typeof useListFilters>): boolean {
  const { request } = list;
  return Boolean(
    request.node?.length ||
      request.signal?.length ||
      request.status ||
      request.minDurationMs ||
      request.maxDurationMs ||
      request.policy ||
      request.control ||
      request.q ||
      request.from ||
      request.to,
  );
}

function rounded(ms: number): number {
  return Number(ms.toPrecision(3));
}
