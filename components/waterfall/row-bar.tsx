'use client';
import { formatMs } from '@/lib/base/format';
import { type HopSegment, type HopTimeKind, hopSegments } from '@/lib/traces/hop-times';
import { MARKERS } from './event-shapes';
import { clusterMarkers, type MarkerCluster } from './marker-clusters';
import type { Row } from './use-rows';
import { toX, type Viewport } from './viewport';

export const ROW_HEIGHT = 30;
const MIDDLE = ROW_HEIGHT / 2;

const SAID: Readonly<Record<HopTimeKind, string>> = {
  waiting: 'waiting in the channel',
  working: 'working',
  held: 'held in a batch',
  blocked: 'blocked on send',
  outcome: 'waiting for the outcome',
};

/** One hop: hatched waiting, solid working, dotted held, striped blocked, a thin tail until the outcome. */
export function RowBar(props: {
  readonly row: Row;
  readonly view: Viewport;
  readonly width: number;
  readonly critical: boolean;
}) {
  const { row, view, width, critical } = props;
  const segments = hopSegments(row);
  const xOf = (ms: number) => Math.min(width + 8, Math.max(-8, toX(ms, view, width)));
  const clusters = clusterMarkers(
    (row.marks?.events ?? []).map((event) => ({ ...event, atMs: event.atMs + row.offsetMs })),
    (ms) => toX(ms, view, width),
    width,
  );
  const solid = segments.filter((segment) => segment.kind !== 'outcome' && segment.kind !== 'held');
  const end = row.startMs + row.durationMs;
  return (
    <svg width={width} height={ROW_HEIGHT} className="absolute inset-0 overflow-hidden" aria-hidden="true">
      {critical && solid.length > 0 ? (
        <rect
          x={xOf(solid[0]?.fromMs ?? 0) - 3}
          y={6}
          width={Math.max(2, xOf(solid.at(-1)?.toMs ?? 0) - xOf(solid[0]?.fromMs ?? 0)) + 6}
          height={18}
          rx={4}
          fill="none"
          stroke="var(--text)"
          strokeOpacity={0.38}
          strokeWidth={1.2}
        />
      ) : null}
      {segments.map((segment) => (
        <Segment key={`${segment.kind}${segment.fromMs}`} segment={segment} xOf={xOf} />
      ))}
      {segments.some((segment) => segment.kind === 'outcome') ? (
        <rect
          x={xOf(end) - 0.75}
          y={11}
          width={1.5}
          height={8}
          fill={row.failed ? 'var(--bad)' : 'var(--text-3)'}
        />
      ) : null}
      {clusters.map((cluster) => (
        <Marker key={cluster.x} cluster={cluster} />
      ))}
    </svg>
  );
}

function Segment(props: { readonly segment: HopSegment; readonly xOf: (ms: number) => number }) {
  const { segment, xOf } = props;
  const x = xOf(segment.fromMs);
  const w = xOf(segment.toMs) - x;
  const title = <title>{`${SAID[segment.kind]} ${formatMs(segment.toMs - segment.fromMs)}`}</title>;
  switch (segment.kind) {
    case 'waiting':
      return (
        <rect
          x={x}
          y={9}
          width={Math.max(0.6, w)}
          height={12}
          rx={1.5}
          fill="url(#wf-wait)"
          stroke="var(--wait)"
          strokeWidth={0.8}
        >
          {title}
        </rect>
      );
    case 'working':
      return (
        <rect x={x} y={9} width={Math.max(2, w)} height={12} rx={1.5} fill="var(--work)">
          {title}
        </rect>
      );
    case 'blocked':
      return (
        <rect x={x} y={9} width={Math.max(1, w)} height={12} rx={1.5} fill="url(#wf-blocked)">
          {title}
        </rect>
      );
    case 'outcome':
      return (
        <line x1={x} x2={x + w} y1={MIDDLE} y2={MIDDLE} stroke="var(--text-3)" strokeWidth={1.5}>
          {title}
        </line>
      );
    case 'held':
      return (
        <line
          x1={x}
          x2={x + w}
          y1={MIDDLE}
          y2={MIDDLE}
          stroke="var(--work)"
          strokeWidth={2}
          strokeDasharray="1.5 3"
        >
          {title}
        </line>
      );
  }
}

function Marker({ cluster }: { readonly cluster: MarkerCluster }) {
  const shape = MARKERS[cluster.kind];
  const [first, ...rest] = cluster.events;
  const said = [first?.label, rest.length > 0 ? `and ${rest.length} more` : ''].filter(Boolean).join(' ');
  return (
    <g transform={`translate(${cluster.x} ${MIDDLE})`}>
      <title>{rest.length > 0 ? cluster.events.map((event) => event.label).join('\n') : said}</title>
      <path
        d={shape.path}
        fill={shape.stroked ? 'none' : shape.color}
        stroke={shape.stroked ? shape.color : 'var(--bg)'}
        strokeWidth={shape.stroked ? 2 : 1}
      />
      {rest.length > 0 ? (
        <text
          x={5}
          y={-4}
          fill="var(--text-2)"
          stroke="var(--bg)"
          strokeWidth={2.5}
          paintOrder="stroke"
          className="font-mono"
          fontSize={9}
        >
          {cluster.events.length}
        </text>
      ) : null}
    </g>
  );
}
