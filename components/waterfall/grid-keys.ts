import type { KeyboardEvent } from 'react';
import type { RowActions } from './row-line';
import type { Row } from './use-rows';

export interface WaterfallHandle {
  /** Rows around the selected one, and its own. */
  readonly step: (by: number) => void;
  readonly toParent: () => void;
  readonly current: () => Row | null;
}

/** The keys that a treegrid has by convention, beside the page's own. */
export function onGridKey(event: KeyboardEvent, handle: WaterfallHandle | null, actions: RowActions): void {
  const row = handle?.current() ?? null;
  const moves: Readonly<Record<string, (() => void) | undefined>> = {
    ArrowDown: () => handle?.step(1),
    ArrowUp: () => handle?.step(-1),
    ArrowLeft: () => (row && row.descendants > 0 && row.opened ? actions.toggle(row) : handle?.toParent()),
    ArrowRight: () => (row && !row.opened ? actions.toggle(row) : handle?.step(1)),
  };
  const move = moves[event.key];
  if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  move();
}
