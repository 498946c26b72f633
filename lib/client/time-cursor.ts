/** The one time cursor: live, or frozen at a moment. It lives in the URL as `at`, Unix nanoseconds. */
import { useQueryState } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { unixMsFromNano } from '@/lib/base/format';
import { epochNanosFromMs } from '@/lib/base/time';
import { parseAsNanos } from './parse-as-nanos';

/** How far back the cursor goes: what the series hold. */
export const CURSOR_REACH_MS = 3_600_000;

export interface TimeCursor {
  readonly live: boolean;
  /** Null while live. */
  readonly atUnixNano: string | null;
  readonly atMs: number | null;
  freeze(atMs?: number): void;
  goLive(): void;
  toggle(): void;
  /** Moves a frozen cursor, freezes a live one; never past now. */
  step(deltaMs: number): void;
}

export function clampCursor(atMs: number, nowMs: number): number {
  return Math.min(nowMs, Math.max(nowMs - CURSOR_REACH_MS, atMs));
}

export function useTimeCursor(): TimeCursor {
  const [at, setAt] = useQueryState('at', parseAsNanos);
  const atMs = unixMsFromNano(at);
  const freeze = useCallback(
    (ms?: number) => {
      const now = Date.now();
      void setAt(epochNanosFromMs(clampCursor(ms ?? now, now)).toString());
    },
    [setAt],
  );
  const goLive = useCallback(() => void setAt(null), [setAt]);
  return useMemo(
    () => ({
      live: at === null,
      atUnixNano: at,
      atMs,
      freeze,
      goLive,
      toggle: () => (at === null ? freeze() : goLive()),
      step: (deltaMs: number) => freeze((atMs ?? Date.now()) + deltaMs),
    }),
    [at, atMs, freeze, goLive],
  );
}
