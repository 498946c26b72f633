'use client';
import type { RefObject } from 'react';
import { useShortcut } from '@/lib/client/use-shortcut';
import type { WaterfallHandle } from './grid-keys';
import type { Row } from './use-rows';

/** `j k` go through the rows, `h l` fold and unfold as in a tree, `[ ]` all of them. */
export function useRowKeys(
  handle: RefObject<WaterfallHandle | null>,
  toggle: (row: Row) => void,
  setDepth: (depth: number | null) => void,
): void {
  useShortcut('rows.down', () => handle.current?.step(1));
  useShortcut('rows.up', () => handle.current?.step(-1));
  useShortcut('rows.close', () => {
    const row = handle.current?.current();
    if (row && row.descendants > 0 && row.opened) toggle(row);
    else handle.current?.toParent();
  });
  useShortcut('rows.open', () => {
    const row = handle.current?.current();
    if (row && !row.opened) toggle(row);
    else handle.current?.step(1);
  });
  useShortcut('rows.collapse-all', () => setDepth(0));
  useShortcut('rows.expand-all', () => setDepth(null));
}
