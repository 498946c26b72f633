import type { ReactNode } from 'react';
import { cx } from './cx';

/** A surface with a border. */
export function Panel(props: {
  readonly children: ReactNode;
  readonly className?: string;
  readonly label?: string;
  /** For links that lead here; of a labelled panel. */
  readonly id?: string;
}) {
  const shape = cx('rounded-m border border-line bg-surface', props.className);
  return props.label ? (
    <section id={props.id} aria-label={props.label} className={shape}>
      {props.children}
    </section>
  ) : (
    <div className={shape}>{props.children}</div>
  );
}

export function PanelHeader(props: {
  readonly title: ReactNode;
  readonly aside?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div className={cx('flex min-h-9 items-center gap-2 border-b border-line px-3 py-1.5', props.className)}>
      <h2 className="min-w-0 flex-1 truncate text-m font-semibold">{props.title}</h2>
      {props.aside}
    </div>
  );
}

/** The small heading of a group of figures, with what belongs to it at the right. */
export function GroupHeading(props: { readonly children: ReactNode; readonly aside?: ReactNode }) {
  return (
    <h3 className="eyebrow mb-1.5 mt-4 flex items-baseline justify-between gap-2">
      <span>{props.children}</span>
      {props.aside ? <span className="font-normal">{props.aside}</span> : null}
    </h3>
  );
}
