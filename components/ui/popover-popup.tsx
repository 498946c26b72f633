'use client';
import { Popover as Base } from '@base-ui/react/popover';
import type { ButtonHTMLAttributes, ReactElement, ReactNode } from 'react';
import { cx } from './cx';

export interface PopoverProps {
  readonly trigger: ReactElement<ButtonHTMLAttributes<HTMLButtonElement>>;
  readonly title: string;
  readonly children: ReactNode;
  readonly align?: 'start' | 'center' | 'end';
  readonly className?: string;
}

/** Drawn when its button was pressed for the first time, and so open at first. */
export function Popover(props: PopoverProps) {
  return (
    <Base.Root defaultOpen>
      <Base.Trigger render={props.trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={props.align ?? 'end'} className="z-50">
          <Base.Popup
            className={cx(
              'max-h-[70vh] w-80 overflow-auto rounded-m border border-line bg-raised p-3 text-s shadow-pop outline-none',
              props.className,
            )}
          >
            <Base.Title className="eyebrow mb-2">{props.title}</Base.Title>
            {props.children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
