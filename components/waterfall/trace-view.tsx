'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo, useState } from 'react';
import { Tabs } from '@/components/ui/tabs';
import type { TraceAnswer } from '@/lib/api/traces';
import { formatCount } from '@/lib/base/format';
import { useLineage } from '@/lib/client/queries';
import { traceHref } from '@/lib/client/trace-href';
import { BarPatterns } from './bar-patterns';
import { ContinuationNote } from './continuation-note';
import { EventLog } from './event-log';
import { formatCrumbs, parseCrumbs } from './span-ref';
import { StatisticsTable } from './statistics-table';
import { TraceHeader } from './trace-header';
import { type TraceTab, useTraceUrl } from './trace-url';
import { joinStatistics, useJourneyAnswers } from './use-journey';
import { journeyGroups, traceGroups } from './waterfall-groups';
import { WaterfallPane } from './waterfall-pane';

/** The page of a trace that is here: head, and the same rows as one trace, as a journey, as sums, as a log. */
export function TraceView({ answer }: { readonly answer: TraceAnswer }) {
  const { traceId } = answer.trace;
  const [url, setUrl] = useTraceUrl();
  const search = useSearchParams();
  // Its own rows first: the server works on one thing at a time.
  const [isDrawn, setDrawn] = useState(url.tab !== 'trace');
  const onDrawn = useCallback(() => setDrawn(true), []);
  const { data: lineage } = useLineage(traceId, answer.revision, isDrawn || url.tab !== 'trace');
  const own = useMemo(() => traceGroups(answer), [answer]);
  const journey = useMemo(
    () => (lineage && lineage.batches.length > 0 ? journeyGroups(lineage) : null),
    [lineage],
  );
  const answers = useJourneyAnswers(url.tab === 'trace' ? null : journey, answer);
  const crumbs = parseCrumbs(url.via);
  const last = crumbs.at(-1);
  const backHref = last
    ? traceHref(last.traceId, search, {
        span: last.spanId,
        via: formatCrumbs(crumbs.slice(0, -1)),
        tab: last.traceId === traceId && url.tab !== 'trace' ? url.tab : '',
      })
    : null;
  const spansOfAll = journey?.groups.reduce((sum, group) => sum + group.spans, 0) ?? answer.total;
  const pane = (data: typeof own, isJourney: boolean) => (
    <WaterfallPane
      key={isJourney ? 'journey' : 'trace'}
      answer={answer}
      answers={isJourney ? answers : [answer]}
      lineage={lineage ?? null}
      data={data}
      journey={isJourney}
      onDrawn={onDrawn}
    />
  );
  return (
    <div className="flex h-full flex-col">
      <BarPatterns />
      <TraceHeader answer={answer} backHref={backHref} />
      {answer.continuation === null ? null : <ContinuationNote continuation={answer.continuation} />}
      <Tabs<TraceTab>
        label="Views of this trace"
        value={url.tab}
        onChange={(tab) => void setUrl({ tab, z: null })}
        className="flex min-h-0 flex-1 flex-col [&>[role=tablist]]:bg-surface [&>[role=tablist]]:px-4 [&>[role=tabpanel]]:min-h-0 [&>[role=tabpanel]]:flex-1"
        items={[
          {
            value: 'trace',
            label: <Counted name="This trace" count={answer.total} />,
            panel: pane(own, false),
          },
          {
            value: 'journey',
            label: <Counted name="Journey" count={spansOfAll} />,
            panel: pane(journey ?? own, true),
          },
          {
            value: 'statistics',
            label: 'Statistics',
            panel: <StatisticsTable nodes={joinStatistics(answers)} />,
          },
          { value: 'log', label: 'Log', panel: <EventLog answers={answers} /> },
        ]}
      />
    </div>
  );
}

function Counted({ name, count }: { readonly name: string; readonly count: number }) {
  return (
    <>
      {name} <span className="num text-ink-3">{formatCount(count)}</span>
    </>
  );
}
