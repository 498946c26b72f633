/** The table's roles as props: its rows are placed one by one, a few of very many, so they cannot be table elements. */
import type { HTMLAttributes } from 'react';

type Props = HTMLAttributes<HTMLDivElement>;

export const CELL: Props = { role: 'gridcell' };
export const HEAD_ROW: Props = { role: 'row', 'aria-rowindex': 1 };

export function grid(label: string, rows: number): Props {
  return { role: 'grid', 'aria-label': label, 'aria-rowcount': rows + 1 };
}

export function columnHeader(sorted: 'ascending' | 'descending' | 'none' | undefined): Props {
  return { role: 'columnheader', 'aria-sort': sorted };
}

export function gridRow(row: {
  readonly index: number;
  readonly selected: boolean;
  readonly onOpen: () => void;
}): Props {
  return {
    role: 'row',
    'aria-rowindex': row.index + 2,
    'aria-selected': row.selected,
    onClick: row.onOpen,
  };
}
