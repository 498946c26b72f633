'use client';
/** Shortcuts that work on every page, and the overlays they open; the overlays are loaded when first asked for. */
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { usePageHref } from '@/components/ui/use-page-href';
import { useTimeCursor } from '@/lib/client/time-cursor';
import { useShortcut, useShortcutListener } from '@/lib/client/use-shortcut';
import { useValue } from '@/lib/client/value-store';
import { PAGES } from './nav';
import { overlayStore } from './overlay-store';

const Palette = dynamic(() => import('./palette').then((module) => module.Palette), { ssr: false });
const HelpSheet = dynamic(() => import('./help-sheet').then((module) => module.HelpSheet), { ssr: false });

export function ShellOverlays() {
  useShortcutListener();
  const cursor = useTimeCursor();
  const overlay = useValue(overlayStore);
  useShortcut('palette', () => overlayStore.set(overlay === 'palette' ? null : 'palette'));
  useShortcut('help', () => overlayStore.set('help'));
  useShortcut('time.toggle', cursor.toggle);
  useShortcut('time.back', () => cursor.step(-1_000));
  useShortcut('time.forward', () => cursor.step(1_000));
  const close = () => overlayStore.set(null);
  return (
    <>
      {PAGES.map((page) => (
        <GoTo key={page.href} href={page.href} shortcut={page.shortcut} />
      ))}
      {overlay === 'palette' ? <Palette onClose={close} /> : null}
      {overlay === 'help' ? <HelpSheet onClose={close} /> : null}
    </>
  );
}

function GoTo({ href, shortcut }: Pick<(typeof PAGES)[number], 'href' | 'shortcut'>) {
  const router = useRouter();
  const hrefFor = usePageHref();
  useShortcut(shortcut, () => router.push(hrefFor(href)));
  return null;
}
