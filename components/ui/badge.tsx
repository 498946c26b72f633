import type { ReactNode } from 'react';
import { cx } from './cx';

export type Tone = 'neutral' | 'accent' | 'ok' | 'warn' | 'bad' | 'control';

const TONES: Readonly<Record<Tone, string>> = {
  neutral: 'border-line text-ink-3',
  accent: 'border-accent/50 text-accent',
  ok: 'border-ok/50 text-ok',
  warn: 'border-warn/50 text-warn',
  bad: 'border-bad/50 text-bad',
  control: 'border-control/50 text-control',
};

export function Badge(props: {
  readonly tone?: Tone;
  readonly title?: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <span
      title={props.title}
      className={cx(
        'inline-flex items-center whitespace-nowrap rounded-[3px] border px-1 text-2xs leading-[14px]',
        TONES[props.tone ?? 'neutral'],
        props.className,
      )}
    >
      {props.children}
    </span>
  );
}

const DOTS: Readonly<Record<Tone | 'off', string>> = {
  neutral: 'bg-ink-3',
  accent: 'bg-accent',
  ok: 'bg-ok',
  warn: 'bg-warn',
  bad: 'bg-bad',
  control: 'bg-control',
  off: 'border border-ink-3',
};

/** A state as a dot; `label` says it in words for those who do not see the colour. */
export function Dot(props: {
  readonly tone: Tone | 'off';
  readonly label?: string;
  readonly className?: string;
}) {
  const shape = cx('inline-block size-[7px] flex-none rounded-full', DOTS[props.tone], props.className);
  return props.label ? (
    <span role="img" aria-label={props.label} title={props.label} className={shape} />
  ) : (
    <span aria-hidden="true" className={shape} />
  );
}
