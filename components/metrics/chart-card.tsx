'use client';

/** One chart: what it shows in a line, the figure now, the plot, and behind it the same as a table. */
import { Table2 } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useMemo, useRef, useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { Loading } from '@/components/ui/states';
import type { MetricSeries } from '@/lib/api/metrics';
import { formatUnit, unixMsFromNano } from '@/lib/base/format';
import { useMetrics } from '@/lib/client/queries';
import type { MetricsRequest } from '@/lib/client/query-keys';
import { type ChartData, type ChartLine, chartData, lastValue } from './chart-data';
import { ChartOverlay } from './chart-overlay';
import { ChartTable } from './chart-table';
import { useMetricsView } from './metrics-view';
import { useVisible } from './use-visible';

const SeriesPlot = lazy(() => import('./series-plot').then((module) => ({ default: module.SeriesPlot })));

export interface ChartCardProps {
  readonly title: string;
  readonly request: MetricsRequest;
  /** Which series of the answer belong here, and added up how; all as they are by default. */
  readonly arrange?: (series: readonly MetricSeries[]) => readonly MetricSeries[];
  readonly shape?: 'lines' | 'bars';
  readonly label: (line: ChartLine) => string;
  readonly color: (line: ChartLine) => string;
  readonly max?: number;
  readonly controls?: ReactNode;
  /** Where a point of a line leads; null where there are no batches behind it. */
  readonly onPick?: (line: ChartLine | null, atMs: number) => void;
  /** Said when nothing has happened, which is news too. */
  readonly nothing: string;
}

const AS_ANSWERED = (series: readonly MetricSeries[]) => series;

export function ChartCard(props: ChartCardProps) {
  const {
    title,
    request,
    arrange = AS_ANSWERED,
    shape = 'lines',
    label,
    color,
    max,
    controls,
    onPick,
    nothing,
  } = props;
  const { range, marks, setFixed } = useMetricsView();
  const element = useRef<HTMLElement>(null);
  const visible = useVisible(element);
  const [asTable, setAsTable] = useState(false);
  const { data: answer, error } = useMetrics(request, range, { enabled: visible });
  const data = useMemo(() => (answer ? chartData(answer, arrange) : null), [answer, arrange]);
  const colors = useMemo(() => data?.lines.map(color) ?? [], [data, color]);
  const span = {
    fromMs: unixMsFromNano(answer?.fromUnixNano) ?? 0,
    toMs: unixMsFromNano(answer?.toUnixNano) ?? 1,
  };
  return (
    <section
      ref={element}
      aria-label={title}
      className="flex min-w-0 flex-col rounded-m border border-line bg-surface"
    >
      <header className="flex h-9 items-center gap-2 border-b border-line pr-1.5 pl-3">
        <h2 className="truncate text-s font-semibold">{title}</h2>
        {answer?.source === 'spans' && (
          <span className="truncate text-xs text-ink-3">derived from received spans</span>
        )}
        <span className="flex-1" />
        {controls}
        <IconButton
          label={asTable ? 'Show the chart' : 'Show the table'}
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          <Table2 size={14} aria-hidden="true" />
        </IconButton>
      </header>
      <div className="relative h-44">
        {error && <p className="p-3 text-s text-bad">{error.message}</p>}
        {!error && !data && <Loading />}
        {data && data.lines.length === 0 && (
          <p className="grid h-full place-items-center px-6 text-center text-s text-ink-3">{nothing}</p>
        )}
        {data && data.lines.length > 0 && asTable && (
          <ChartTable title={title} data={data} unit={answer?.unit ?? ''} label={label} />
        )}
        {visible && data && data.lines.length > 0 && !asTable && (
          <>
            <Suspense fallback={<Loading />}>
              <SeriesPlot
                data={data}
                span={span}
                unit={answer?.unit ?? ''}
                shape={shape}
                colors={colors}
                max={max}
              />
            </Suspense>
            <ChartOverlay
              span={span}
              marks={marks}
              onBrush={setFixed}
              onPick={onPick && ((atMs) => onPick(busiestAt(data, atMs), atMs))}
              readout={(atMs) => (
                <Readout data={data} atMs={atMs} unit={answer?.unit ?? ''} label={label} colors={colors} />
              )}
            />
          </>
        )}
      </div>
      {data && data.lines.length > 0 && (
        <Legend data={data} unit={answer?.unit ?? ''} label={label} colors={colors} />
      )}
    </section>
  );
}

function rowAt(data: ChartData, atMs: number) {
  let best = data.rows[0];
  for (const row of data.rows) {
    if (row.t > atMs) break;
    best = row;
  }
  return best;
}

/** The line that stands highest at a moment: what a click in the chart most likely means. */
function busiestAt(data: ChartData, atMs: number): ChartLine | null {
  const row = rowAt(data, atMs);
  const known = data.lines.filter((line) => typeof row?.[line.key] === 'number');
  return known.reduce<ChartLine | null>(
    (best, line) => (best && (row?.[best.key] ?? 0) >= (row?.[line.key] ?? 0) ? best : line),
    null,
  );
}

interface LabelledProps {
  readonly data: ChartData;
  readonly unit: string;
  readonly label: (line: ChartLine) => string;
  readonly colors: readonly string[];
}

function Readout({ data, atMs, unit, label, colors }: LabelledProps & { readonly atMs: number }) {
  const row = rowAt(data, atMs);
  return (
    <table className="w-full">
      <tbody>
        {data.lines.map((line, index) => (
          <tr key={line.key}>
            <td className="pr-1.5">
              <span className="inline-block size-[7px] rounded-[2px]" style={{ background: colors[index] }} />
            </td>
            <td className="max-w-40 truncate pr-3 text-ink-2">{label(line)}</td>
            <td className="num whitespace-nowrap text-right text-ink">{formatUnit(row?.[line.key], unit)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Legend({ data, unit, label, colors }: LabelledProps) {
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5 px-3 pt-1 pb-2 text-xs text-ink-2">
      {data.lines.map((line, index) => (
        <li key={line.key} className="flex items-center gap-1.5">
          <span className="size-[7px] flex-none rounded-[2px]" style={{ background: colors[index] }} />
          <span className="max-w-40 truncate">{label(line)}</span>
          <span className="num text-ink-3">{formatUnit(lastValue(data.rows, line.key), unit)}</span>
        </li>
      ))}
      {data.hidden > 0 && <li className="text-ink-3">and {data.hidden} smaller</li>}
    </ul>
  );
}
