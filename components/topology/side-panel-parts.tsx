'use client';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { useFocusDirection } from './use-selection';

export function PanelTitle(props: {
  readonly title: ReactNode;
  readonly icon?: ReactNode;
  readonly sub?: ReactNode;
  readonly onClose: () => void;
}) {
  return (
    <header>
      <div className="flex items-center gap-2">
        {props.icon}
        <h2 className="min-w-0 flex-1 truncate text-l font-semibold">{props.title}</h2>
        <IconButton label="Close details (Esc)" onClick={props.onClose}>
          <X size={14} aria-hidden="true" />
        </IconButton>
      </div>
      {props.sub ? <p className="text-s text-ink-3">{props.sub}</p> : null}
    </header>
  );
}

const DIRECTIONS = [
  { value: 'off', label: 'all' },
  { value: 'up', label: 'upstream' },
  { value: 'down', label: 'downstream' },
  { value: 'both', label: 'both' },
] as const;

/** What stays lit on the map; the rest dims. */
export function FocusChoice() {
  const [focus, setFocus] = useFocusDirection();
  return (
    <Segmented
      label="Focus on the map"
      className="mt-2"
      value={focus ?? 'off'}
      options={DIRECTIONS}
      onChange={(value) => void setFocus(value === 'off' ? null : value)}
    />
  );
}
