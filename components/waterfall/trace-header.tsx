'use client';
import { ArrowLeft, Download, GitCompareArrows, Link2, TextQuote } from 'lucide-react';
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { showToast } from '@/components/ui/toast';
import type { TraceAnswer } from '@/lib/api/traces';
import { refetchOf } from '@/lib/client/queries';
import { useNow } from '@/lib/client/use-now';
import { summaryText } from '@/lib/traces/summary-text';
import { headerFigures } from './header-figures';

const BUTTON =
  'inline-flex h-[26px] items-center gap-1.5 whitespace-nowrap rounded-m border border-line bg-raised px-2.5 text-s text-ink-2 hover:border-line-strong hover:text-ink';

export function TraceHeader(props: {
  readonly answer: TraceAnswer;
  /** Where "back" leads, or null. */
  readonly backHref: string | null;
}) {
  const { answer } = props;
  const { trace } = answer;
  const now = useNow(5_000);
  const errors = answer.statistics.reduce((sum, node) => sum + node.errors, 0);
  return (
    <header className="flex flex-none flex-wrap items-center gap-x-5 gap-y-2 bg-surface px-4 pb-1 pt-3">
      <div className="flex min-w-0 items-center gap-2">
        {props.backHref ? (
          <Link
            href={props.backHref}
            className="text-ink-3 hover:text-ink"
            aria-label="Back to where the link was followed"
            title="Back to where the link was followed"
          >
            <ArrowLeft size={15} aria-hidden="true" />
          </Link>
        ) : null}
        <h1 className="flex items-baseline gap-2 text-l">
          <span className="font-normal text-ink-3">{trace.batchId ? 'Batch' : 'Trace'}</span>
          <span className="num truncate font-semibold" title={`trace ${trace.traceId}`}>
            {trace.batchId || trace.traceId.slice(0, 16)}
          </span>
        </h1>
        {errors > 0 ? (
          <Badge tone="bad" className="!px-1.5 !leading-[18px] !text-xs">
            {errors === 1 ? '1 error' : `${errors} errors`}
          </Badge>
        ) : null}
        {trace.policy ? (
          <Badge className="!px-1.5 !leading-[18px] !text-xs" title="The policy that kept this trace">
            kept by&nbsp;<b className="font-semibold text-ink">{trace.policy}</b>
          </Badge>
        ) : null}
        {trace.rootMissing ? (
          <RootMissing running={now !== null && refetchOf(answer, now) !== false} />
        ) : null}
      </div>
      <dl className="order-3 flex w-full flex-wrap gap-x-5 gap-y-1 min-[1200px]:order-none min-[1200px]:w-auto min-[1200px]:flex-1">
        {headerFigures(answer).map((figure) => (
          <div key={figure.name} title={figure.title}>
            <dt className="whitespace-nowrap text-xs text-ink-3">{figure.name}</dt>
            <dd className={`num whitespace-nowrap text-m font-medium ${figure.tone}`}>{figure.value}</dd>
          </div>
        ))}
      </dl>
      <div className="ml-auto flex gap-1.5">
        <Link
          className={BUTTON}
          prefetch={false}
          href={`/traces/compare?a=${encodeURIComponent(trace.traceId)}`}
        >
          <GitCompareArrows size={13} aria-hidden="true" />{' '}
          <span className="max-[1200px]:sr-only">Compare</span>
        </Link>
        <a
          className={BUTTON}
          href={`/api/v1/traces/${encodeURIComponent(trace.traceId)}?format=otlp`}
          download={`${trace.traceId}.json`}
          title="All spans as OTLP JSON"
        >
          <Download size={13} aria-hidden="true" /> <span className="max-[1200px]:sr-only">Export</span>
        </a>
        <Button
          onClick={() => copy(window.location.href, 'Link copied')}
          title="Copy a link to what is shown"
        >
          <Link2 size={13} aria-hidden="true" /> <span className="max-[1200px]:sr-only">Copy link</span>
        </Button>
        <Button
          onClick={() => copy(summaryText(answer, window.location.href), 'Summary copied')}
          title="Copy what happened as text"
        >
          <TextQuote size={13} aria-hidden="true" /> <span className="max-[1200px]:sr-only">Summary</span>
        </Button>
      </div>
    </header>
  );
}

function RootMissing({ running }: { readonly running: boolean }) {
  return running ? (
    <Badge title="Its first span is still open: it ends with the last outcome">running</Badge>
  ) : (
    <Badge tone="warn" title="Its first span has not come, or is kept by nobody">
      root missing
    </Badge>
  );
}

function copy(text: string, said: string): void {
  navigator.clipboard.writeText(text).then(
    () => showToast(said, 'ok'),
    () => showToast('The browser does not allow copying here', 'bad'),
  );
}
