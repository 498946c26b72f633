'use client';

/**
 * What lies over every chart: the shared crosshair, control actions as marks, the brush. Plain DOM with shares of
 * the width, so that moving the pointer renders three elements and never a chart.
 */
import { useRef, useState } from 'react';
import { formatClockMs } from '@/lib/base/format';
import { hoverStore, setHover } from '@/lib/client/hover-store';
import { useValue } from '@/lib/client/value-store';
import type { ControlMark } from './control-marks';
import { AXIS_HEIGHT, PLOT_LEFT, PLOT_RIGHT, PLOT_TOP, shareAt, type TimeSpan, timeAt } from './plot-area';

/** A drag shorter than this is a click. */
const DRAG_PIXELS = 5;

interface ChartOverlayProps {
  readonly span: TimeSpan;
  readonly marks: readonly ControlMark[];
  /** Sets the shared range. */
  readonly onBrush: (fromMs: number, toMs: number) => void;
  /** A point leads to the batches in it. */
  readonly onPick?: ((atMs: number) => void) | undefined;
  /** What stands at the crosshair: a small table beside it. */
  readonly readout?: ((atMs: number) => React.ReactNode) | undefined;
}

export function ChartOverlay({ span, marks, onBrush, onPick, readout }: ChartOverlayProps) {
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ readonly fromX: number; readonly toX: number } | null>(null);
  const [inside, setInside] = useState(false);
  const momentOf = (x: number) => timeAt(span, box.current?.clientWidth ?? 1, x);
  const xOf = (event: React.PointerEvent) => event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
  return (
    <div
      ref={box}
      className="absolute inset-0 cursor-crosshair touch-none"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ fromX: xOf(event), toX: xOf(event) });
      }}
      onPointerMove={(event) => {
        const x = xOf(event);
        setInside(true);
        setHover({ atMs: momentOf(x) });
        if (drag) setDrag({ ...drag, toX: x });
      }}
      onPointerUp={(event) => {
        const x = xOf(event);
        if (drag && Math.abs(x - drag.fromX) >= DRAG_PIXELS) {
          const [a, b] = [momentOf(drag.fromX), momentOf(x)];
          onBrush(Math.min(a, b), Math.max(a, b));
        } else if (drag) onPick?.(momentOf(x));
        setDrag(null);
      }}
      onPointerLeave={() => {
        setInside(false);
        setHover({ atMs: null });
      }}
    >
      <div
        className="pointer-events-none absolute"
        style={{ left: PLOT_LEFT, right: PLOT_RIGHT, top: PLOT_TOP, bottom: AXIS_HEIGHT }}
      >
        {marks.map((mark) => (
          <Mark key={mark.atMs} mark={mark} share={shareAt(span, mark.atMs)} />
        ))}
        <Crosshair span={span} readout={inside && !drag ? readout : undefined} />
      </div>
      {drag && Math.abs(drag.toX - drag.fromX) >= DRAG_PIXELS && (
        <div
          className="pointer-events-none absolute border-x border-accent bg-accent-bg/50"
          style={{
            left: Math.min(drag.fromX, drag.toX),
            width: Math.abs(drag.toX - drag.fromX),
            top: PLOT_TOP,
            bottom: AXIS_HEIGHT,
          }}
        />
      )}
    </div>
  );
}

function Mark({ mark, share }: { readonly mark: ControlMark; readonly share: number | null }) {
  if (share === null) return null;
  return (
    <div
      className={`absolute inset-y-0 border-l border-dashed ${mark.failed ? 'border-bad' : 'border-control'}`}
      style={{ left: `${share * 100}%` }}
      title={mark.label}
    >
      <span
        className={`absolute -top-1 -left-[3px] size-[5px] rotate-45 ${mark.failed ? 'bg-bad' : 'bg-control'}`}
      />
    </div>
  );
}

function Crosshair({
  span,
  readout,
}: {
  readonly span: TimeSpan;
  readonly readout?: ((atMs: number) => React.ReactNode) | undefined;
}) {
  const atMs = useValue(hoverStore, (hover) => hover.atMs);
  const share = atMs === null ? null : shareAt(span, atMs);
  if (atMs === null || share === null) return null;
  return (
    <div className="absolute inset-y-0 border-l border-ink-3" style={{ left: `${share * 100}%` }}>
      {readout && (
        <div
          className={`absolute top-0 z-10 min-w-32 rounded-s border border-line-strong bg-raised px-2 py-1 text-xs shadow-pop ${share > 0.6 ? 'right-2' : 'left-2'}`}
        >
          <div className="num mb-0.5 text-ink-3">{formatClockMs(atMs)}</div>
          {readout(atMs)}
        </div>
      )}
    </div>
  );
}
