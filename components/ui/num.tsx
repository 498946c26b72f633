import type { ReactNode } from 'react';
import { cx } from './cx';

/** A figure or an id: monospaced and tabular. */
export function Num(props: {
  readonly children: ReactNode;
  readonly className?: string;
  readonly title?: string;
}) {
  return (
    <span title={props.title} className={cx('num', props.className)}>
      {props.children}
    </span>
  );
}
