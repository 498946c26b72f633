import type { ReactNode, TdHTMLAttributes, ThHTMLAttributes } from 'react';
import { cx } from './cx';

/** Tables of the product: dense, a line between rows, a head that stays. */
export function Table(props: {
  readonly label: string;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <table
      aria-label={props.label}
      className={cx('w-full border-collapse text-left text-s', props.className)}
    >
      {props.children}
    </table>
  );
}

interface CellProps {
  /** Right-aligned and monospaced. */
  readonly figure?: boolean;
}

export function Th({ figure, className, ...rest }: ThHTMLAttributes<HTMLTableCellElement> & CellProps) {
  return (
    <th
      scope="col"
      className={cx(
        'sticky top-0 z-10 whitespace-nowrap border-b border-line bg-surface px-2 py-1.5 text-xs font-semibold text-ink-3',
        figure && 'text-right',
        className,
      )}
      {...rest}
    />
  );
}

export function Td({ figure, className, ...rest }: TdHTMLAttributes<HTMLTableCellElement> & CellProps) {
  return (
    <td
      className={cx('h-7 border-b border-line/60 px-2 py-0.5', figure && 'num text-right', className)}
      {...rest}
    />
  );
}
