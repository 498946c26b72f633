'use client';
/**
 * A small chart of the side panel: lines over time on a shared time axis, with the crosshair of all charts, marks of
 * control actions, and its figures as a table for those who want them as text.
 */
import { type PointerEvent, type ReactNode, useState } from 'react';
import { sparkArea, sparkPath } from '@/components/ui/spark-path';
import { formatClockMs } from '@/lib/base/format';
import { hoverStore, setHover } from '@/lib/client/hover-store';
import { useValue } from '@/lib/client/value-store';
import { indexAt, lastKnown } from './chart-scale';

export interface ChartLine {
  readonly name: string;
  readonly color: string;
  readonly values: readonly (number | null)[];
  readonly area?: boolean;
}

export interface MiniChartProps {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly format: (value: number | null) => string;
  /** What the top stands for; the highest figure where it is not given. */
  readonly max?: number;
  readonly marks?: readonly { readonly key: string; readonly atMs: number; readonly title: string }[];
  readonly aside?: ReactNode;
  readonly height?: number;
}

const WIDTH = 316;

export function MiniChart(props: MiniChartProps) {
  const { lines, fromMs, toMs, format, height = 52 } = props;
  const [asTable, setAsTable] = useState(false);
  const hoverMs = useValue(hoverStore, (hover) => hover.atMs);
  const steps = lines[0]?.values.length ?? 0;
  const within = hoverMs !== null && hoverMs >= fromMs && hoverMs <= toMs;
  const index = within ? indexAt(hoverMs, fromMs, toMs, steps) : null;
  const max = props.max ?? Math.max(0, ...lines.flatMap((line) => line.values.map((value) => value ?? 0)));
  const x = (ms: number) => ((ms - fromMs) / Math.max(1, toMs - fromMs)) * WIDTH;
  const onMove = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    setHover({ atMs: fromMs + ((event.clientX - box.left) / box.width) * (toMs - fromMs) });
  };
  return (
    <section aria-label={props.title} className="mt-3.5">
      <h3 className="mb-1 flex items-baseline gap-2 text-xs">
        <span className="eyebrow flex-1">{props.title}</span>
        {props.aside}
        <span className="num flex gap-2 text-ink-2">
          {lines.map((line) => (
            <span key={line.name} title={line.name}>
              {lines.length > 1 ? (
                <span className="text-ink-3">
                  <span
                    aria-hidden="true"
                    className="mr-1 inline-block h-0.5 w-2 align-middle"
                    style={{ background: line.color }}
                  />
                  {line.name}{' '}
                </span>
              ) : null}
              {format(index === null ? lastKnown(line.values) : (line.values[index] ?? null))}
            </span>
          ))}
        </span>
        <button
          type="button"
          aria-pressed={asTable}
          title={asTable ? 'Show the chart' : 'Show the figures as a table'}
          onClick={() => setAsTable(!asTable)}
          className="text-ink-3 hover:text-ink"
        >
          <span aria-hidden="true">≡</span>
          <span className="sr-only">{`${props.title} as a table`}</span>
        </button>
      </h3>
      {asTable ? (
        <ChartTable {...props} />
      ) : (
        <svg
          role="img"
          aria-label={describe(props)}
          viewBox={`0 0 ${WIDTH} ${height}`}
          preserveAspectRatio="none"
          className="block w-full border-t border-line"
          style={{ height }}
          onPointerMove={onMove}
          onPointerLeave={() => setHover({ atMs: null })}
        >
          <title>{describe(props)}</title>
          <line
            x1={0}
            x2={WIDTH}
            y1={height / 2}
            y2={height / 2}
            stroke="var(--line)"
            strokeDasharray="2 4"
          />
          {lines.map((line) => {
            const box = { width: WIDTH, height: height - 1, max };
            return (
              <g key={line.name} transform="translate(0 0.5)">
                {line.area === false ? null : (
                  <path d={sparkArea(line.values, box)} fill={line.color} fillOpacity={0.16} />
                )}
                <path
                  d={sparkPath(line.values, box)}
                  fill="none"
                  stroke={line.color}
                  strokeWidth={1.5}
                  vectorEffect="non-scaling-stroke"
                />
              </g>
            );
          })}
          {(props.marks ?? []).map((mark) => (
            <line
              key={mark.key}
              x1={x(mark.atMs)}
              x2={x(mark.atMs)}
              y1={0}
              y2={height}
              stroke="var(--control)"
              strokeDasharray="2 2"
            />
          ))}
          {within ? <line x1={x(hoverMs)} x2={x(hoverMs)} y1={0} y2={height} stroke="var(--text-3)" /> : null}
        </svg>
      )}
      {within ? <p className="num text-right text-2xs text-ink-3">{formatClockMs(hoverMs)}</p> : null}
    </section>
  );
}

function describe({ title, lines, format }: MiniChartProps): string {
  return `${title}: ${lines.map((line) => `${line.name} now ${format(lastKnown(line.values))}`).join(', ')}`;
}

const MAX_ROWS = 60;

function ChartTable({ title, lines, fromMs, toMs, format }: MiniChartProps) {
  const steps = lines[0]?.values.length ?? 0;
  const stepMs = steps > 0 ? (toMs - fromMs) / steps : 0;
  const rows = Array.from({ length: Math.min(MAX_ROWS, steps) }, (_, row) => steps - 1 - row);
  return (
    <div className="max-h-40 overflow-auto">
      <table aria-label={title} className="num w-full text-right text-xs text-ink-2">
        <thead className="text-ink-3">
          <tr>
            <th scope="col" className="text-left font-normal">
              time
            </th>
            {lines.map((line) => (
              <th key={line.name} scope="col" className="font-normal">
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((index) => (
            <tr key={index}>
              <td className="text-left">{formatClockMs(fromMs + index * stepMs)}</td>
              {lines.map((line) => (
                <td key={line.name}>{format(line.values[index] ?? null)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
