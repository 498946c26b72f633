import { ChevronDown } from 'lucide-react';
import { cx } from './cx';

export interface SelectOption<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly disabled?: boolean;
}

/** The browser's own list: it is reachable, fast, and knows every keyboard. */
export function Select<V extends string>(props: {
  readonly label: string;
  readonly value: V;
  readonly options: readonly SelectOption<V>[];
  readonly onChange: (value: V) => void;
  readonly className?: string;
  readonly disabled?: boolean;
  readonly id?: string;
}) {
  return (
    <span className={cx('relative inline-flex', props.className)}>
      <select
        id={props.id}
        aria-label={props.label}
        title={props.label}
        value={props.value}
        disabled={props.disabled}
        onChange={(event) => {
          const chosen = props.options.find((option) => option.value === event.target.value);
          if (chosen) props.onChange(chosen.value);
        }}
        className={cx(
          'h-[26px] w-full appearance-none rounded-m border border-line bg-raised pl-2.5 pr-6 text-s text-ink-2',
          'hover:border-line-strong hover:text-ink disabled:opacity-50',
        )}
      >
        {props.options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden="true"
        size={12}
        className="pointer-events-none absolute right-1.5 top-[7px] text-ink-3"
      />
    </span>
  );
}
