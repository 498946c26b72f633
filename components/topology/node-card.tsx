'use client';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { Badge } from '@/components/ui/badge';
import { cx } from '@/components/ui/cx';
import { Sparkline } from '@/components/ui/sparkline';
import type { NodeStats } from '@/lib/api/topology';
import { formatPercent } from '@/lib/base/format';
import { hoverStore, setHover } from '@/lib/client/hover-store';
import { useNodeStats } from '@/lib/client/live-stats';
import { nodeColor } from '@/lib/client/node-color';
import { useValue } from '@/lib/client/value-store';
import { type CardNode, portOffset } from './flow-elements';
import { useMapView } from './map-view';
import { badgesOf, belongsTo, isIdleNode, latencyText, latencyTitle, rateText } from './node-figures';
import { NodeIcon } from './node-icon';

/** One node: what goes through, how long it works, and how its time is spent. */
export const NodeCard = memo(function NodeCard({ data, id }: NodeProps<CardNode>) {
  const { node, ports } = data;
  const type = belongsTo(node, data.pipeline);
  const stats = useNodeStats(id);
  const selected = useMapView((view) => view.selectedNode === id);
  const blamed = useMapView((view) => view.blamed === id);
  const dim = useMapView((view) => view.lit !== null && !view.lit.has(id));
  const hidden = useMapView((view) => view.hideIdle) && isIdleNode(stats);
  const far = useMapView((view) => view.far);
  const hovered = useValue(hoverStore, (hover) => hover.node === id);
  return (
    <div
      onPointerEnter={() => setHover({ node: id })}
      onPointerLeave={() => setHover({ node: null })}
      className={cx(
        'size-full rounded-m border bg-surface px-2.5 pb-2 pt-[7px] text-left',
        selected ? 'border-accent shadow-[0_0_0_3px_var(--accent-bg)]' : blamed ? 'border-u4' : 'border-line',
        hovered && !selected && 'outline-2 outline-offset-2 outline-line-strong',
        dim && 'opacity-30',
        hidden && 'invisible',
      )}
    >
      {node.kind === 'receiver' ? null : (
        <Handle type="target" position={Position.Left} isConnectable={false} />
      )}
      {ports.map((port, index) => (
        <Handle
          key={port}
          id={port}
          type="source"
          position={Position.Right}
          isConnectable={false}
          style={{ top: portOffset(index, ports.length) }}
        />
      ))}
      <div className="flex items-center gap-1.5">
        <span style={{ color: nodeColor(id) }} className="flex">
          <NodeIcon kind={node.kind} size={far ? 30 : 14} />
        </span>
        <b className={cx('min-w-0 flex-1 truncate font-semibold', far ? 'text-xl' : 'text-m')}>
          {node.component}
        </b>
      </div>
      {far ? null : (
        <>
          <div className="flex h-4 items-center justify-between gap-1">
            <span className="num truncate text-xs text-ink-3" title={type}>
              {type}
            </span>
            <span className="flex gap-1">
              {badgesOf(node, stats).map((badge) => (
                <Badge key={badge.text} tone={badge.tone} title={badge.title}>
                  {badge.text}
                </Badge>
              ))}
            </span>
          </div>
          {stats ? <Figures kind={node.kind} stats={stats} /> : null}
        </>
      )}
      <TimeBar stats={stats} />
    </div>
  );
});

function Figures({
  kind,
  stats,
}: {
  readonly kind: CardNode['data']['node']['kind'];
  readonly stats: NodeStats;
}) {
  const rate = rateText({ kind }, stats);
  return (
    <div className="num mt-0.5 grid h-[34px] grid-cols-[minmax(0,1fr)_auto] grid-rows-2 items-center text-xs text-ink-2">
      <span className="col-span-2 truncate">
        {rate.in === null ? null : <b className="font-medium text-ink">{rate.in}</b>}
        {rate.in !== null && rate.out !== null ? ' → ' : ''}
        {rate.out === null ? null : <b className="font-medium text-ink">{rate.out}</b>}
        <span className="text-ink-3">/s</span>
      </span>
      <span className="truncate" title={latencyTitle(stats)}>
        {latencyText(stats)}
      </span>
      <Sparkline values={stats.spark} width={44} height={14} />
    </div>
  );
}

/** Working, blocked, idle: the rest of the bar is idle time. */
export function TimeBar({ stats }: { readonly stats: NodeStats | undefined }) {
  const busy = stats?.busyRatio ?? null;
  const blocked = stats?.blockedRatio ?? null;
  if (busy === null && blocked === null) {
    return (
      <div className="fill-nodata mt-1.5 h-1 rounded-[2px]" title="Working and blocked time not known" />
    );
  }
  const said = `working ${formatPercent(busy)}, blocked ${formatPercent(blocked)}`;
  return (
    <div
      role="img"
      aria-label={said}
      title={said}
      className="mt-1.5 flex h-1 overflow-hidden rounded-[2px] bg-free"
    >
      <span className="fill-work" style={{ width: `${(busy ?? 0) * 100}%` }} />
      <span className="fill-striped" style={{ width: `${(blocked ?? 0) * 100}%` }} />
    </div>
  );
}
