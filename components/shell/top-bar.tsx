import type { Theme } from '@/lib/client/theme';

export function TopBar(_props: { readonly theme: Theme }) {
  return <header className="h-[var(--bar)] flex-none border-b border-line bg-surface" />;
}
