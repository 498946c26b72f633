'use client';
import type { MetricsAnswer } from '@/lib/api/metrics';
import { formatUnit, unixMsFromNano } from '@/lib/base/format';
import { useControlActions, useMetrics, useSelectedEngine } from '@/lib/client/queries';
import type { MetricsRequest } from '@/lib/client/query-keys';
import { useTimeRange } from '@/lib/client/time-range';
import { sumSeries } from './chart-scale';
import { type ChartLine, MiniChart } from './mini-chart';

export interface LineChoice {
  readonly name: string;
  readonly color: string;
  /** Which splits of the answer it sums; all where it is not given. */
  readonly split?: string;
  readonly area?: boolean;
}

/** One metric of one node or channel over the chosen range, with the control actions on it. */
export function MetricChart(props: {
  readonly title: string;
  readonly request: MetricsRequest;
  readonly lines: readonly LineChoice[];
  readonly max?: number;
  readonly height?: number;
  /** Whose control actions are marked. */
  readonly targets: readonly string[];
}) {
  const engine = useSelectedEngine();
  const { range } = useTimeRange('5m');
  const query = useMetrics({ ...props.request, engine: engine?.id ?? '' }, range);
  const { data: actions } = useControlActions(engine?.id ?? '');
  const { data } = query;
  if (!data) {
    return (
      <p className="mt-3.5 text-xs text-ink-3">
        <span className="eyebrow">{props.title}</span>{' '}
        {query.isError ? query.error.message : query.isPending ? '…' : ''}
      </p>
    );
  }
  const fromMs = unixMsFromNano(data.fromUnixNano) ?? 0;
  const toMs = unixMsFromNano(data.toUnixNano) ?? fromMs + 1;
  const marks = (actions?.actions ?? []).flatMap((action) => {
    const atMs = unixMsFromNano(action.timeUnixNano);
    if (atMs === null || atMs < fromMs || atMs > toMs || !props.targets.includes(action.target)) return [];
    return [{ key: action.id, atMs, title: `${action.action} ${action.outcome}` }];
  });
  return (
    <MiniChart
      title={props.title}
      lines={props.lines.flatMap((choice) => lineOf(choice, data))}
      fromMs={fromMs}
      toMs={toMs}
      format={(value) => formatUnit(value, data.unit)}
      marks={marks}
      aside={data.source === 'spans' ? <span className="text-ink-3">derived from received spans</span> : null}
      {...(props.max === undefined ? {} : { max: props.max })}
      {...(props.height === undefined ? {} : { height: props.height })}
    />
  );
}

function lineOf(choice: LineChoice, data: MetricsAnswer): readonly ChartLine[] {
  const series = data.series.filter((entry) => choice.split === undefined || entry.split === choice.split);
  if (series.length === 0) return [];
  return [
    {
      name: choice.name,
      color: choice.color,
      values: sumSeries(series.map((entry) => entry.values)),
      ...(choice.area === undefined ? {} : { area: choice.area }),
    },
  ];
}
