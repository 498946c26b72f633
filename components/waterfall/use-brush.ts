'use client';
import { type PointerEvent, useRef } from 'react';
import type { ValueStore } from '@/lib/client/value-store';
import { brushedView, toMs, toX, type Viewport } from './viewport';

const SHORTEST_PX = 3;

/** Handlers of a strip on which a drag selects a stretch of time and a double click fits all. */
export function useBrush(shown: () => Viewport, whole: Viewport, width: number, store: ValueStore<Viewport>) {
  const start = useRef<{ readonly ms: number; readonly view: Viewport } | null>(null);
  const msAt = (event: PointerEvent<HTMLElement>, view: Viewport) =>
    toMs(event.clientX - event.currentTarget.getBoundingClientRect().left, view, width);
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      const view = shown();
      start.current = { ms: msAt(event, view), view };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (!start.current) return;
      const { ms, view } = start.current;
      const next = brushedView(ms, msAt(event, view), whole);
      if (Math.abs(toX(next.toMs, view, width) - toX(next.fromMs, view, width)) > SHORTEST_PX)
        store.set(next);
    },
    onPointerUp() {
      start.current = null;
    },
    onDoubleClick() {
      store.set(whole);
    },
  };
}
