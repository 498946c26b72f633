'use client';
import { type ReactNode, useId } from 'react';
import { cx } from './cx';

export interface SegmentedOption<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly title?: string;
  readonly disabled?: boolean;
}

/** One of few, all of them in sight: a group of native radio buttons, so arrow keys and forms know it. */
export function Segmented<V extends string>(props: {
  readonly label: string;
  readonly value: V | null;
  readonly options: readonly SegmentedOption<V>[];
  readonly onChange: (value: V) => void;
  readonly className?: string;
  readonly disabled?: boolean;
}) {
  const name = useId();
  return (
    <fieldset
      aria-label={props.label}
      disabled={props.disabled}
      className={cx(
        'inline-flex h-[26px] flex-none overflow-hidden rounded-m border border-line text-s disabled:opacity-60',
        props.className,
      )}
    >
      {props.options.map((option) => (
        <label
          key={option.value}
          title={option.title}
          className={cx(
            'relative inline-flex items-center px-2.5 text-ink-3 hover:text-ink',
            'has-checked:bg-accent-bg has-checked:font-medium has-checked:text-accent',
            'has-disabled:opacity-50 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-accent',
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === props.value}
            disabled={option.disabled}
            onChange={() => props.onChange(option.value)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
