'use client';
import { useValue, type ValueStore } from '@/lib/client/value-store';
import { ticksOf } from './ticks';
import { toX, type Viewport } from './viewport';

const LABEL_PX = 110;

/** Round moments above the rows. */
export function TimeRuler({ view, width }: { readonly view: ValueStore<Viewport>; readonly width: number }) {
  const { fromMs, toMs } = useValue(view);
  const ticks = ticksOf(fromMs, toMs, width / LABEL_PX);
  return (
    <div className="num relative h-full flex-1 overflow-hidden text-2xs text-ink-3">
      {ticks.map((tick) => {
        const x = toX(tick.atMs, { fromMs, toMs }, width);
        const edge = x < 24 ? '' : x > width - 28 ? '-translate-x-full' : '-translate-x-1/2';
        return (
          <span
            key={tick.atMs}
            className={`absolute top-[6px] whitespace-nowrap ${edge}`}
            style={{ left: x }}
          >
            {tick.label}
          </span>
        );
      })}
    </div>
  );
}

/** The same moments as lines behind the rows. */
export function GridLines({ view, width }: { readonly view: ValueStore<Viewport>; readonly width: number }) {
  const { fromMs, toMs } = useValue(view);
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-0">
      {ticksOf(fromMs, toMs, width / LABEL_PX).map((tick) => (
        <i
          key={tick.atMs}
          className="absolute inset-y-0 w-px bg-line/60"
          style={{ left: toX(tick.atMs, { fromMs, toMs }, width) }}
        />
      ))}
    </div>
  );
}
