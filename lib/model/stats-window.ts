/** Windows that figures are taken over. */
export const WINDOWS = ['10s', '1m', '5m', '15m'] as const;
export type StatsWindow = (typeof WINDOWS)[number];
export const WINDOW_SECONDS: Readonly<Record<StatsWindow, number>> = {
  '10s': 10,
  '1m': 60,
  '5m': 300,
  '15m': 900,
};
