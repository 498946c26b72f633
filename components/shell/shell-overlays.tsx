'use client';
import { useShortcutListener } from '@/lib/client/use-shortcut';

export function ShellOverlays() {
  useShortcutListener();
  return null;
}
