'use client';
import { Menu, MenuCheckItem } from '@/components/ui/menu';
import { formatCount, formatMs } from '@/lib/base/format';
import { useValue, type ValueStore } from '@/lib/client/value-store';
import { placeLabels } from './label-places';
import { keyOf, type LaneEvent, type LaneKind, ticksOf } from './lane-events';
import { toX, type Viewport } from './viewport';

/** How many are shown and folded, and the choice of kinds. */
export function ControlLaneHead(props: {
  readonly kinds: readonly LaneKind[];
  readonly shown: ReadonlySet<string>;
  readonly onToggle: (kind: string) => void;
}) {
  const { kinds } = props;
  const sum = (list: readonly LaneKind[]) => list.reduce((total, each) => total + each.total, 0);
  const shown = sum(kinds.filter(({ kind }) => props.shown.has(kind)));
  const folded = sum(kinds) - shown;
  const said = `control · ${formatCount(shown)} shown${folded > 0 ? `, ${formatCount(folded)} folded` : ''}`;
  if (kinds.length === 0) return <span className="text-xs text-ink-3">control · none while it ran</span>;
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="truncate rounded-s text-xs text-ink-3 hover:text-ink"
          title="Choose kinds"
        >
          {said} ▾
        </button>
      }
    >
      {kinds.map(({ kind, total }) => (
        <MenuCheckItem key={kind} checked={props.shown.has(kind)} onChange={() => props.onToggle(kind)}>
          {kind} <span className="num text-ink-3">{formatCount(total)}</span>
        </MenuCheckItem>
      ))}
    </Menu>
  );
}

/** Control actions and messages as ticks on the time of the rows, with as many labels as have room. */
export function ControlLane(props: {
  readonly events: readonly LaneEvent[];
  readonly view: ValueStore<Viewport>;
  readonly width: number;
  readonly onPick: (event: LaneEvent) => void;
}) {
  const view = useValue(props.view);
  const ticks = ticksOf(props.events, (ms) => toX(ms, view, props.width), props.width);
  const inSight = ticks.map(({ event, x, count }) => ({
    event,
    x,
    label: count > event.count ? `${event.kind} ×${count}` : event.label,
  }));
  const sides = placeLabels(
    inSight.map(({ label, x }) => ({ x, width: label.length * LETTER_PX })),
    props.width,
  );
  return (
    <div className="relative h-full flex-1 overflow-hidden">
      {inSight.map(({ event, x, label }, i) => (
        <button
          key={keyOf(event)}
          type="button"
          onClick={() => props.onPick(event)}
          title={[
            label,
            [event.target, formatMs(event.atMs), spansSaid(event)].filter(Boolean).join(' · '),
          ].join('\n')}
          className="absolute top-1/2 flex h-5 -translate-y-1/2 items-center gap-1 rounded-s"
          style={
            sides[i] === 'left'
              ? { right: props.width - x - 6, flexDirection: 'row-reverse' }
              : { left: x - 6 }
          }
        >
          <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true" className="flex-none">
            <path d="M0 -6L6 0L0 6L-6 0Z" fill={event.kind === 'nack' ? 'var(--bad)' : 'var(--control)'} />
          </svg>
          <span className={sides[i] === 'none' ? 'sr-only' : 'whitespace-nowrap text-xs text-ink-2'}>
            {label}
          </span>
        </button>
      ))}
    </div>
  );
}

const LETTER_PX = 6.2;

function spansSaid({ spanIds, count }: LaneEvent): string {
  if (count > 1) return 'zoom in to tell them apart';
  return spanIds.length === 1 ? '1 span of this trace' : `${spanIds.length} spans of this trace`;
}

/** A dotted line down through the rows for each that is shown. */
export function ControlGuides(props: {
  readonly events: readonly LaneEvent[];
  readonly view: ValueStore<Viewport>;
  readonly width: number;
}) {
  const view = useValue(props.view);
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-0 overflow-hidden">
      {ticksOf(props.events, (ms) => toX(ms, view, props.width), props.width).map(({ event, x }) => (
        <i
          key={keyOf(event)}
          className="absolute inset-y-0 border-l border-dashed border-control/55"
          style={{ left: x }}
        />
      ))}
    </div>
  );
}
