/** A time of day as people type it, and the moment of the last day that it means. Pure but for the local time zone. */
const DAY_MS = 86_400_000;

/** `12:04:10`, as a time input wants it; empty for none. */
export function clockOf(ms: number | null): string {
  if (ms === null) return '';
  const date = new Date(ms);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** The newest moment that is not after now and reads so; null for what is no time. */
export function momentAt(text: string, nowMs: number): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text);
  if (!match) return null;
  const date = new Date(nowMs);
  date.setHours(Number(match[1]), Number(match[2]), Number(match[3] ?? 0), 0);
  const ms = date.getTime();
  return ms > nowMs ? ms - DAY_MS : ms;
}
