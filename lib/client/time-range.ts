/** The stretch of time that charts and lists show: the last so much up to the cursor, or a fixed one from a brush. */
import { parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { unixMsFromNano } from '@/lib/base/format';
import { epochNanosFromMs } from '@/lib/base/time';
import { parseAsNanos } from './parse-as-nanos';
import { useTimeCursor } from './time-cursor';

export const RANGE_PRESETS = ['1m', '5m', '15m', '1h'] as const;
export type RangePreset = (typeof RANGE_PRESETS)[number];
export const RANGE_MS: Readonly<Record<RangePreset, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
};

export type TimeRange =
  /** Ends now, whenever now is. */
  | { readonly kind: 'last'; readonly lengthMs: number }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number };

export interface TimeRangeControl {
  readonly range: TimeRange;
  /** Null where a brush set it. */
  readonly preset: RangePreset | null;
  setPreset(preset: RangePreset): void;
  setFixed(fromMs: number, toMs: number): void;
}

/** `from` and `to` as the API takes them; `nowMs` closes a range that is still running. */
export function rangeBounds(range: TimeRange, nowMs: number): { readonly from: string; readonly to: string } {
  const toMs = range.kind === 'fixed' ? range.toMs : nowMs;
  const fromMs = range.kind === 'fixed' ? range.fromMs : nowMs - range.lengthMs;
  return { from: epochNanosFromMs(fromMs).toString(), to: epochNanosFromMs(toMs).toString() };
}

export function rangeLengthMs(range: TimeRange): number {
  return range.kind === 'fixed' ? range.toMs - range.fromMs : range.lengthMs;
}

export function useTimeRange(fallback: RangePreset = '5m'): TimeRangeControl {
  const cursor = useTimeCursor();
  const [state, setState] = useQueryStates({
    range: parseAsStringLiteral(RANGE_PRESETS),
    from: parseAsNanos,
    to: parseAsNanos,
  });
  const preset = state.range ?? fallback;
  const fromMs = unixMsFromNano(state.from);
  const toMs = unixMsFromNano(state.to);
  const brushed = fromMs !== null && toMs !== null && toMs > fromMs;
  const range = useMemo<TimeRange>(() => {
    if (brushed) return { kind: 'fixed', fromMs, toMs };
    const lengthMs = RANGE_MS[preset];
    if (cursor.atMs === null) return { kind: 'last', lengthMs };
    return { kind: 'fixed', fromMs: cursor.atMs - lengthMs, toMs: cursor.atMs };
  }, [brushed, fromMs, toMs, preset, cursor.atMs]);
  const setPreset = useCallback(
    (next: RangePreset) => void setState({ range: next, from: null, to: null }),
    [setState],
  );
  const setFixed = useCallback(
    (from: number, to: number) =>
      void setState({ from: epochNanosFromMs(from).toString(), to: epochNanosFromMs(to).toString() }),
    [setState],
  );
  return { range, preset: brushed ? null : preset, setPreset, setFixed };
}
