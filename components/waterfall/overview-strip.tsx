'use client';
import { useEffect, useRef, useState } from 'react';
import { useValue, type ValueStore } from '@/lib/client/value-store';
import { useBrush } from './use-brush';
import { useWidth } from './use-size';
import { useWheelZoom } from './use-zoom';
import { toX, type Viewport } from './viewport';

export interface Stroke {
  readonly lane: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** 0 waiting, 1 working, 2 held, 3 blocked, 4 outcome. */
  readonly kind: number;
}

const HEIGHT = 54;
const TOKENS = ['--wait', '--work', '--work', '--blocked', '--line-strong'] as const;

/** Everything at once, with the stretch that is shown; a drag selects another, the wheel zooms. */
export function OverviewStrip(props: {
  readonly strokes: readonly Stroke[];
  readonly lanes: number;
  readonly whole: Viewport;
  readonly view: ValueStore<Viewport>;
}) {
  const { strokes, lanes, whole } = props;
  const [measure, width] = useWidth();
  const [element, setElement] = useState<HTMLElement | null>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useValue(props.view);
  const brush = useBrush(() => whole, whole, width, props.view);
  useWheelZoom(element, props.view, whole, 0, true);
  useEffect(() => {
    const target = canvas.current;
    if (target && width > 0) drawStrokes(target, strokes, lanes, whole, width);
  }, [strokes, lanes, whole, width]);
  const [left, right] = [toX(view.fromMs, whole, width), toX(view.toMs, whole, width)];
  return (
    <div
      ref={(node) => {
        measure(node);
        setElement(node);
      }}
      className="relative h-[54px] flex-none cursor-crosshair touch-none border-b border-line bg-sunken"
      {...brush}
      title="Drag to zoom, double-click to fit"
    >
      <canvas ref={canvas} className="absolute inset-0" style={{ width, height: HEIGHT }} />
      <div
        className="pointer-events-none absolute inset-y-0 border-x-[3px] border-accent bg-accent/8"
        style={{ left, width: Math.max(6, right - left) }}
      />
    </div>
  );
}

function drawStrokes(
  canvas: HTMLCanvasElement,
  strokes: readonly Stroke[],
  lanes: number,
  whole: Viewport,
  width: number,
): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(HEIGHT * scale);
  const context = canvas.getContext('2d');
  if (!context) return;
  const styles = getComputedStyle(canvas);
  const colors = TOKENS.map((token) => styles.getPropertyValue(token));
  context.scale(scale, scale);
  context.clearRect(0, 0, width, HEIGHT);
  const step = Math.min(5, (HEIGHT - 10) / Math.max(lanes, 1));
  for (const stroke of strokes) {
    context.fillStyle = colors[stroke.kind] ?? '';
    const x = toX(stroke.fromMs, whole, width);
    const length = Math.max(1, toX(stroke.toMs, whole, width) - x);
    const thin = stroke.kind === 4 || stroke.kind === 2;
    context.fillRect(
      x,
      5 + stroke.lane * step,
      length,
      Math.max(1, Math.min(3, step * 0.7) * (thin ? 0.4 : 1)),
    );
  }
}
