'use client';
import { type KeyboardEvent, useRef } from 'react';
import type { LineageAnswer } from '@/lib/api/traces';
import { formatCount, formatMs } from '@/lib/base/format';
import { type LineageStep, lineageStep } from '@/lib/traces/lineage-steps';
import { layeredLayout } from './layered-layout';
import { useWidth } from './use-size';

const [CARD_HEIGHT, LANE] = [34, 44];
/** Cards stand as wide apart as there is room for, between these. */
const [MOST_COLUMN, LEAST_COLUMN, WIDEST_CARD, GAP] = [116, 97, 92, 19];
const MOST = 48;

type Batch = LineageAnswer['batches'][number];

/** Batches from left to right, with the items that went over each merge and split. */
export function LineageGraph(props: {
  readonly lineage: LineageAnswer;
  readonly traceId: string;
  readonly onOpen: (batch: Batch) => void;
}) {
  const [measure, room] = useWidth();
  const batches = shownBatches(props.lineage, props.traceId);
  const cards = useRef(new Map<string, HTMLButtonElement>());
  const onKeyDown = (event: KeyboardEvent, batch: Batch) => {
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    cards.current.get(lineageStep({ batches, edges: props.lineage.edges }, batch.id, step))?.focus();
  };
  const first = batches.find((batch) => batch.traceId === props.traceId)?.id;
  const placed = layeredLayout(
    batches.map((batch) => batch.id),
    props.lineage.edges,
  );
  const layers = Math.max(...placed.map((place) => place.layer), 0);
  const fitting = Math.floor((room - 4 + GAP) / (layers + 1));
  const column = Math.min(MOST_COLUMN, Math.max(LEAST_COLUMN, fitting));
  const card = Math.min(WIDEST_CARD, column - GAP);
  const at = new Map(
    placed.map((place) => [place.id, { x: place.layer * column + 2, y: place.lane * LANE + 2 }]),
  );
  const width = layers * column + card + 4;
  const height = Math.max(...placed.map((place) => place.lane), 0) * LANE + CARD_HEIGHT + 4;
  return (
    <div ref={measure} className="max-h-72 overflow-auto">
      <div className="relative" style={{ width, height }}>
        <svg width={width} height={height} className="absolute inset-0" aria-hidden="true">
          {props.lineage.edges.map((edge) => {
            const [a, b] = [at.get(edge.from), at.get(edge.to)];
            if (!a || !b) return null;
            if (edge.from === edge.to) return <SelfLink key={`self>${edge.to}`} right={a.x + card} y={a.y} />;
            const [x1, y1, x2, y2] = [a.x + card, a.y + CARD_HEIGHT / 2, b.x, b.y + CARD_HEIGHT / 2];
            return (
              <g key={`${edge.from}>${edge.to}>${edge.type}`}>
                <path
                  d={`M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`}
                  fill="none"
                  stroke="var(--line-strong)"
                  strokeWidth={1.5}
                  strokeDasharray={edge.type === 'merge' || edge.type === 'split' ? undefined : '3 3'}
                />
                {edge.items === null ? null : (
                  <text
                    x={(x1 + x2) / 2}
                    y={(y1 + y2) / 2 + 3}
                    textAnchor="middle"
                    fontSize={10}
                    className="font-mono"
                    fill="var(--text-2)"
                    stroke="var(--surface)"
                    strokeWidth={4}
                    paintOrder="stroke"
                  >
                    {formatCount(edge.items)}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
        {batches.map((batch) => {
          const place = at.get(batch.id);
          return (
            <button
              key={batch.id}
              type="button"
              onClick={() => batch.state === 'held' && props.onOpen(batch)}
              aria-disabled={batch.state !== 'held'}
              tabIndex={batch.id === first ? 0 : -1}
              ref={(element) => {
                if (element) cards.current.set(batch.id, element);
                else cards.current.delete(batch.id);
              }}
              onKeyDown={(event) => onKeyDown(event, batch)}
              title={titleOf(batch)}
              className={`absolute overflow-hidden rounded-s border bg-surface px-1 text-left min-[1200px]:px-1.5 leading-tight hover:border-accent ${
                batch.traceId === props.traceId
                  ? 'border-accent'
                  : batch.state === 'held'
                    ? 'border-line-strong'
                    : 'border-dashed border-line-strong'
              }`}
              style={{ left: place?.x ?? 0, top: place?.y ?? 0, width: card, height: CARD_HEIGHT }}
            >
              <span
                className={`block truncate font-mono text-2xs ${batch.status === 'error' ? 'text-bad' : 'text-ink'}`}
              >
                {batch.batchId || batch.rootSpanId.slice(0, 12)}
              </span>
              <span className="block truncate text-2xs text-ink-3">
                {batch.state === 'held'
                  ? batch.items === null
                    ? formatMs(batch.durationMs)
                    : `${formatCount(batch.items)} ${batch.items === 1 ? 'item' : 'items'}`
                  : batch.state === 'evicted'
                    ? 'left the store'
                    : 'never came'}
              </span>
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** A batch that was merged into itself: a loop above its card. */
function SelfLink(props: { readonly right: number; readonly y: number }) {
  const { y } = props;
  const [left, right] = [props.right - 22, props.right - 6];
  return (
    <path
      d={`M${left} ${y}C${left} ${y - 10} ${right} ${y - 10} ${right} ${y}`}
      fill="none"
      stroke="var(--bad)"
      strokeDasharray="3 2"
    >
      <title>linked to itself</title>
    </path>
  );
}

const STEPS: Readonly<Record<string, LineageStep | undefined>> = {
  ArrowLeft: 'back',
  ArrowRight: 'on',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** As many as can be read, those of this trace and the nearest to it first. */
function shownBatches(lineage: LineageAnswer, traceId: string): readonly Batch[] {
  if (lineage.batches.length <= MOST) return lineage.batches;
  const nearest = [...lineage.batches].sort(
    (a, b) =>
      Number(b.traceId === traceId) - Number(a.traceId === traceId) ||
      Math.abs(a.distance) - Math.abs(b.distance),
  );
  const shown = new Set(nearest.slice(0, MOST));
  return lineage.batches.filter((batch) => shown.has(batch));
}

function titleOf(batch: Batch): string {
  if (batch.state === 'evicted') return 'This batch has left the store';
  if (batch.state === 'unknown') return 'Its spans never came, or were not kept';
  return `${batch.batchId}\n${batch.nodeIds.join(' > ')}\n${batch.spanCount} spans, ${formatMs(batch.durationMs)}`;
}
