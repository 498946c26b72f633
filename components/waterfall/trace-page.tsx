'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { EmptyState, ErrorState, Loading } from '@/components/ui/states';
import { formatBytes, formatClock } from '@/lib/base/format';
import { ApiError, errorMessage, isEvicted } from '@/lib/client/api-error';
import { useHealth, useTrace } from '@/lib/client/queries';
import { rowsQuery } from '@/lib/client/rows-query';
import { firstRowsOf, useTraceUrl } from './trace-url';
import { TraceView } from './trace-view';

/** One trace, or why there is none to show. */
export function TracePage({ traceId }: { readonly traceId: string }) {
  const { data, error, refetch } = useTrace(traceId);
  const [url] = useTraceUrl();
  // Asked for beside the trace and not after it: the rows are what one waits for.
  useQuery({ ...rowsQuery(traceId, 0, firstRowsOf(url, traceId)), enabled: !data && !error });
  if (data) return <TraceView key={traceId} answer={data} />;
  if (isEvicted(error)) return <EvictedTrace traceId={traceId} />;
  if (error instanceof ApiError && error.status === 404) return <UnknownTrace traceId={traceId} />;
  if (error)
    return (
      <ErrorState
        title="The trace cannot be read"
        message={errorMessage(error)}
        onRetry={() => void refetch()}
      />
    );
  return <Loading label="Reading the trace …" />;
}

function EvictedTrace({ traceId }: { readonly traceId: string }) {
  const { data: health } = useHealth();
  return (
    <EmptyState title="This trace has left the store" action={<ToList />}>
      <p>
        <span className="num break-all text-ink">{traceId}</span> was here, and was let go to make room: whole
        traces leave oldest first.
      </p>
      {health ? (
        <p>
          The store holds <span className="num">{formatBytes(health.store.bytes)}</span> of its budget of{' '}
          <span className="num">{formatBytes(health.store.budgetBytes)}</span>; the oldest trace in it is of{' '}
          <span className="num">{formatClock(health.store.oldestUnixNano)}</span>. A larger{' '}
          <code className="num text-ink">WEIR_STORE_BUDGET</code> keeps more.
        </p>
      ) : null}
    </EmptyState>
  );
}

function UnknownTrace({ traceId }: { readonly traceId: string }) {
  return (
    <EmptyState title="No such trace" action={<ToList />}>
      <p>
        Nothing with the id <span className="num break-all text-ink">{traceId}</span> has come here. In tail
        mode it may have been recorded and not kept; with tracing off it was never made.
      </p>
    </EmptyState>
  );
}

function ToList() {
  return (
    <Link href="/traces" className="text-accent hover:underline">
      All traces that are here
    </Link>
  );
}
