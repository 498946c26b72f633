'use client';
import { useEffect, useMemo, useRef, useState } from 'react';
import { formatClockMs, formatMs, unixMsFromNano } from '@/lib/base/format';
import type { TraceSummary } from '@/lib/model/trace-query';
import {
  durationAtY,
  type ScatterScale,
  scatterDecades,
  scatterScale,
  scatterX,
  scatterY,
  timeAtX,
} from './scatter-scale';

const HEIGHT = 118;
const LEFT = 56;
const REACH_PX = 8;

export interface ScatterRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly minDurationMs: number;
  readonly maxDurationMs: number;
}

interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Each trace a dot: when, how long, whether it failed. A drag selects a stretch of both; a click opens the dot. */
export function DurationScatter(props: {
  readonly traces: readonly TraceSummary[];
  readonly onSelect: (range: ScatterRange) => void;
  readonly onOpen: (traceId: string) => void;
}) {
  const { traces } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [theme, setTheme] = useState(0);
  const [box, setBox] = useState<Box | null>(null);
  const [near, setNear] = useState<TraceSummary | null>(null);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const sizes = new ResizeObserver(() => setWidth(element.clientWidth - LEFT));
    sizes.observe(element);
    const themes = new MutationObserver(() => setTheme((count) => count + 1));
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
    };
  }, []);
  const points = useMemo(
    () =>
      traces.map((trace) => ({
        trace,
        atMs: unixMsFromNano(trace.startUnixNano) ?? 0,
        durationMs: trace.durationMs,
      })),
    [traces],
  );
  const scale = useMemo(() => scatterScale(points, Math.max(width, 1), HEIGHT), [points, width]);
  useEffect(() => {
    if (canvas.current && scale && width > 0 && theme >= 0) draw(canvas.current, scale, points);
  }, [scale, points, width, theme]);

  const nearest = (x: number, y: number) => {
    if (!scale) return null;
    let best: { trace: TraceSummary; distance: number } | null = null;
    for (const { trace, atMs, durationMs } of points) {
      const distance = Math.hypot(scatterX(scale, atMs) - x, scatterY(scale, durationMs) - y);
      if (distance <= REACH_PX && (!best || distance < best.distance)) best = { trace, distance };
    }
    return best?.trace ?? null;
  };
  const place = (event: React.PointerEvent<HTMLElement>) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  };
  const brush = {
    onPointerDown(event: React.PointerEvent<HTMLElement>) {
      const { x, y } = place(event);
      event.currentTarget.setPointerCapture(event.pointerId);
      setBox({ x1: x, y1: y, x2: x, y2: y });
    },
    onPointerMove(event: React.PointerEvent<HTMLElement>) {
      const { x, y } = place(event);
      if (box) setBox({ ...box, x2: x, y2: y });
      else setNear(nearest(x, y));
    },
    onPointerUp() {
      if (!box || !scale) return;
      setBox(null);
      const wide = Math.abs(box.x2 - box.x1) > 4 || Math.abs(box.y2 - box.y1) > 4;
      if (wide) props.onSelect(rangeOf(box, scale));
      else if (near) props.onOpen(near.traceId);
    },
    onPointerLeave: () => setNear(null),
  };
  return (
    <div ref={frame} className="relative flex-none border-b border-line bg-sunken" style={{ height: HEIGHT }}>
      {scale
        ? scatterDecades(scale).map((ms) => (
            <span
              key={ms}
              className="num absolute -translate-y-1/2 text-right text-2xs text-ink-3"
              style={{
                top: Math.min(HEIGHT - 8, Math.max(8, scatterY(scale, ms))),
                left: 0,
                width: LEFT - 8,
              }}
            >
              {formatMs(ms)}
            </span>
          ))
        : null}
      <div
        className="absolute inset-y-0 right-0 cursor-crosshair touch-none"
        style={{ left: LEFT }}
        title={
          near ? `${near.batchId || near.traceId}\n${formatMs(near.durationMs)} · ${near.status}` : undefined
        }
        {...brush}
      >
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Duration over time of ${points.length} traces, ${points.filter(({ trace }) => trace.status === 'error').length} failed; the table below lists them`}
          className="absolute inset-0"
          style={{ width, height: HEIGHT }}
        />
        {box ? (
          <i
            className="absolute border border-accent bg-accent/10"
            style={{
              left: Math.min(box.x1, box.x2),
              top: Math.min(box.y1, box.y2),
              width: Math.abs(box.x2 - box.x1),
              height: Math.abs(box.y2 - box.y1),
            }}
          />
        ) : null}
      </div>
      {scale ? (
        <>
          <span className="num absolute bottom-0.5 text-2xs text-ink-3" style={{ left: LEFT + 4 }}>
            {formatClockMs(scale.fromMs)}
          </span>
          <span className="num absolute bottom-0.5 right-1 text-2xs text-ink-3">
            {formatClockMs(scale.toMs)}
          </span>
        </>
      ) : null}
    </div>
  );
}

function rangeOf(box: Box, scale: ScatterScale): ScatterRange {
  return {
    fromMs: timeAtX(scale, Math.min(box.x1, box.x2)),
    toMs: timeAtX(scale, Math.max(box.x1, box.x2)),
    minDurationMs: durationAtY(scale, Math.max(box.y1, box.y2)),
    maxDurationMs: durationAtY(scale, Math.min(box.y1, box.y2)),
  };
}

/** Failed ones last, so that they lie on top. */
function draw(
  canvas: HTMLCanvasElement,
  scale: ScatterScale,
  points: readonly { readonly trace: TraceSummary; readonly atMs: number; readonly durationMs: number }[],
): void {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(scale.width * ratio);
  canvas.height = Math.round(scale.height * ratio);
  const context = canvas.getContext('2d');
  if (!context) return;
  const styles = getComputedStyle(canvas);
  const token = (name: string) => styles.getPropertyValue(name);
  context.scale(ratio, ratio);
  context.fillStyle = token('--line');
  for (const ms of scatterDecades(scale))
    context.fillRect(0, Math.round(scatterY(scale, ms)), scale.width, 1);
  for (const failed of [false, true]) {
    context.fillStyle = token(failed ? '--bad' : '--work');
    context.globalAlpha = failed ? 0.95 : 0.6;
    for (const { trace, atMs, durationMs } of points) {
      if ((trace.status === 'error') !== failed) continue;
      const [x, y] = [scatterX(scale, atMs), scatterY(scale, durationMs)];
      context.beginPath();
      // Failed ones are squares: the colour is not the only sign.
      if (failed) context.rect(x - 2.5, y - 2.5, 5, 5);
      else context.arc(x, y, 2.2, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
