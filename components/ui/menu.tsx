'use client';
import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { cx } from './cx';

/** A list of things to do behind a button. `trigger` is the button itself. */
export function Menu(props: {
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly align?: 'start' | 'end';
  readonly className?: string;
  readonly onOpenChange?: (open: boolean) => void;
}) {
  return (
    <Base.Root onOpenChange={(open) => props.onOpenChange?.(open)}>
      <Base.Trigger render={props.trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={props.align ?? 'start'} className="z-50">
          <Base.Popup
            className={cx(
              'max-h-[70vh] min-w-44 overflow-auto rounded-m border border-line bg-raised p-1 text-s shadow-pop outline-none',
              props.className,
            )}
          >
            {props.children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const ITEM =
  'flex w-full cursor-pointer items-center gap-2 rounded-s px-2 py-1 text-left text-ink-2 outline-none data-[highlighted]:bg-accent-bg data-[highlighted]:text-ink data-[disabled]:cursor-not-allowed data-[disabled]:opacity-50';

export function MenuItem(props: {
  readonly onSelect: () => void;
  readonly children: ReactNode;
  readonly disabled?: boolean;
  readonly keepOpen?: boolean;
}) {
  return (
    <Base.Item
      disabled={props.disabled ?? false}
      closeOnClick={!props.keepOpen}
      onClick={props.onSelect}
      className={ITEM}
    >
      {props.children}
    </Base.Item>
  );
}

/** An item of which one, or each by itself, may be on. */
export function MenuCheckItem(props: {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
  readonly disabled?: boolean;
  readonly closeOnClick?: boolean;
}) {
  return (
    <Base.CheckboxItem
      checked={props.checked}
      disabled={props.disabled ?? false}
      closeOnClick={props.closeOnClick ?? false}
      onCheckedChange={(checked) => props.onChange(checked)}
      className={ITEM}
    >
      <span className="w-3 text-accent">
        <Base.CheckboxItemIndicator>✓</Base.CheckboxItemIndicator>
      </span>
      {props.children}
    </Base.CheckboxItem>
  );
}

export function MenuGroup(props: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="eyebrow px-2 pb-0.5 pt-1.5">{props.label}</Base.GroupLabel>
      {props.children}
    </Base.Group>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="mx-1 my-1 h-px bg-line" />;
}
