/** Of the recorder's readings: the time, and the base that integrals count from. Numbers alone: see `span-columns.ts`. */
export const NOW = 0;
export const BASE = 1;

/** How many signals and outcomes there are: series of both lie side by side. */
export const SIGNAL_COUNT = 4;
export const OUTCOME_COUNT = 3;

/** The prefix of paths that are not told apart any more. */
export const OTHER_PATH = 1;
