'use client';
import { useValue, type ValueStore } from '@/lib/client/value-store';
import { ROW_HEIGHT } from './row-bar';
import type { Row } from './use-rows';
import { toX, type Viewport } from './viewport';

const MOST = 128;

/** Merges and retries as dashed curves between rows that are both in sight: from the end of the one to the start of the other. */
export function LinkArrows(props: {
  readonly rows: readonly { readonly row: Row; readonly y: number }[];
  readonly view: ValueStore<Viewport>;
  readonly width: number;
}) {
  const view = useValue(props.view);
  const bySpan = new Map(props.rows.map((each) => [each.row.traceId + each.row.spanId, each]));
  const arrows = props.rows
    .flatMap((to) =>
      (to.row.marks?.links ?? [])
        .filter((link) => link.direction === 'out' && (link.type === 'merge' || link.type === 'retry'))
        .map((link) => ({ link, from: bySpan.get(link.traceId + link.spanId), to })),
    )
    .slice(0, MOST);
  if (arrows.length === 0) return null;
  return (
    <svg className="absolute inset-0 size-full overflow-hidden" aria-hidden="true">
      {arrows.map(({ link, from, to }) => {
        if (!from || from === to) return null;
        const x1 = toX(from.row.startMs + from.row.durationMs + (from.row.heldMs ?? 0), view, props.width);
        const x2 = toX(to.row.startMs, view, props.width);
        const [y1, y2] = [from.y + ROW_HEIGHT / 2, to.y + ROW_HEIGHT / 2];
        const bend = y2 < y1 ? 30 : -30;
        const d = `M${x1} ${y1}C${x1} ${y1 - bend} ${x2 - 14} ${y2 + bend} ${x2} ${y2 + Math.sign(bend) * 8}`;
        return (
          <path
            key={`${link.traceId}${link.spanId}${to.row.spanId}`}
            d={d}
            fill="none"
            stroke="var(--text-3)"
            strokeDasharray="3 3"
          />
        );
      })}
    </svg>
  );
}
