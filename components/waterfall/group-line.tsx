'use client';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { useValue, type ValueStore } from '@/lib/client/value-store';
import { CELL, treegridRow } from './grid-roles';
import { toX, type Viewport } from './viewport';
import type { WaterfallGroup } from './waterfall-groups';

export const GROUP_HEIGHT = 32;

/** The head of one batch of a journey: which it is, what it was made of or went into, and how long it lived. */
export function GroupLine(props: {
  readonly group: WaterfallGroup;
  readonly folded: boolean;
  readonly index: number;
  readonly top: number;
  readonly width: number;
  readonly view: ValueStore<Viewport>;
  readonly onToggle: () => void;
  readonly onOpen: () => void;
}) {
  const { group, width } = props;
  const view = useValue(props.view);
  const clip = (ms: number) => Math.min(width + 4, Math.max(-4, toX(ms, view, width)));
  const [left, right] = [clip(group.fromMs), clip(group.toMs)];
  const Icon = props.folded ? ChevronRight : ChevronDown;
  return (
    <div
      {...treegridRow({
        label: `Batch ${group.title}, ${group.note}`,
        level: 1,
        index: props.index,
        expanded: !props.folded,
        selected: false,
      })}
      className="absolute inset-x-0 flex border-b border-line/55 bg-surface"
      style={{ top: props.top, height: GROUP_HEIGHT }}
    >
      <div {...CELL} className="flex w-(--tree) flex-none items-center gap-1.5 border-r border-line px-2">
        <button
          type="button"
          onClick={props.onToggle}
          aria-label={`${props.folded ? 'Unfold' : 'Fold'} batch ${group.title}`}
          className="flex-none text-ink-3 hover:text-ink"
        >
          <Icon size={13} aria-hidden="true" />
        </button>
        <button
          type="button"
          onClick={props.onOpen}
          disabled={group.state !== 'held' || group.distance === 0}
          title={group.distance === 0 ? 'This trace' : 'Open this trace'}
          className="num max-w-[45%] flex-none truncate text-s font-semibold enabled:hover:text-accent"
        >
          {group.title}
        </button>
        <span className="min-w-0 truncate text-xs text-ink-3" title={group.note}>
          {group.note}
        </span>
        {group.failed ? <Badge tone="bad">error</Badge> : null}
        {group.state === 'held' ? null : (
          <Badge tone="warn">{group.state === 'evicted' ? 'left the store' : 'never came'}</Badge>
        )}
      </div>
      <div {...CELL} className="relative min-w-0 flex-1 overflow-hidden">
        {group.state === 'held' ? (
          <i
            className="absolute top-[14px] h-[3px] rounded-full bg-line-strong"
            style={{ left, width: Math.max(2, right - left) }}
          />
        ) : null}
      </div>
    </div>
  );
}
