'use client';
import { CircleHelp, Search } from 'lucide-react';
import { IconButton } from '@/components/ui/button';
import type { Theme } from '@/lib/client/theme';
import { CopyLink } from './copy-link';
import { EnginePicker } from './engine-picker';
import { ExportIncident } from './export-incident';
import { IngestRate } from './ingest-rate';
import { LossLine } from './loss-line';
import { ModePill } from './mode-pill';
import { overlayStore } from './overlay-store';
import { ThemeToggle } from './theme-toggle';
import { TimeCursorBar } from './time-cursor-bar';

export function TopBar({ theme }: { readonly theme: Theme }) {
  return (
    <header className="flex h-[var(--bar)] flex-none items-center gap-2.5 border-b border-line bg-surface px-3.5 text-s">
      <EnginePicker />
      <ModePill />
      <span className="flex-1" />
      <TimeCursorBar />
      <LossLine />
      <IngestRate />
      <span className="flex flex-none">
        <IconButton label="Command palette (Ctrl K)" onClick={() => overlayStore.set('palette')}>
          <Search size={14} aria-hidden="true" />
        </IconButton>
        <ExportIncident />
        <CopyLink />
        <ThemeToggle initial={theme} />
        <IconButton label="Shortcuts (?)" onClick={() => overlayStore.set('help')}>
          <CircleHelp size={14} aria-hidden="true" />
        </IconButton>
      </span>
    </header>
  );
}
