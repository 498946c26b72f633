import type { ReactNode } from 'react';
import { Toaster } from '@/components/ui/toast';
import type { Theme } from '@/lib/client/theme';
import { DisconnectedBanner } from './disconnected-banner';
import { Rail } from './rail';
import { ShellOverlays } from './shell-overlays';
import { TopBar } from './top-bar';

/** What every page stands in. */
export function Frame({ theme, children }: { readonly theme: Theme; readonly children: ReactNode }) {
  return (
    <div className="flex h-dvh">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-raised focus:p-2"
      >
        Skip to the page
      </a>
      <Rail />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar theme={theme} />
        <DisconnectedBanner />
        <main id="main" className="relative min-h-0 flex-1">
          {children}
        </main>
      </div>
      <ShellOverlays />
      <Toaster />
    </div>
  );
}
