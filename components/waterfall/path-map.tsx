'use client';
import { ScrollRegion } from '@/components/ui/scroll-region';
import type { TravelledPath } from '@/lib/api/traces';
import { formatMs } from '@/lib/base/format';
import { hoverStore, setHover } from '@/lib/client/hover-store';
import { nodeColor } from '@/lib/client/node-color';
import { useValue } from '@/lib/client/value-store';
import { layeredLayout } from './layered-layout';
import { useWidth } from './use-size';

const BOX = 16;
const LANE_HEIGHT = 46;
const MOST_NODES = 60;
/** Beside the first and the last node, for their names. */
const SIDES = 56;

/** The nodes that the batch went through; hovering one lights its rows, and a row its node. */
export function PathMap(props: { readonly path: TravelledPath; readonly current: string | null }) {
  const hovered = useValue(hoverStore, (hover) => hover.node);
  const [measure, room] = useWidth();
  const nodes = props.path.nodes.slice(0, MOST_NODES);
  const placed = layeredLayout(
    nodes.map((node) => node.id),
    props.path.hops,
  );
  const layers = Math.max(1, ...placed.map((place) => place.layer + 1));
  const lanes = Math.max(1, ...placed.map((place) => place.lane + 1));
  const step = Math.max(50, Math.min(84, (room - SIDES) / Math.max(1, layers - 1)));
  const width = Math.max(room, step * (layers - 1) + SIDES);
  const at = new Map(
    placed.map((place) => [place.id, { x: 28 + place.layer * step, y: 14 + place.lane * LANE_HEIGHT }]),
  );
  const slowest = Math.max(0, ...props.path.hops.map((hop) => hop.waitMs ?? 0));
  return (
    <ScrollRegion label="The way through" className="overflow-x-auto">
      <div ref={measure} />
      <svg
        width={width}
        height={lanes * LANE_HEIGHT + 4}
        role="img"
        aria-label={`The way of this batch: ${props.path.hops.map((hop) => `${hop.from} to ${hop.to}`).join(', ')}`}
      >
        {props.path.hops.map((hop) => {
          const [a, b] = [at.get(hop.from), at.get(hop.to)];
          if (!a || !b) return null;
          const bad = hop.errors > 0;
          const hot = !bad && slowest > 0 && hop.waitMs === slowest;
          const [x1, x2] = [a.x + BOX / 2 + 2, b.x - BOX / 2 - 2];
          const middle = (x1 + x2) / 2;
          return (
            <path
              key={`${hop.from}>${hop.to}`}
              d={`M${x1} ${a.y}C${middle} ${a.y} ${middle} ${b.y} ${x2} ${b.y}`}
              fill="none"
              stroke={bad ? 'var(--u4)' : hot ? 'var(--u3)' : 'var(--line-strong)'}
              strokeWidth={2}
            >
              <title>{`${hop.from} → ${hop.to}: ${hop.spans} spans${hop.waitMs === null ? '' : `, waited ${formatMs(hop.waitMs)} at most`}`}</title>
            </path>
          );
        })}
        {nodes.map((node) => {
          const place = at.get(node.id);
          if (!place) return null;
          const lit = hovered === node.id || props.current === node.id;
          return (
            <g
              key={node.id}
              transform={`translate(${place.x} ${place.y})`}
              onPointerEnter={() => setHover({ node: node.id })}
              onPointerLeave={() => setHover({ node: null })}
            >
              <title>{`${node.id}: ${node.spans} spans${node.errors > 0 ? `, ${node.errors} failed` : ''}`}</title>
              <rect
                x={-BOX / 2}
                y={-BOX / 2}
                width={BOX}
                height={BOX}
                rx={4}
                fill={lit ? nodeColor(node.id) : 'var(--surface)'}
                stroke={nodeColor(node.id)}
                strokeWidth={1.6}
              />
              {node.errors > 0 ? (
                <circle cx={BOX / 2} cy={-BOX / 2} r={3.5} fill="var(--bad)" stroke="var(--surface)" />
              ) : null}
              <text y={22} textAnchor="middle" fontSize={10} fill={lit ? 'var(--text)' : 'var(--text-3)'}>
                {node.id.length > 11 ? `${node.id.slice(0, 10)}…` : node.id}
              </text>
            </g>
          );
        })}
      </svg>
    </ScrollRegion>
  );
}
