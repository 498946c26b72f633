/**
 * How often a source reports, learnt from when it did. Metrics come regularly, so they count where there are any;
 * spans and logs come when there are some, so of those the longest of the last few gaps counts.
 */
const GAPS = 8;
const SAME_REPORT_MS = 20;
const DEFAULT_INTERVAL_MS = 10_000;
const MIN_INTERVAL_MS = 500;
/** A few records in a row say little of when the next will come. */
const MIN_IRREGULAR_MS = 2_000;
const MAX_INTERVAL_MS = 120_000;
/** A source is silent after three of its own intervals. */
const SILENT_AFTER_INTERVALS = 3;

export interface ReportingInterval {
  readonly lastMs: number | null;
  note(nowMs: number, regular: boolean): void;
  intervalMs(): number;
  isSilent(nowMs: number): boolean;
}

export function createReportingInterval(): ReportingInterval {
  let lastAny: number | null = null;
  let lastRegular: number | null = null;
  let smoothedRegular: number | null = null;
  /** Ring of the last gaps between irregular reports. */
  const gaps = new Float64Array(GAPS);
  let gapCount = 0;

  const noteRegular = (nowMs: number) => {
    const gap = lastRegular === null ? 0 : nowMs - lastRegular;
    if (gap > SAME_REPORT_MS)
      smoothedRegular = smoothedRegular === null ? gap : 0.7 * smoothedRegular + 0.3 * gap;
    if (lastRegular === null || gap > SAME_REPORT_MS) lastRegular = nowMs;
  };
  const intervalMs = () => {
    if (smoothedRegular !== null) return clamp(smoothedRegular);
    if (gapCount === 0 || lastRegular !== null) return DEFAULT_INTERVAL_MS;
    return clamp(Math.max(MIN_IRREGULAR_MS, ...gaps));
  };
  return {
    get lastMs() {
      return lastAny;
    },
    note(nowMs, regular) {
      if (regular) noteRegular(nowMs);
      const gap = lastAny === null ? 0 : nowMs - lastAny;
      if (gap > SAME_REPORT_MS) gaps[gapCount++ % GAPS] = gap;
      if (lastAny === null || gap > SAME_REPORT_MS) lastAny = nowMs;
    },
    intervalMs,
    isSilent: (nowMs) => lastAny === null || nowMs - lastAny > SILENT_AFTER_INTERVALS * intervalMs(),
  };
}

function clamp(ms: number): number {
  return Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, ms));
}
