/** The pages, in the order of the rail. */
import { Activity, ChartNoAxesColumn, Network, Plug, Settings2, SlidersHorizontal } from 'lucide-react';
import type { ShortcutId } from '@/lib/client/shortcuts';

export const PAGES = [
  { href: '/', name: 'Topology', icon: Network, shortcut: 'go.topology' },
  { href: '/traces', name: 'Traces', icon: Activity, shortcut: 'go.traces' },
  { href: '/metrics', name: 'Metrics', icon: ChartNoAxesColumn, shortcut: 'go.metrics' },
  { href: '/control', name: 'Control', icon: SlidersHorizontal, shortcut: 'go.control' },
  { href: '/connect', name: 'Connect', icon: Plug, shortcut: 'go.connect' },
  { href: '/settings', name: 'Settings', icon: Settings2, shortcut: 'go.settings' },
] as const satisfies readonly { readonly shortcut: ShortcutId; readonly [key: string]: unknown }[];
