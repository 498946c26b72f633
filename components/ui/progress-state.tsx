import { cx } from './cx';

export type ChangeState = 'idle' | 'pending' | 'applying' | 'applied' | 'failed';

const SAID: Readonly<Record<Exclude<ChangeState, 'idle'>, string>> = {
  pending: 'pending',
  applying: 'applying',
  applied: 'applied',
  failed: 'failed',
};

/** What became of a change: pending → applied, or failed with the engine's own words. */
export function ProgressState(props: {
  readonly state: ChangeState;
  readonly error?: string | null;
  readonly className?: string;
}) {
  if (props.state === 'idle') return <span role="status" className="sr-only" />;
  const tone = props.state === 'failed' ? 'text-bad' : props.state === 'applied' ? 'text-ok' : 'text-warn';
  const sign = props.state === 'failed' ? '✕' : props.state === 'applied' ? '✓' : '…';
  return (
    <span role="status" className={cx('inline-flex items-baseline gap-1 text-s', tone, props.className)}>
      <span aria-hidden="true">{sign}</span>
      <span>{SAID[props.state]}</span>
      {props.error ? <span className="text-ink-2">{props.error}</span> : null}
    </span>
  );
}
