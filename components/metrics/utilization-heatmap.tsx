'use client';

/** Channel utilisation over time: rows channels, columns time. Cells on a canvas, names and figures in the DOM. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { MetricsAnswer } from '@/lib/api/metrics';
import { formatClockMs, formatPercent, unixMsFromNano } from '@/lib/base/format';
import { useMetrics } from '@/lib/client/queries';
import { cellAt, columnSpan, type HeatmapLayout, orderRows } from './heatmap-layout';
import { useMetricsView } from './metrics-view';
import { useVisible } from './use-visible';

const ROW_HEIGHT = 18;
const STEPS = [0.2, 0.4, 0.6, 0.85] as const;

export function UtilizationHeatmap({
  engine,
  onPick,
}: {
  readonly engine: string;
  readonly onPick: (channel: string, atMs: number) => void;
}) {
  const { range } = useMetricsView();
  const element = useRef<HTMLElement>(null);
  const visible = useVisible(element);
  const { data: answer } = useMetrics({ metric: 'channel.utilization', engine }, range, { enabled: visible });
  const rows = useMemo(
    () =>
      orderRows(
        answer?.series.filter((series) => series.split === '' && series.id.startsWith('pdata:')) ?? [],
      ),
    [answer],
  );
  return (
    <section
      ref={element}
      aria-label="Channel utilisation"
      className="col-span-full flex min-w-0 flex-col rounded-m border border-line bg-surface"
    >
      <header className="flex h-9 items-center gap-3 border-b border-line px-3">
        <h2 className="text-s font-semibold">Channel utilisation</h2>
        <span className="text-xs text-ink-3">occupancy ÷ capacity, busiest first</span>
        <span className="flex-1" />
        <Scale />
      </header>
      {rows.length === 0 ? (
        <p className="grid h-24 place-items-center text-s text-ink-3">
          No channel has reported in this range.
        </p>
      ) : (
        answer && <Grid answer={answer} rows={rows} onPick={onPick} />
      )}
    </section>
  );
}

function Grid({
  answer,
  rows,
  onPick,
}: {
  readonly answer: MetricsAnswer;
  readonly rows: MetricsAnswer['series'];
  readonly onPick: (channel: string, atMs: number) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [cell, setCell] = useState<{ readonly row: number; readonly column: number } | null>(null);
  const layout = useMemo<HeatmapLayout>(
    () => ({
      width: Math.max(1, width),
      rowHeight: ROW_HEIGHT,
      rows: rows.length,
      columns: Math.max(1, answer.steps),
    }),
    [width, rows.length, answer.steps],
  );
  useEffect(() => {
    const target = canvas.current?.parentElement;
    if (!target) return;
    const observer = new ResizeObserver(() => setWidth(target.clientWidth));
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, layout, rows);
  }, [layout, rows, width]);
  const fromMs = unixMsFromNano(answer.fromUnixNano) ?? 0;
  const hovered = cell && { series: rows[cell.row], atMs: fromMs + cell.column * answer.stepMs };
  const value = cell ? (rows[cell.row]?.values[cell.column] ?? null) : null;
  return (
    <div className="flex flex-col py-2">
      <div className="flex">
        <ul className="w-36 flex-none pl-3 text-xs">
          {rows.map((series) => (
            <li
              key={series.id}
              className="truncate pr-2 text-ink-2"
              style={{ height: ROW_HEIGHT, lineHeight: `${ROW_HEIGHT}px` }}
              title={series.id}
            >
              {series.id.replace(/^pdata:/, '')}
            </li>
          ))}
        </ul>
        <div className="relative min-w-0 flex-1">
          <canvas
            ref={canvas}
            role="img"
            aria-label={`Utilisation of ${rows.length} channels over time; the table of the same stands on the map`}
            className="cursor-crosshair"
            onPointerMove={(event) =>
              setCell(cellAt(layout, event.nativeEvent.offsetX, event.nativeEvent.offsetY))
            }
            onPointerLeave={() => setCell(null)}
            onClick={() => hovered?.series && onPick(hovered.series.id, hovered.atMs)}
          />
        </div>
        <ul className="num w-20 flex-none pr-3 text-right text-ink-2">
          {rows.map((series) => (
            <li key={series.id} style={{ height: ROW_HEIGHT, lineHeight: `${ROW_HEIGHT}px` }}>
              {formatPercent(series.values.findLast((figure) => figure !== null) ?? null)}
            </li>
          ))}
        </ul>
      </div>
      <p className="num h-4 px-3 pt-1 text-ink-3" aria-live="off">
        {hovered?.series
          ? `${formatClockMs(hovered.atMs)}  ${hovered.series.id}  ${formatPercent(value)}`
          : `${formatClockMs(fromMs)} – ${formatClockMs(fromMs + answer.steps * answer.stepMs)}`}
      </p>
    </div>
  );
}

function Scale() {
  return (
    <div className="flex items-center gap-2 text-xs text-ink-3" aria-hidden="true">
      <span className="flex gap-px">
        {['bg-u0', 'bg-u1', 'bg-u2', 'bg-u3', 'bg-u4'].map((color) => (
          <i key={color} className={`h-1.5 w-5 ${color}`} />
        ))}
      </span>
      <span className="num">0 20 40 60 85 100 %</span>
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, layout: HeatmapLayout, rows: MetricsAnswer['series']): void {
  const ratio = window.devicePixelRatio || 1;
  const height = layout.rows * layout.rowHeight;
  canvas.width = Math.round(layout.width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${layout.width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(canvas);
  const colors = [0, 1, 2, 3, 4].map((step) => style.getPropertyValue(`--u${step}`));
  context.scale(ratio, ratio);
  rows.forEach((series, row) => {
    for (let column = 0; column < layout.columns; column++) {
      const value = series.values[column];
      if (value === null || value === undefined) continue;
      const { x, width } = columnSpan(layout, column);
      context.fillStyle = colors[STEPS.filter((limit) => value >= limit).length] ?? '';
      context.fillRect(x, row * layout.rowHeight + 1, width, layout.rowHeight - 2);
    }
  });
}
