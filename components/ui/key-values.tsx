import { Fragment, type ReactNode } from 'react';
import { cx } from './cx';

export interface KeyValue {
  readonly key: string;
  readonly label?: ReactNode;
  readonly value: ReactNode;
  readonly title?: string;
}

/** Names at the left, figures at the right in the monospaced face. `wide` gives the values the room. */
export function KeyValues(props: {
  readonly items: readonly KeyValue[];
  readonly wide?: boolean;
  readonly className?: string;
}) {
  return (
    <dl
      className={cx(
        'grid gap-x-3 gap-y-[3px] text-s text-ink-2',
        props.wide ? 'grid-cols-[minmax(0,min(44%,150px))_minmax(0,1fr)]' : 'grid-cols-[1fr_auto]',
        props.className,
      )}
    >
      {props.items.map((item) => (
        <Fragment key={item.key}>
          <dt className="truncate" title={item.title}>
            {item.label ?? item.key}
          </dt>
          <dd className={cx('num min-w-0 text-ink', props.wide ? 'break-words' : 'text-right')}>
            {item.value}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
