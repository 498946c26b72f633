'use client';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Button } from './button';
import type { DialogProps } from './dialog-popup';

const Popup = lazy(() => import('./dialog-popup').then((module) => ({ default: module.Dialog })));

/** Fetched when it is opened for the first time. */
export function Dialog(props: DialogProps) {
  const [opened, setOpened] = useState(props.open);
  if (props.open && !opened) setOpened(true);
  if (!opened) return null;
  return (
    <Suspense>
      <Popup {...props} />
    </Suspense>
  );
}

/** Asks before it does. `description` says what will happen, in the words of the thing itself. */
export function ConfirmDialog(props: {
  readonly open: boolean;
  readonly title: string;
  readonly description: ReactNode;
  readonly confirmLabel: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}) {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={props.title} description={props.description}>
      {props.children}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={props.onClose}>Cancel</Button>
        <Button
          variant={props.danger ? 'danger' : 'primary'}
          disabled={props.busy ?? false}
          onClick={props.onConfirm}
        >
          {props.confirmLabel}
        </Button>
      </div>
    </Dialog>
  );
}
