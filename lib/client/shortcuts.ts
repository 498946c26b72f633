/**
 * The one table of shortcuts: it drives the handlers and the help sheet. A sequence is keys with a space between
 * (`g t`); `space` and `esc` stand for themselves. `mod` is Ctrl, or ⌘ on a Mac, and works while typing too.
 */
export interface Shortcut {
  readonly id: string;
  readonly keys: readonly string[];
  readonly label: string;
  readonly group: 'Go to' | 'Everywhere' | 'Map' | 'Rows' | 'Waterfall';
}

export const SHORTCUTS = [
  { id: 'go.topology', keys: ['g t'], label: 'Topology', group: 'Go to' },
  { id: 'go.traces', keys: ['g r'], label: 'Traces', group: 'Go to' },
  { id: 'go.metrics', keys: ['g m'], label: 'Metrics', group: 'Go to' },
  { id: 'go.control', keys: ['g c'], label: 'Control', group: 'Go to' },
  { id: 'go.connect', keys: ['g e'], label: 'Connect an engine', group: 'Go to' },
  { id: 'go.settings', keys: ['g s'], label: 'Settings', group: 'Go to' },
  { id: 'palette', keys: ['mod+k'], label: 'Command palette', group: 'Everywhere' },
  { id: 'help', keys: ['?'], label: 'This sheet', group: 'Everywhere' },
  { id: 'search', keys: ['/'], label: 'Search', group: 'Everywhere' },
  { id: 'time.toggle', keys: ['space'], label: 'Live or freeze', group: 'Everywhere' },
  { id: 'time.back', keys: [','], label: 'One second back', group: 'Everywhere' },
  { id: 'time.forward', keys: ['.'], label: 'One second on', group: 'Everywhere' },
  { id: 'clear', keys: ['esc'], label: 'Clear selection or search', group: 'Everywhere' },
  { id: 'fit', keys: ['f'], label: 'Fit into view', group: 'Map' },
  { id: 'view.in', keys: ['w'], label: 'Zoom in', group: 'Map' },
  { id: 'view.out', keys: ['s'], label: 'Zoom out', group: 'Map' },
  { id: 'view.left', keys: ['a'], label: 'Pan left', group: 'Map' },
  { id: 'view.right', keys: ['d'], label: 'Pan right', group: 'Map' },
  { id: 'rows.down', keys: ['j'], label: 'Next row', group: 'Rows' },
  { id: 'rows.up', keys: ['k'], label: 'Previous row', group: 'Rows' },
  { id: 'rows.close', keys: ['h'], label: 'Collapse row, or to its parent', group: 'Rows' },
  { id: 'rows.open', keys: ['l'], label: 'Expand row, or to its first child', group: 'Rows' },
  { id: 'rows.collapse-all', keys: ['['], label: 'Collapse all', group: 'Rows' },
  { id: 'rows.expand-all', keys: [']'], label: 'Expand all', group: 'Rows' },
] as const satisfies readonly Shortcut[];

export type ShortcutId = (typeof SHORTCUTS)[number]['id'];

/** A key press in the table's spelling; `null` for what no shortcut uses (Alt, Ctrl without its key). */
export function keyName(event: {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): string | null {
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return `mod+${event.key.toLowerCase()}`;
  if (event.key === ' ') return 'space';
  if (event.key === 'Escape') return 'esc';
  return event.key.length === 1 ? event.key.toLowerCase() : null;
}

/** A first key of a sequence waits this long for its second. */
export const SEQUENCE_MS = 900;

/** What a press means after a `pending` first key: a shortcut, the start of a sequence, or nothing. */
export function matchShortcut(
  pending: string | null,
  key: string,
): { readonly id: ShortcutId } | { readonly pending: string } | null {
  const typed = pending === null ? key : `${pending} ${key}`;
  const hit = SHORTCUTS.find((shortcut) => shortcut.keys.some((keys) => keys === typed));
  if (hit) return { id: hit.id };
  if (pending !== null) return matchShortcut(null, key);
  return SHORTCUTS.some((shortcut) => shortcut.keys.some((keys) => keys.startsWith(`${typed} `)))
    ? { pending: typed }
    : null;
}
