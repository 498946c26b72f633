'use client';
import { EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react';
import { memo } from 'react';
import { cx } from '@/components/ui/cx';
import type { EdgeStats } from '@/lib/api/topology';
import { formatCompact, formatMs, formatPercent, formatRate } from '@/lib/base/format';
import { hoverStore, setHover } from '@/lib/client/hover-store';
import { useEdgeStats } from '@/lib/client/live-stats';
import { useValue } from '@/lib/client/value-store';
import type { ChannelEdge } from './flow-elements';
import { useMapView } from './map-view';
import { edgeLabel, edgeStep, edgeWidth, isBlocked, isFull, isIdle, measureOf, stepColor } from './measures';

const SURGE_FROM = 0.85;

/** One channel: colour by the chosen measure, width by throughput, the figure printed on it. */
export const ChannelEdgeView = memo(function ChannelEdgeView(props: EdgeProps<ChannelEdge>) {
  const { id, data } = props;
  const stats = useEdgeStats(id);
  const measure = measureOf(useMapView((view) => view.measure));
  const selected = useMapView((view) => view.selectedEdge === id);
  const dim = useMapView((view) => view.lit !== null && !view.lit.has(id));
  const hidden = useMapView((view) => view.hideIdle) && stats !== undefined && isIdle(stats);
  const far = useMapView((view) => view.far);
  const moving = useMapView((view) => view.moving);
  const hovered = useValue(hoverStore, (hover) => hover.edge === id);
  const [path, labelX, labelY] = getBezierPath({ ...props, curvature: 0.32 });
  const step = edgeStep(stats, measure);
  const color = stepColor(step);
  const width = edgeWidth(stats?.ratePerSec ?? null);
  const blocked = stats !== undefined && isBlocked(stats);
  const full = stats !== undefined && isFull(stats);
  if (hidden || !data) return null;
  const dash = step === 'nodata' ? '2 5' : data.edge.provenance === 'inferred' ? '8 5' : undefined;
  const flows = moving && !blocked && (stats?.ratePerSec ?? 0) > 0;
  return (
    <g
      className={cx(dim && 'opacity-20')}
      onPointerEnter={() => setHover({ edge: id })}
      onPointerLeave={() => setHover({ edge: null })}
    >
      {hovered && !selected ? (
        <path d={path} fill="none" stroke="var(--line-strong)" strokeWidth={width + 8} />
      ) : null}
      {selected ? (
        <path d={path} fill="none" stroke="var(--accent)" strokeOpacity={0.4} strokeWidth={width + 10} />
      ) : null}
      {full ? <path d={path} fill="none" stroke={color} strokeOpacity={0.2} strokeWidth={width + 9} /> : null}
      <path
        d={path}
        fill="none"
        stroke={color}
        strokeWidth={width}
        strokeDasharray={dash}
        strokeLinecap={dash ? 'butt' : 'round'}
      />
      {blocked ? (
        <path
          d={path}
          fill="none"
          stroke="var(--bg)"
          strokeOpacity={0.65}
          strokeWidth={Math.max(1.4, width / 2.5)}
          strokeDasharray="3 5"
        />
      ) : flows ? (
        <path
          d={path}
          fill="none"
          stroke="var(--bg)"
          strokeOpacity={0.6}
          strokeWidth={1.2}
          strokeDasharray="2 14"
          className="weir-flow"
        />
      ) : null}
      <path
        d={path}
        fill="none"
        stroke="transparent"
        strokeWidth={18}
        className="react-flow__edge-interaction"
      />
      {far && !full ? null : (
        <EdgeLabelRenderer>
          <Label
            id={id}
            x={labelX}
            y={labelY + data.labelShift}
            text={edgeLabel(stats, measure)}
            title={edgeTitle(data.edge.provenance, stats)}
            color={full ? color : null}
            dim={dim}
            fill={measure.name === 'utilization' && !full && !far ? (stats ?? null) : null}
          />
        </EdgeLabelRenderer>
      )}
    </g>
  );
});

function Label(props: {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly title: string;
  readonly color: string | null;
  readonly dim: boolean;
  /** Whose mean and peak are drawn below the figure. */
  readonly fill: EdgeStats | null;
}) {
  return (
    <div
      title={props.title}
      data-edge-label={props.id}
      onPointerEnter={() => setHover({ edge: props.id })}
      onPointerLeave={() => setHover({ edge: null })}
      style={{
        transform: `translate(-50%, -50%) translate(${props.x}px, ${props.y}px)`,
        ...(props.color ? { color: props.color, fontWeight: 600 } : {}),
      }}
      className={cx(
        'num nopan pointer-events-auto absolute cursor-pointer whitespace-nowrap rounded-s border border-line bg-bg px-1.5 pb-px text-xs text-ink-2',
        props.dim && 'opacity-30',
      )}
    >
      {props.text}
      {props.fill ? <Fill stats={props.fill} /> : null}
    </div>
  );
}

/** The mean as a bar, the highest second of the window as a tick: a surge is not averaged away. */
function Fill({ stats: { utilization, utilizationPeak: peak } }: { readonly stats: EdgeStats }) {
  if (peak === null || peak < 0.05) return null;
  const share = (value: number) => `${Math.round(Math.min(1, value) * 100)}%`;
  return (
    <span aria-hidden="true" className="absolute inset-x-1 bottom-px h-[2px] bg-free">
      <span className="absolute inset-y-0 left-0 bg-ink-3" style={{ width: share(utilization ?? 0) }} />
      <span
        className={cx(
          'absolute -top-px h-1 w-[2px] -translate-x-1/2',
          peak >= SURGE_FROM ? 'bg-u4' : 'bg-ink-2',
        )}
        style={{ left: share(peak) }}
      />
    </span>
  );
}

function edgeTitle(provenance: string, stats: EdgeStats | undefined): string {
  if (!stats) return `${provenance}; no data yet`;
  const source = stats.utilizationSource ? ` (from ${stats.utilizationSource})` : '';
  return [
    `${provenance}${stats.partial ? '; window not full yet' : ''}`,
    `utilisation ${formatPercent(stats.utilization)}${source}, highest second ${formatPercent(stats.utilizationPeak)}`,
    `${formatRate(stats.ratePerSec)} ${stats.rateUnit}, ${formatPercent(stats.blockedRatio)} of sends waited`,
    `wait ${formatMs(stats.waitP50Ms)} median, ${formatMs(stats.waitP99Ms)} p99; time to drain ${formatMs(stats.drainMs)}`,
    ...(stats.parts ?? []).map(
      (part) =>
        `${part.name}: ${formatCompact(part.depth)}/${formatCompact(part.capacity)}, ${formatPercent(part.utilization)}`,
    ),
  ].join('\n');
}
