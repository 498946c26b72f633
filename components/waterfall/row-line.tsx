'use client';
import { ChevronDown, ChevronRight, CornerUpRight } from 'lucide-react';
import { memo } from 'react';
import { cx } from '@/components/ui/cx';
import { formatCount, formatMs } from '@/lib/base/format';
import { hoverStore, setHover } from '@/lib/client/hover-store';
import { nodeColor } from '@/lib/client/node-color';
import { useValue, type ValueStore } from '@/lib/client/value-store';
import { CELL, treegridRow } from './grid-roles';
import { ROW_HEIGHT, RowBar } from './row-bar';
import type { Row } from './use-rows';
import type { Viewport } from './viewport';

export interface RowActions {
  readonly select: (row: Pick<Row, 'traceId' | 'spanId'>) => void;
  readonly toggle: (row: Row) => void;
  /** Shows the rows like it, or folds them behind it. */
  readonly unfold: (row: Row) => void;
  readonly jump: (traceId: string, spanId: string) => void;
}

/** One span: its name at the left, its hop at the right. A row of the treegrid. */
export const RowLine = memo(function RowLine(props: {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
  readonly width: number;
  readonly selected: boolean;
  readonly tabbable: boolean;
  readonly matched: boolean;
  readonly critical: boolean;
  readonly view: ValueStore<Viewport>;
  readonly actions: RowActions;
}) {
  const { row, selected, actions } = props;
  const view = useValue(props.view);
  const lit = useValue(hoverStore, (hover) => hover.node === row.node);
  const hovering = {
    onPointerEnter: () => setHover({ node: row.node, span: row.spanId }),
    onPointerLeave: () => setHover({ node: null, span: null }),
  };
  const away = row.marks?.links.find((link) => link.traceId !== row.traceId && link.type !== 'control');
  return (
    <div
      {...treegridRow({
        label: rowLabel(row),
        level: row.depth + 1,
        index: props.index,
        expanded: row.descendants > 0 ? row.opened : undefined,
        selected,
        tabbable: props.tabbable,
        onSelect: () => actions.select(row),
      })}
      {...hovering}
      className={cx(
        'absolute inset-x-0 flex cursor-default border-b border-line/55 outline-offset-[-2px]',
        selected ? 'bg-accent-bg' : lit && 'bg-free/40',
      )}
      style={{ top: props.top, height: ROW_HEIGHT }}
    >
      <div
        {...CELL}
        className={cx(
          'flex w-(--tree) flex-none items-center gap-1.5 border-r border-line pr-2.5',
          props.matched && 'shadow-[inset_2px_0_var(--accent)]',
        )}
        style={{ paddingLeft: 4 + Math.min(row.depth, 12) * 14 }}
      >
        <Fold row={row} onToggle={actions.toggle} />
        <i className="size-2 flex-none rounded-[2px]" style={{ background: nodeColor(row.node) }} />
        <b className="max-w-[60%] flex-none truncate text-s font-medium" title={row.name}>
          {row.node || row.name}
        </b>
        {row.similar > 0 ? <Similar row={row} onUnfold={actions.unfold} /> : null}
        <span className="min-w-0 flex-[1_99_0] truncate text-xs text-ink-3" title={row.marks?.note ?? ''}>
          {row.marks?.note}
        </span>
        {away ? (
          <button
            type="button"
            tabIndex={-1}
            title={`${away.type} link ${away.direction === 'out' ? 'to' : 'from'} trace ${away.traceId}`}
            aria-label={`Go to the ${away.type} in another trace`}
            disabled={away.state !== 'held'}
            onClick={(event) => {
              event.stopPropagation();
              actions.jump(away.traceId, away.spanId);
            }}
            className="flex-none rounded-s p-0.5 text-accent disabled:text-ink-3"
          >
            <CornerUpRight size={12} aria-hidden="true" />
          </button>
        ) : null}
        {row.failed ? (
          <span className="min-w-3 max-w-[100px] truncate text-xs text-bad" title={row.marks?.message}>
            ● {row.marks?.message || 'error'}
          </span>
        ) : null}
        <span className="num flex-none text-right text-xs text-ink-2">
          {formatMs(row.durationMs + (row.waitMs ?? 0))}
        </span>
      </div>
      <div {...CELL} className="relative min-w-0 flex-1 overflow-hidden">
        <RowBar row={row} view={view} width={props.width} critical={props.critical} />
      </div>
    </div>
  );
});

/** What a screen reader says of a row: node, duration, outcome, and what it stands for. */
function rowLabel(row: Row): string {
  const outcome = row.failed ? `failed: ${row.marks?.message ?? ''}` : 'ok';
  const folded = row.folded > 0 ? [`and ${formatCount(row.folded)} similar`] : [];
  return [row.node || row.name, formatMs(row.durationMs), outcome, ...folded].join(', ');
}

function Similar({ row, onUnfold }: { readonly row: Row; readonly onUnfold: (row: Row) => void }) {
  const folded = row.folded > 0;
  return (
    <button
      type="button"
      tabIndex={-1}
      title={folded ? 'Rows like this one are folded behind it: show them' : 'Fold the rows like this one'}
      onClick={(event) => {
        event.stopPropagation();
        onUnfold(row);
      }}
      className="num flex-none whitespace-nowrap rounded-s border border-line bg-raised px-1 text-2xs leading-[16px] text-ink-2 hover:border-line-strong hover:text-ink"
    >
      {folded ? `×${formatCount(row.folded)} similar` : `fold ${formatCount(row.similar)}`}
    </button>
  );
}

/** A row whose page has not come yet. */
export function RowOnItsWay({ top }: { readonly top: number }) {
  return (
    <div
      aria-hidden="true"
      className="absolute inset-x-0 flex items-center border-b border-line/55"
      style={{ top, height: ROW_HEIGHT }}
    >
      <i className="ml-8 h-1.5 w-32 rounded-full bg-free" />
    </div>
  );
}

function Fold({ row, onToggle }: { readonly row: Row; readonly onToggle: (row: Row) => void }) {
  if (row.descendants === 0) return <span className="w-3.5 flex-none" />;
  const Icon = row.opened ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={row.opened ? `Fold ${row.node}` : `Unfold ${row.node}, ${row.descendants} below`}
      title={row.opened ? 'Fold' : `${row.descendants} below`}
      onClick={(event) => {
        event.stopPropagation();
        onToggle(row);
      }}
      className="flex w-3.5 flex-none justify-center text-ink-3 hover:text-ink"
    >
      <Icon size={12} aria-hidden="true" />
    </button>
  );
}
