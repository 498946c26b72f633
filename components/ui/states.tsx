import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button';
import { cx } from './cx';

/** Nothing to show, and what to do about it. */
export function EmptyState(props: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly className?: string;
}) {
  return (
    <div
      className={cx(
        'mx-auto flex max-w-xl flex-col items-start gap-3 p-6 text-s text-ink-2',
        props.className,
      )}
    >
      <h2 className="text-l font-semibold text-ink">{props.title}</h2>
      {props.children}
      {props.action}
    </div>
  );
}

/** Something failed: what, in the words of who refused, and how to try again. */
export function ErrorState(props: {
  readonly title: string;
  readonly message: string;
  readonly onRetry?: () => void;
  readonly className?: string;
}) {
  return (
    <div role="alert" className={cx('flex items-start gap-2 p-4 text-s', props.className)}>
      <TriangleAlert size={15} aria-hidden="true" className="mt-0.5 flex-none text-bad" />
      <div className="min-w-0 flex-1">
        <p className="font-medium text-ink">{props.title}</p>
        <p className="break-words text-ink-2">{props.message}</p>
      </div>
      {props.onRetry ? <Button onClick={props.onRetry}>Try again</Button> : null}
    </div>
  );
}

/** While the first answer is on its way. Shown late, so that fast answers do not flicker. */
export function Loading(props: { readonly label?: string; readonly className?: string }) {
  return (
    <p role="status" className={cx('p-4 text-s text-ink-3', props.className)}>
      {props.label ?? 'Loading …'}
    </p>
  );
}

/** `n of N`: a cut list says so. */
export function Truncated(props: {
  readonly shown: number;
  readonly total: number;
  readonly children?: ReactNode;
}) {
  if (props.shown >= props.total) return null;
  return (
    <p className="num px-3 py-1.5 text-ink-3">
      {props.shown} of {props.total} shown. {props.children}
    </p>
  );
}
