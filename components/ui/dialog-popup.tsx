'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { IconButton } from './button';
import { cx } from './cx';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  readonly className?: string;
  /** Near the top, without a head: for the palette. */
  readonly bare?: boolean;
  /** What gets the focus; else the first that can take it. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

export function Dialog(props: DialogProps) {
  const { open, onClose, title, description, children, className, bare, initialFocus } = props;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-sunken/70" />
        <Base.Popup
          {...(initialFocus ? { initialFocus } : {})}
          className={cx(
            'fixed left-1/2 z-50 max-h-[84vh] w-[min(560px,92vw)] -translate-x-1/2 overflow-auto rounded-m border border-line bg-raised shadow-pop outline-none',
            bare ? 'top-[12vh]' : 'top-[10vh] p-4',
            className,
          )}
        >
          <div className={cx('mb-2 flex items-start gap-2', bare && 'sr-only')}>
            <Base.Title className="flex-1 text-l font-semibold">{title}</Base.Title>
            <Base.Close
              render={
                <IconButton label="Close">
                  <X size={14} aria-hidden="true" />
                </IconButton>
              }
            />
          </div>
          {description ? (
            <Base.Description render={<div />} className="mb-3 text-s text-ink-2">
              {description}
            </Base.Description>
          ) : null}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
