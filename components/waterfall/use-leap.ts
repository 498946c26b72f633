'use client';
import { useEffect, useRef } from 'react';

/**
 * Whether the rows fly past: more than a screen of them since the last look, as when the scroll bar is dragged. Nobody
 * reads those, so they are not asked for; when it comes to rest the virtualizer says so, and the rows there are.
 */
export function useLeap(virtualizer: {
  readonly scrollOffset: number | null;
  readonly scrollRect: { readonly height: number } | null;
  readonly isScrolling: boolean;
}): boolean {
  const { scrollOffset, scrollRect, isScrolling } = virtualizer;
  const seen = useRef(0);
  const offset = scrollOffset ?? 0;
  const leaps = isScrolling && Math.abs(offset - seen.current) > (scrollRect?.height ?? 0);
  useEffect(() => {
    seen.current = offset;
  });
  return leaps;
}
