/**
 * The treegrid's roles and states, as props. Its rows are placed one by one, a few of very many, so they cannot be
 * table elements; the focus is on the row, never on a cell.
 */
import type { HTMLAttributes } from 'react';

export const ROW = { role: 'row' } as const;
export const CELL = { role: 'gridcell' } as const;
export const COLUMN_HEADER = { role: 'columnheader' } as const;

type Props = HTMLAttributes<HTMLDivElement>;

export function treegrid(label: string, rows: number, onKeyDown: Props['onKeyDown']): Props {
  return { role: 'treegrid', 'aria-label': label, 'aria-rowcount': rows, onKeyDown };
}

export function treegridRow(row: {
  readonly label: string;
  readonly level: number;
  /** Counted from 0, as the list is. */
  readonly index: number;
  /** Undefined where nothing is below it. */
  readonly expanded: boolean | undefined;
  readonly selected: boolean;
  /** Whether Tab leads to it: of the rows of a grid one. */
  readonly tabbable?: boolean;
  readonly onSelect?: () => void;
}): Props {
  const { onSelect } = row;
  return {
    role: 'row',
    'aria-label': row.label,
    'aria-level': row.level,
    'aria-rowindex': row.index + 1,
    'aria-expanded': row.expanded,
    'aria-selected': row.selected,
    tabIndex: row.selected || row.tabbable ? 0 : -1,
    onClick: onSelect,
    onKeyDown: (event) => {
      if (event.target === event.currentTarget && event.key === 'Enter') onSelect?.();
    },
  };
}
