/** The pages, in the order of the rail. */
import { Activity, ChartNoAxesColumn, Network, Settings2, SlidersHorizontal } from 'lucide-react';
import type { ShortcutId } from '@/lib/client/shortcuts';

export const PAGES = [
  { href: '/', name: 'Topology', icon: Network, shortcut: 'go.topology' },
  { href: '/traces', name: 'Traces', icon: Activity, shortcut: 'go.traces' },
  { href: '/metrics', name: 'Metrics', icon: ChartNoAxesColumn, shortcut: 'go.metrics' },
  { href: '/control', name: 'Control', icon: SlidersHorizontal, shortcut: 'go.control' },
  { href: '/settings', name: 'Settings', icon: Settings2, shortcut: 'go.settings' },
] as const satisfies readonly { readonly shortcut: ShortcutId; readonly [key: string]: unknown }[];

/** Keys of the URL that a change of page keeps: who is looked at, and when. */
const KEPT = ['engine', 'pipeline', 'window', 'at', 'range'] as const;

export function hrefKeeping(href: string, search: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const key of KEPT) {
    const value = search.get(key);
    if (value) kept.set(key, value);
  }
  const text = kept.toString();
  if (text === '') return href;
  return `${href}${href.includes('?') ? '&' : '?'}${text}`;
}
