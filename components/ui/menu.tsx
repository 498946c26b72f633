'use client';
import { cloneElement } from 'react';
import type * as Popup from './menu-popup';
import { useFirstUse } from './use-first-use';

let popup: typeof Popup | null = null;

async function load() {
  popup ??= await import('./menu-popup');
}

/** A list of things to do behind a button, which is `trigger`. */
export function Menu(props: Popup.MenuProps) {
  const { wanted, trigger } = useFirstUse('menu', load, () => props.onOpenChange?.(true));
  return wanted && popup ? <popup.Menu {...props} /> : cloneElement(props.trigger, trigger);
}

// What stands in a menu is drawn once the menu is there.

export function MenuItem(props: Popup.MenuItemProps) {
  return popup && <popup.MenuItem {...props} />;
}

export function MenuCheckItem(props: Popup.MenuCheckItemProps) {
  return popup && <popup.MenuCheckItem {...props} />;
}

export function MenuGroup(props: Popup.MenuGroupProps) {
  return popup && <popup.MenuGroup {...props} />;
}

export function MenuSeparator() {
  return popup && <popup.MenuSeparator />;
}
