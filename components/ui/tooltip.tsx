'use client';
import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';

/** More about what the pointer or the focus is on; never the only place of a fact. */
export function Tooltip(props: {
  readonly content: ReactNode;
  readonly children: ReactElement;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
}) {
  return (
    <Base.Root>
      <Base.Trigger render={props.children} delay={250} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} side={props.side ?? 'bottom'} className="z-50">
          <Base.Popup className="max-w-80 rounded-m border border-line bg-raised px-2.5 py-1.5 text-s text-ink-2 shadow-pop">
            {props.content}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
