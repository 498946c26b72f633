/** Working time of a span in milliseconds: what it says itself, else its duration less what it waited. NaN: not told. */
export function workMs(durationMs: number, latency: number, blocked: number, outcome: number): number {
  if (!Number.isNaN(latency)) return latency;
  const waited = known(blocked) + known(outcome);
  return Math.max(0, durationMs - waited);
}

function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
