'use client';
import {
  Eye,
  EyeOff,
  Gauge,
  GitCompare,
  type LucideIcon,
  Maximize,
  Network,
  SlidersHorizontal,
  Table2,
} from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import { cx } from '@/components/ui/cx';
import { Segmented } from '@/components/ui/segmented';
import { useStatsWindow } from '@/lib/client/url-state';
import { useShortcut } from '@/lib/client/use-shortcut';
import { WINDOWS } from '@/lib/model/stats-window';
import { ScenariosMenu } from './scenarios-menu';
import { useMapOptions } from './use-selection';

const WINDOW_OPTIONS = WINDOWS.map((value) => ({ value, label: value, title: `Figures over ${value}` }));

const VIEW_OPTIONS = [
  { value: 'map', label: <ViewName icon={Network} name="Map" />, title: 'The map' },
  { value: 'table', label: <ViewName icon={Table2} name="Table" />, title: 'The same as a table' },
  { value: 'tuning', label: <ViewName icon={Gauge} name="Tuning" />, title: 'What would fit better' },
  {
    value: 'changes',
    label: <ViewName icon={GitCompare} name="Changes" />,
    title: 'What changed between two moments',
  },
] as const;

/** On a narrow canvas the icon alone. */
function ViewName({ icon: Icon, name }: { readonly icon: LucideIcon; readonly name: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <Icon size={13} aria-hidden="true" />
      <span className="@max-[980px]:sr-only">{name}</span>
    </span>
  );
}

export function Toolbar(props: {
  readonly onSearchEnter: () => void;
  readonly matches: number | null;
  readonly onFit: () => void;
}) {
  const [options, setOptions] = useMapOptions();
  const [window, setWindow] = useStatsWindow();
  const search = useRef<HTMLInputElement>(null);
  useShortcut('search', () => search.current?.focus());
  return (
    <div className="pointer-events-auto flex flex-wrap items-center gap-2" role="toolbar" aria-label="Map">
      <span className="relative">
        <input
          ref={search}
          type="search"
          aria-label="Search nodes"
          placeholder="Search nodes ( / )"
          value={options.find}
          spellCheck={false}
          onChange={(event) => void setOptions({ find: event.target.value || null })}
          onKeyDown={(event) => {
            if (event.key === 'Enter') props.onSearchEnter();
            if (event.key !== 'Escape') return;
            void setOptions({ find: null });
            search.current?.blur();
          }}
          className="h-[26px] w-40 rounded-m border border-line bg-surface px-2.5 text-s placeholder:text-ink-3 hover:border-line-strong"
        />
        {props.matches === null ? null : (
          <span role="status" className="num absolute right-6 top-1 text-ink-3">
            {props.matches}
          </span>
        )}
      </span>
      <Segmented
        label="View"
        className="bg-surface [&_label]:!px-2"
        value={options.view}
        options={VIEW_OPTIONS}
        onChange={(view) => void setOptions({ view })}
      />
      <Segmented
        label="Window of the figures"
        className="bg-surface"
        value={window}
        options={WINDOW_OPTIONS}
        onChange={(next) => void setWindow(next)}
      />
      <span
        className={cx('flex rounded-m border border-line bg-surface', options.view !== 'map' && 'hidden')}
      >
        <ToggleButton
          label={options.idle ? 'Hide what is idle' : 'Show what is idle'}
          on={!options.idle}
          onClick={() => void setOptions({ idle: !options.idle })}
        >
          {options.idle ? <Eye size={14} aria-hidden="true" /> : <EyeOff size={14} aria-hidden="true" />}
        </ToggleButton>
        <ToggleButton
          label="Control channels"
          on={options.ctl}
          onClick={() => void setOptions({ ctl: !options.ctl })}
        >
          <SlidersHorizontal size={14} aria-hidden="true" />
        </ToggleButton>
        <IconButton label="Fit into view (f)" className="!h-6" onClick={props.onFit}>
          <Maximize size={13} aria-hidden="true" />
        </IconButton>
      </span>
      <ScenariosMenu />
    </div>
  );
}

function ToggleButton(props: {
  readonly label: string;
  readonly on: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Button
      variant="ghost"
      aria-label={props.label}
      aria-pressed={props.on}
      title={props.label}
      onClick={props.onClick}
      className={cx('!h-6 w-[26px] justify-center !px-0', props.on && '!bg-accent-bg !text-accent')}
    >
      {props.children}
    </Button>
  );
}
