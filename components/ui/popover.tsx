'use client';
import { cloneElement } from 'react';
import type * as Popup from './popover-popup';
import { useFirstUse } from './use-first-use';

let popup: typeof Popup | null = null;

async function load() {
  popup ??= await import('./popover-popup');
}

/** More about what stands on a button, which is `trigger`. */
export function Popover(props: Popup.PopoverProps) {
  const { wanted, trigger } = useFirstUse('dialog', load);
  return wanted && popup ? <popup.Popover {...props} /> : cloneElement(props.trigger, trigger);
}
