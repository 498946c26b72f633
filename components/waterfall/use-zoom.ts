'use client';
import { useEffect } from 'react';
import { useShortcut } from '@/lib/client/use-shortcut';
import type { ValueStore } from '@/lib/client/value-store';
import { panView, toMs, type Viewport, zoomView } from './viewport';

const STEP = 0.7;

/** Zoom and pan by `w a s d` around the middle. */
export function useZoomKeys(store: ValueStore<Viewport>, whole: Viewport): void {
  const middle = () => (store.get().fromMs + store.get().toMs) / 2;
  useShortcut('view.in', () => store.set(zoomView(store.get(), whole, STEP, middle())));
  useShortcut('view.out', () => store.set(zoomView(store.get(), whole, 1 / STEP, middle())));
  useShortcut('view.left', () => store.set(panView(store.get(), whole, -0.2)));
  useShortcut('view.right', () => store.set(panView(store.get(), whole, 0.2)));
  useShortcut('fit', () => store.set(whole));
}

/**
 * Ctrl (or a pinch) and wheel zooms around the pointer, Shift and wheel or a sideways wheel pans; a plain wheel is
 * left to the rows. `always` zooms on a plain wheel too: for strips that have nothing to scroll.
 */
export function useWheelZoom(
  element: HTMLElement | null,
  store: ValueStore<Viewport>,
  whole: Viewport,
  leftPx: number,
  always = false,
): void {
  useEffect(() => {
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      const box = element.getBoundingClientRect();
      const width = box.width - leftPx;
      const x = event.clientX - box.left - leftPx;
      const zooms = event.ctrlKey || event.metaKey || (always && !event.shiftKey && event.deltaX === 0);
      const pans = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if ((!zooms && !pans) || width <= 0) return;
      event.preventDefault();
      const view = store.get();
      if (zooms) {
        const around = toMs(Math.min(Math.max(x, 0), width), view, width);
        store.set(zoomView(view, whole, Math.exp(event.deltaY * 0.002), around));
      } else {
        store.set(panView(view, whole, (event.deltaX || event.deltaY) / width));
      }
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [element, store, whole, leftPx, always]);
}
