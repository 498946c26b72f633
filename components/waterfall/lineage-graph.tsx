'use client';
import type { LineageAnswer } from '@/lib/api/traces';
import { formatCount, formatMs } from '@/lib/base/format';
import { layeredLayout } from './layered-layout';

const [CARD_WIDTH, CARD_HEIGHT, COLUMN, LANE] = [92, 34, 118, 44];
const MOST = 48;

type Batch = LineageAnswer['batches'][number];

/** Batches from left to right, with the items that went over each merge and split. */
export function LineageGraph(props: {
  readonly lineage: LineageAnswer;
  readonly traceId: string;
  readonly onOpen: (batch: Batch) => void;
}) {
  const batches = props.lineage.batches.slice(0, MOST);
  const placed = layeredLayout(
    batches.map((batch) => batch.id),
    props.lineage.edges,
  );
  const at = new Map(
    placed.map((place) => [place.id, { x: place.layer * COLUMN + 2, y: place.lane * LANE + 2 }]),
  );
  const width = Math.max(...placed.map((place) => place.layer), 0) * COLUMN + CARD_WIDTH + 4;
  const height = Math.max(...placed.map((place) => place.lane), 0) * LANE + CARD_HEIGHT + 4;
  return (
    <div className="max-h-72 overflow-auto">
      <div className="relative" style={{ width, height }}>
        <svg width={width} height={height} className="absolute inset-0" aria-hidden="true">
          {props.lineage.edges.map((edge) => {
            const [a, b] = [at.get(edge.from), at.get(edge.to)];
            if (!a || !b || edge.from === edge.to) return null;
            const [x1, y1, x2, y2] = [a.x + CARD_WIDTH, a.y + CARD_HEIGHT / 2, b.x, b.y + CARD_HEIGHT / 2];
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
              onClick={() => props.onOpen(batch)}
              disabled={batch.state !== 'held'}
              title={titleOf(batch)}
              className={`absolute overflow-hidden rounded-s border bg-surface px-1.5 text-left leading-tight enabled:hover:border-accent ${
                batch.traceId === props.traceId
                  ? 'border-accent'
                  : batch.state === 'held'
                    ? 'border-line-strong'
                    : 'border-dashed border-line-strong'
              }`}
              style={{ left: place?.x ?? 0, top: place?.y ?? 0, width: CARD_WIDTH, height: CARD_HEIGHT }}
            >
              <span
                className={`block truncate font-mono text-2xs ${batch.status === 'error' ? 'text-bad' : 'text-ink'}`}
              >
                {batch.batchId || batch.rootSpanId.slice(0, 12)}
              </span>
              <span className="block truncate text-2xs text-ink-3">
                {batch.state === 'held'
                  ? `${batch.items === null ? '' : `${formatCount(batch.items)} items · `}${formatMs(batch.durationMs)}`
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

function titleOf(batch: Batch): string {
  if (batch.state === 'evicted') return 'This batch has left the store';
  if (batch.state === 'unknown') return 'Its spans never came, or were not kept';
  return `${batch.batchId}\n${batch.nodeIds.join(' > ')}\n${batch.spanCount} spans, ${formatMs(batch.durationMs)}`;
}
