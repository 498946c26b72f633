'use client';

/** The metrics page: one range, one crosshair, the control actions on every chart, and a way to the batches. */
import { useRouter } from 'next/navigation';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { Button } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import type { MetricSeries } from '@/lib/api/metrics';
import { formatClockMs } from '@/lib/base/format';
import { epochNanosFromMs } from '@/lib/base/time';
import { nodeColor } from '@/lib/client/node-color';
import { useControlActions, useSelectedEngine, useTopology } from '@/lib/client/queries';
import { RANGE_PRESETS, rangeLengthMs, useTimeRange } from '@/lib/client/time-range';
import { ChartCard } from './chart-card';
import { acrossIds, type ChartLine } from './chart-data';
import { controlMarks } from './control-marks';
import { MetricsViewContext } from './metrics-view';
import { outcomeColor, signalOrReasonColor, sizeColor } from './split-colors';
import { UtilizationHeatmap } from './utilization-heatmap';

const DIRECTIONS = ['in', 'out'] as const;
const QUANTILES = ['p50', 'p95', 'p99'] as const;
const LATENCY_OF = ['node', 'path'] as const;
/** A click on a point opens the batches of this much time around it. */
const PICK_MS = 5_000;

const nodeLabel = (line: ChartLine) => line.id;
const splitLabel = (line: ChartLine) => (line.split ? `${line.id} · ${line.split}` : line.id);
const lineColor = (line: ChartLine) => nodeColor(line.id);

export function MetricsPage() {
  const engine = useSelectedEngine();
  const time = useTimeRange('5m');
  const [direction, setDirection] = useQueryState(
    'flow',
    parseAsStringLiteral(DIRECTIONS).withDefault('out'),
  );
  const [quantile, setQuantile] = useQueryState(
    'quantile',
    parseAsStringLiteral(QUANTILES).withDefault('p99'),
  );
  const [latencyOf, setLatencyOf] = useQueryState(
    'latency',
    parseAsStringLiteral(LATENCY_OF).withDefault('node'),
  );
  const [node, setNode] = useQueryState('node', { defaultValue: '' });
  const topology = useTopology().data;
  const { data: trail } = useControlActions(engine?.id ?? '');
  const openBatches = useBatchLinks();

  const { range } = time;
  const toMs = range.kind === 'fixed' ? range.toMs : Date.now();
  const fromMs = toMs - rangeLengthMs(range);
  const marks = useMemo(
    () => controlMarks(trail?.actions ?? [], fromMs, toMs, (toMs - fromMs) / 100),
    [trail, fromMs, toMs],
  );
  const setFixed = time.setFixed;
  const view = useMemo(() => ({ range, marks, setFixed }), [range, marks, setFixed]);

  const atQuantile = useCallback(
    (series: readonly MetricSeries[]) => series.filter(({ split }) => split === quantile),
    [quantile],
  );
  const common = { engine: engine?.id ?? '', ...(node ? { node } : {}) };
  const pickNode = (line: ChartLine | null, atMs: number) => openBatches(atMs, line ? { node: line.id } : {});
  const nodes = topology?.nodes.map((one) => one.id) ?? [];
  return (
    <MetricsViewContext value={view}>
      <div className="flex h-full min-h-0 flex-col">
        <header className="flex flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2">
          <h1 className="mr-2 text-l font-semibold">Metrics</h1>
          <Segmented
            label="Time range"
            value={time.preset}
            options={RANGE_PRESETS.map((preset) => ({ value: preset, label: preset }))}
            onChange={time.setPreset}
          />
          {range.kind === 'fixed' && (
            <span className="num text-ink-2">
              {formatClockMs(range.fromMs)} – {formatClockMs(range.toMs)}
            </span>
          )}
          {time.preset === null && <Button onClick={() => time.setPreset('5m')}>Clear brush</Button>}
          <Select
            label="Node"
            value={node}
            options={[{ value: '', label: 'All nodes' }, ...nodes.map((id) => ({ value: id, label: id }))]}
            onChange={(next) => void setNode(next || null)}
          />
          <span className="flex-1" />
          <span className="text-xs text-ink-3">drag to zoom · click a point for its batches</span>
        </header>
        <div className="grid min-h-0 flex-1 auto-rows-min grid-cols-1 gap-3 overflow-auto p-3 min-[1000px]:grid-cols-2 min-[1600px]:grid-cols-3">
          <ChartCard
            title={`Throughput ${direction}`}
            request={{ ...common, metric: direction === 'in' ? 'node.throughput_in' : 'node.throughput_out' }}
            label={nodeLabel}
            color={lineColor}
            onPick={pickNode}
            nothing="No items have passed in this range."
            controls={
              <Segmented
                label="Direction"
                value={direction}
                options={DIRECTIONS.map((one) => ({ value: one, label: one }))}
                onChange={(one) => void setDirection(one)}
              />
            }
          />
          <ChartCard
            title={latencyOf === 'node' ? 'Working time per node' : 'End to end per path'}
            request={{ ...common, metric: latencyOf === 'node' ? 'node.latency' : 'path.latency' }}
            arrange={atQuantile}
            label={nodeLabel}
            color={lineColor}
            onPick={
              latencyOf === 'node' ? pickNode : (_line, atMs) => openBatches(atMs, { sort: '-duration' })
            }
            nothing="No latency is known here: tracing is off, or the source does not tell."
            controls={
              <>
                <Segmented
                  label="Latency of"
                  value={latencyOf}
                  options={LATENCY_OF.map((one) => ({ value: one, label: one }))}
                  onChange={(one) => void setLatencyOf(one)}
                />
                <Segmented
                  label="Quantile"
                  value={quantile}
                  options={QUANTILES.map((one) => ({ value: one, label: one }))}
                  onChange={(one) => void setQuantile(one)}
                />
              </>
            }
          />
          <UtilizationHeatmap
            engine={engine?.id ?? ''}
            onPick={(channel, atMs) => openBatches(atMs, { node: channel.replace(/^pdata:/, '') })}
          />
          <ChartCard
            title="Error ratio"
            request={{ ...common, metric: 'node.error_ratio' }}
            label={nodeLabel}
            color={lineColor}
            onPick={(line, atMs) =>
              openBatches(atMs, { status: 'error', ...(line ? { node: line.id } : {}) })
            }
            nothing="Nothing has failed in this range."
          />
          <ChartCard
            title="Batch size"
            request={{ ...common, metric: 'node.batch_size' }}
            shape="bars"
            arrange={acrossIds}
            label={(line) => line.split}
            color={sizeColor}
            onPick={pickNode}
            nothing="No batch has been measured in this range."
          />
          <ChartCard
            title="Busy"
            request={{ ...common, metric: 'node.busy' }}
            label={nodeLabel}
            color={lineColor}
            max={1}
            onPick={pickNode}
            nothing="No working time is known here."
          />
          <ChartCard
            title="Blocked on send"
            request={{ ...common, metric: 'node.blocked' }}
            label={nodeLabel}
            color={lineColor}
            max={1}
            onPick={pickNode}
            nothing="Nothing was blocked in this range."
          />
          <ChartCard
            title="Dropped"
            request={{ ...common, metric: 'node.dropped' }}
            shape="bars"
            label={splitLabel}
            color={signalOrReasonColor}
            onPick={pickNode}
            nothing="Nothing was dropped in this range."
          />
          <ChartCard
            title="Delayed"
            request={{ ...common, metric: 'node.delayed' }}
            shape="bars"
            label={splitLabel}
            color={signalOrReasonColor}
            onPick={pickNode}
            nothing="Nothing was held or queued for longer than the pipeline allows."
          />
          <ChartCard
            title="Control actions"
            request={{ engine: common.engine, metric: 'control.actions' }}
            shape="bars"
            label={splitLabel}
            color={outcomeColor}
            nothing="No control action in this range."
          />
          <ChartCard
            title="Spans recorded and kept"
            request={{ engine: common.engine, metric: 'tracing.spans' }}
            label={(line) => line.split || line.id}
            color={signalOrReasonColor}
            nothing="Tracing is off."
          />
        </div>
      </div>
    </MetricsViewContext>
  );
}

/** A point leads to the batches in it: the list of traces around that moment, filtered the same way. */
function useBatchLinks() {
  const router = useRouter();
  return (atMs: number, filters: Readonly<Record<string, string>>) => {
    const query = new URLSearchParams(filters);
    query.set('from', epochNanosFromMs(atMs - PICK_MS).toString());
    query.set('to', epochNanosFromMs(atMs + PICK_MS).toString());
    router.push(`/traces?${query}`);
  };
}
