'use client';
import { Menu, MenuCheckItem } from '@/components/ui/menu';
import { formatCount, formatMs } from '@/lib/base/format';
import { useValue, type ValueStore } from '@/lib/client/value-store';
import { placeLabels } from './label-places';
import type { JourneyControlEvent } from './use-journey';
import { toX, type Viewport } from './viewport';

export interface LaneEvent extends JourneyControlEvent {
  readonly atMs: number;
}

export function laneEvents(events: readonly JourneyControlEvent[], originUnixNano: bigint): LaneEvent[] {
  return events.map((event) => ({
    ...event,
    atMs: Number(BigInt(event.timeUnixNano) - originUnixNano) / 1e6,
  }));
}

/** How many are shown and folded, and the choice of kinds. */
export function ControlLaneHead(props: {
  readonly events: readonly LaneEvent[];
  readonly shown: ReadonlySet<string>;
  readonly onToggle: (kind: string) => void;
}) {
  const kinds = new Map<string, number>();
  for (const event of props.events) kinds.set(event.kind, (kinds.get(event.kind) ?? 0) + 1);
  const shown = props.events.filter((event) => props.shown.has(event.kind)).length;
  const folded = props.events.length - shown;
  const said = `control · ${formatCount(shown)} shown${folded > 0 ? `, ${formatCount(folded)} folded` : ''}`;
  if (kinds.size === 0) return <span className="text-xs text-ink-3">control · none while it ran</span>;
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
      {[...kinds].map(([kind, count]) => (
        <MenuCheckItem key={kind} checked={props.shown.has(kind)} onChange={() => props.onToggle(kind)}>
          {kind} <span className="num text-ink-3">{formatCount(count)}</span>
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
  const inSight = props.events
    .map((event) => ({ event, x: toX(event.atMs, view, props.width) }))
    .filter(({ x }) => x >= -6 && x <= props.width + 6);
  const sides = placeLabels(
    inSight.map(({ event, x }) => ({ x, width: event.label.length * LETTER_PX })),
    props.width,
  );
  return (
    <div className="relative h-full flex-1 overflow-hidden">
      {inSight.slice(0, MOST_TICKS).map(({ event, x }, i) => (
        <button
          key={keyOf(event)}
          type="button"
          onClick={() => props.onPick(event)}
          title={`${event.label}\n${event.target} · ${formatMs(event.atMs)} · ${event.spanIds.length} spans of this trace`}
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
            {event.label}
          </span>
        </button>
      ))}
    </div>
  );
}

const LETTER_PX = 6.2;
const MOST_TICKS = 300;

function keyOf(event: LaneEvent): string {
  return `${event.timeUnixNano}${event.kind}${event.target}${event.label}${event.spanIds[0] ?? ''}`;
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
      {props.events.slice(0, 200).map((event) => (
        <i
          key={keyOf(event)}
          className="absolute inset-y-0 border-l border-dashed border-control/55"
          style={{ left: toX(event.atMs, view, props.width) }}
        />
      ))}
    </div>
  );
}
