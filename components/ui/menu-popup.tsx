'use client';
import { Menu as Base } from '@base-ui/react/menu';
import type { ButtonHTMLAttributes, ReactElement, ReactNode } from 'react';
import { cx } from './cx';

export interface MenuProps {
  readonly trigger: ReactElement<ButtonHTMLAttributes<HTMLButtonElement>>;
  readonly children: ReactNode;
  readonly align?: 'start' | 'end';
  readonly className?: string;
  readonly onOpenChange?: (open: boolean) => void;
}

/** Drawn when its button was pressed for the first time, and so open at first. */
export function Menu(props: MenuProps) {
  return (
    <Base.Root defaultOpen onOpenChange={(open) => props.onOpenChange?.(open)}>
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

export interface MenuItemProps {
  readonly onSelect: () => void;
  readonly children: ReactNode;
  readonly disabled?: boolean;
  readonly keepOpen?: boolean;
}

export function MenuItem(props: MenuItemProps) {
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
export interface MenuCheckItemProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
  readonly disabled?: boolean;
  readonly closeOnClick?: boolean;
}

export function MenuCheckItem(props: MenuCheckItemProps) {
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

export interface MenuGroupProps {
  readonly label: string;
  readonly children: ReactNode;
}

export function MenuGroup(props: MenuGroupProps) {
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
