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

/** Where nobody knows yet: what the OpenTelemetry SDKs and the Collector's periodic reader do when not told otherwise. */
const USUAL_INTERVAL_MS = 60_000;
/** A report may come as several requests, whose gaps say nothing: the gaps count once the source was watched for so long. */
const WATCHED_MS = 5_000;
const WATCHED_IRREGULAR_MS = 120_000;

export interface ReportingInterval {
  readonly lastMs: number | null;
  note(nowMs: number, regular: boolean): void;
  intervalMs(): number;
  /** It should have been heard by now. */
  isSilent(nowMs: number): boolean;
  /** It is silent, and its interval is known well enough to say that it is gone: another may be its successor. */
  isGone(nowMs: number): boolean;
}

/** `watchedMs`: for how long gaps are only collected; 0 where each report is known to be one request. */
export function createReportingInterval(watchedMs = WATCHED_MS): ReportingInterval {
  let firstAny: number | null = null;
  let lastAny: number | null = null;
  let firstRegular: number | null = null;
  let lastRegular: number | null = null;
  const regular = createGaps();
  const any = createGaps();

  const isLearnt = () =>
    lastRegular !== null &&
    firstRegular !== null &&
    lastRegular - firstRegular >= watchedMs &&
    regular.count > 0;
  const intervalMs = () => {
    if (isLearnt()) return clamp(regular.longest());
    if (lastRegular !== null) return USUAL_INTERVAL_MS;
    return any.count === 0 ? DEFAULT_INTERVAL_MS : clamp(Math.max(MIN_IRREGULAR_MS, any.longest()));
  };
  /** Spans and logs come when there are some: what they tell of the interval takes long to tell. */
  const safeIntervalMs = () => {
    const watched = (lastAny ?? 0) - (firstAny ?? 0);
    const isKnown = isLearnt() || (lastRegular === null && watched >= WATCHED_IRREGULAR_MS);
    return isKnown ? intervalMs() : Math.max(USUAL_INTERVAL_MS, intervalMs());
  };
  const silentFor = (nowMs: number, intervalMs: number) =>
    lastAny === null || nowMs - lastAny > SILENT_AFTER_INTERVALS * intervalMs;
  return {
    get lastMs() {
      return lastAny;
    },
    note(nowMs, isRegular) {
      if (isRegular) {
        firstRegular ??= nowMs;
        if (regular.note(lastRegular, nowMs)) lastRegular = nowMs;
      }
      firstAny ??= nowMs;
      if (any.note(lastAny, nowMs)) lastAny = nowMs;
    },
    intervalMs,
    isSilent: (nowMs) => silentFor(nowMs, intervalMs()),
    isGone: (nowMs) => silentFor(nowMs, safeIntervalMs()),
  };
}

/** The last few gaps between reports; requests right after each other are one report. */
function createGaps() {
  const gaps = new Float64Array(GAPS);
  let count = 0;
  return {
    get count() {
      return count;
    },
    longest: () => Math.max(...gaps),
    /** True where it is a report of its own. */
    note(lastMs: number | null, nowMs: number): boolean {
      if (lastMs === null) return true;
      const gap = nowMs - lastMs;
      if (gap <= SAME_REPORT_MS) return false;
      gaps[count++ % GAPS] = gap;
      return true;
    },
  };
}

function clamp(ms: number): number {
  return Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, ms));
}
