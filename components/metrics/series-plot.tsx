'use client';

/** The drawing of one chart by Recharts: lines or stacked bars, axes, nothing that moves. Loaded when first seen. */
import { Bar, BarChart, CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { formatClockMs, formatCompact, formatUnit } from '@/lib/base/format';
import { type ChartData, timeTicks } from './chart-data';
import { AXIS_HEIGHT, PLOT_LEFT, PLOT_RIGHT, PLOT_TOP, type TimeSpan } from './plot-area';

export interface SeriesPlotProps {
  readonly data: ChartData;
  readonly span: TimeSpan;
  readonly unit: string;
  readonly shape: 'lines' | 'bars';
  readonly colors: readonly string[];
  /** A fixed top of the axis, for shares. */
  readonly max?: number | undefined;
}

/** Ids may share a hue: the second line of a colour is dashed, the third dotted. */
const DASHES = ['0', '5 3', '1.5 3'];

function timesBefore(colors: readonly string[], index: number): number {
  return colors.slice(0, index).filter((color) => color === colors[index]).length;
}

const TICK = { fontSize: 10, fill: 'var(--text-3)', fontFamily: 'var(--mono)' };

export function SeriesPlot({ data, span, unit, shape, colors, max }: SeriesPlotProps) {
  const Chart = shape === 'lines' ? LineChart : BarChart;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <Chart
        data={[...data.rows]}
        margin={{ top: PLOT_TOP, right: PLOT_RIGHT, bottom: 0, left: 0 }}
        barCategoryGap={1}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" strokeDasharray="2 4" />
        <XAxis
          dataKey="t"
          type="number"
          domain={[span.fromMs, span.toMs]}
          allowDataOverflow
          ticks={timeTicks(span.fromMs, span.toMs, 6)}
          tickFormatter={(ms: number) => formatClockMs(ms)}
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: 'var(--line)' }}
          height={AXIS_HEIGHT}
          minTickGap={24}
        />
        <YAxis
          width={PLOT_LEFT}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          tickCount={4}
          domain={[0, max ?? 'auto']}
          tickFormatter={(value: number) => formatAxis(value, unit)}
        />
        {data.lines.map((line, index) =>
          shape === 'lines' ? (
            <Line
              key={line.key}
              dataKey={line.key}
              stroke={colors[index] ?? 'var(--text-2)'}
              strokeWidth={1.5}
              strokeDasharray={DASHES[timesBefore(colors, index) % DASHES.length]}
              dot={false}
              activeDot={false}
              isAnimationActive={false}
              type="linear"
            />
          ) : (
            <Bar
              key={line.key}
              dataKey={line.key}
              stackId="all"
              fill={colors[index] ?? 'var(--text-2)'}
              isAnimationActive={false}
              maxBarSize={18}
            />
          ),
        )}
      </Chart>
    </ResponsiveContainer>
  );
}

/** Counted things go without their name on an axis: there is no room for it, and the title says it. */
function formatAxis(value: number, unit: string): string {
  return MEASURED_UNITS.test(unit) ? formatUnit(value, unit) : formatCompact(value);
}

const MEASURED_UNITS = /^(s|ms|ns|By|bytes|ratio|1|%)$|\/s$/;
