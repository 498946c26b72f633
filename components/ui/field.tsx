'use client';
import { type ReactNode, useId } from 'react';
import { cx } from './cx';

const BOX =
  'h-[28px] w-full rounded-m border border-line bg-sunken px-2 text-s text-ink placeholder:text-ink-3 hover:border-line-strong aria-[invalid=true]:border-bad disabled:opacity-50';

export interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  readonly className?: string;
  /** Gets the ids that tie label, hint and error to the control. */
  readonly children: (ids: {
    readonly id: string;
    readonly describedBy: string | undefined;
    readonly invalid: boolean;
  }) => ReactNode;
}

export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className={cx('flex min-w-0 flex-col gap-1', className)}>
      <label
        htmlFor={id}
        title={typeof label === 'string' ? label : undefined}
        className="truncate text-xs text-ink-2"
      >
        {label}
      </label>
      {children({ id, describedBy: note ? noteId : undefined, invalid: Boolean(error) })}
      {note ? (
        <p id={noteId} className={cx('text-xs', error ? 'text-bad' : 'text-ink-3')}>
          {note}
        </p>
      ) : null}
    </div>
  );
}

export interface TextInputProps {
  readonly label: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  readonly placeholder?: string;
  readonly mono?: boolean;
  readonly disabled?: boolean;
  readonly className?: string;
  readonly rows?: number;
}

export function TextInput(props: TextInputProps) {
  const { label, hint, error, className, value, onChange, mono, rows, placeholder, disabled } = props;
  return (
    <Field label={label} hint={hint} error={error ?? null} className={className ?? ''}>
      {({ id, describedBy, invalid }) => {
        const shared = {
          id,
          'aria-describedby': describedBy,
          'aria-invalid': invalid,
          value,
          placeholder,
          disabled,
          spellCheck: false,
        };
        return rows ? (
          <textarea
            {...shared}
            rows={rows}
            onChange={(event) => onChange(event.target.value)}
            className={cx(BOX, 'h-auto py-1.5', mono && 'num')}
          />
        ) : (
          <input
            {...shared}
            type="text"
            onChange={(event) => onChange(event.target.value)}
            className={cx(BOX, mono && 'num')}
          />
        );
      }}
    </Field>
  );
}

export interface NumberInputProps {
  readonly label: ReactNode;
  readonly value: number | null;
  /** `null` while the box is empty or holds no number. */
  readonly onChange: (value: number | null) => void;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number | 'any';
  readonly unit?: string;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  readonly disabled?: boolean;
  readonly className?: string;
}

export function NumberInput(props: NumberInputProps) {
  return (
    <Field
      label={props.label}
      hint={props.hint}
      error={props.error ?? null}
      className={props.className ?? ''}
    >
      {({ id, describedBy, invalid }) => (
        <span className="flex items-center gap-1.5">
          <input
            id={id}
            type="number"
            aria-describedby={describedBy}
            aria-invalid={invalid}
            value={props.value ?? ''}
            min={props.min}
            max={props.max}
            step={props.step ?? 'any'}
            disabled={props.disabled}
            onChange={(event) => {
              const number = event.target.valueAsNumber;
              props.onChange(Number.isFinite(number) ? number : null);
            }}
            className={cx(BOX, 'num text-right')}
          />
          {props.unit ? <span className="text-xs text-ink-3">{props.unit}</span> : null}
        </span>
      )}
    </Field>
  );
}

export interface ToggleProps {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly className?: string;
}

export function Switch(props: ToggleProps) {
  const id = useId();
  return (
    <span className={cx('inline-flex items-center gap-2 text-s text-ink-2', props.className)}>
      <button
        id={id}
        type="button"
        role="switch"
        aria-checked={props.checked}
        aria-labelledby={`${id}-label`}
        disabled={props.disabled}
        onClick={() => props.onChange(!props.checked)}
        className={cx(
          'relative h-4 w-7 rounded-full border disabled:opacity-50',
          props.checked ? 'border-accent bg-accent' : 'border-line-strong bg-free',
        )}
      >
        <span
          className={cx(
            'absolute top-[2px] size-2.5 rounded-full transition-[left]',
            props.checked ? 'left-[14px] bg-bg' : 'left-[2px] bg-ink-3',
          )}
        />
      </button>
      <label id={`${id}-label`} htmlFor={id}>
        {props.label}
      </label>
    </span>
  );
}

export function Checkbox(props: ToggleProps) {
  return (
    <label className={cx('inline-flex items-center gap-1.5 text-s text-ink-2', props.className)}>
      <input
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
        className="size-3.5 accent-accent"
      />
      {props.label}
    </label>
  );
}
