'use client';
import Link from 'next/link';
import { GroupHeading } from '@/components/ui/panel';
import { TracingOff } from '@/components/ui/teaching-states';
import { TimeSplitBar } from '@/components/ui/time-split-bar';
import { usePageHref } from '@/components/ui/use-page-href';
import { formatCompact, formatCount, formatMs } from '@/lib/base/format';
import { useSelectedEngine, useTraces } from '@/lib/client/queries';
import { useTimeCursor } from '@/lib/client/time-cursor';
import type { TraceSummary } from '@/lib/model/trace-query';

const SHOWN = 7;
const REFETCH_MS = 2_000;

/** The newest batches that went through a node; each leads to its trace. */
export function LastBatches({ node }: { readonly node: string }) {
  const engine = useSelectedEngine();
  const cursor = useTimeCursor();
  const hrefFor = usePageHref();
  const { data } = useTraces(
    { engine: engine?.id ?? '', node: [node], sort: '-start', limit: SHOWN, to: cursor.atUnixNano },
    { refetchMs: cursor.live ? REFETCH_MS : false },
  );
  const sampled = data?.sampled;
  const kept = sampled
    ? `kept ${formatCount(sampled.kept)} of ${formatCount(sampled.seen)}`
    : data
      ? formatCount(data.total)
      : '';
  const off = engine?.tracing?.mode === 'none';
  return (
    <section aria-label="Last batches">
      <GroupHeading
        aside={
          <Link
            href={hrefFor(`/traces?node=${encodeURIComponent(node)}`)}
            className="font-medium text-accent hover:underline"
          >
            {kept ? `${kept} →` : 'all →'}
          </Link>
        }
      >
        LAST BATCHES
      </GroupHeading>
      {data && data.traces.length > 0 ? (
        <ul>
          {data.traces.map((trace) => (
            <BatchRow key={trace.traceId} trace={trace} href={hrefFor(`/traces/${trace.traceId}`)} />
          ))}
        </ul>
      ) : off ? (
        <TracingOff />
      ) : (
        <p className="text-s text-ink-3">{data ? 'None held that went through here.' : 'Loading …'}</p>
      )}
    </section>
  );
}

function BatchRow({ trace, href }: { readonly trace: TraceSummary; readonly href: string }) {
  const failed = trace.status === 'error';
  return (
    <li className="border-b border-line">
      <Link
        href={href}
        title={failed ? trace.statusMessage || 'failed' : trace.rootName}
        className="num grid h-6 grid-cols-[minmax(62px,auto)_1fr_62px_44px] items-center gap-2 text-xs text-ink-2 hover:bg-free/40"
      >
        <b className={failed ? 'truncate font-medium text-bad' : 'truncate font-medium text-ink'}>
          {trace.batchId || trace.traceId.slice(0, 8)}
          {failed ? ' ✕' : ''}
        </b>
        <TimeSplitBar split={{ waitMs: trace.waitMs, workMs: trace.workMs, blockedMs: trace.blockedMs }} />
        <span className="text-right">{formatMs(trace.durationMs)}</span>
        <span className="text-right">{formatCompact(trace.items)}</span>
      </Link>
    </li>
  );
}
