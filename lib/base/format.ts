/**
 * Figures as people read them: three significant digits at most, a unit behind a no-break space, `–` for what is
 * not known. All take `null`, because the API says `null` for unknown, and unknown must never look like 0.
 */
import { type EpochNanos, msFromEpochNanos, parseEpochNanos } from './time';

export const UNKNOWN = '–';
const NBSP = '\u00a0';

type Maybe = number | null | undefined;

function known(value: Maybe): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** At most `digits` significant ones, and never an exponent: 2.81, 88.1, 112, 0.4. */
function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const decimals = Math.max(0, Math.min(6, digits - 1 - magnitude));
  const text = value.toFixed(decimals);
  return decimals > 0 ? text.replace(/\.?0+$/, '') : text;
}

/** `86 ns`, `412 µs`, `4.21 ms`, `2.81 s`, `3 min 12 s`, `1 h 4 min`. */
export function formatMs(ms: Maybe, digits = 3): string {
  if (!known(ms)) return UNKNOWN;
  if (ms < 0) return `−${formatMs(-ms, digits)}`;
  if (ms === 0) return `0${NBSP}ms`;
  if (ms < 0.001) return `${significant(ms * 1e6, digits)}${NBSP}ns`;
  if (ms < 0.9995) return `${significant(ms * 1e3, digits)}${NBSP}µs`;
  if (ms < 999.5) return `${significant(ms, digits)}${NBSP}ms`;
  if (ms < 59_950) return `${significant(ms / 1e3, digits)}${NBSP}s`;
  return formatLong(Math.round(ms / 1e3));
}

function formatLong(seconds: number): string {
  const units: readonly [number, string][] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const first = units.findIndex(([size]) => seconds >= size);
  const parts: string[] = [];
  let rest = seconds;
  for (const [size, name] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${NBSP}${name}`);
  }
  return parts.join(' ');
}

export function formatNs(ns: Maybe, digits = 3): string {
  return known(ns) ? formatMs(ns / 1e6, digits) : UNKNOWN;
}

export function formatSeconds(seconds: Maybe, digits = 3): string {
  return known(seconds) ? formatMs(seconds * 1e3, digits) : UNKNOWN;
}

/** Milliseconds without the unit, for `0.4 · 0.9 ms` and columns whose head says it. */
export function formatMsBare(ms: Maybe, digits = 2): string {
  if (!known(ms)) return UNKNOWN;
  return Math.abs(ms) >= 1_000 ? formatCompact(ms) : significant(ms, digits);
}

/** `8.5k`, `1.2M`, `950`, `4.2`, `0.31`: for rates and axes. */
export function formatCompact(value: Maybe): string {
  if (!known(value)) return UNKNOWN;
  const size = Math.abs(value);
  if (size < 10) return significant(value, 2);
  if (size < 999.5) return String(Math.round(value));
  for (const [limit, unit, suffix] of [
    [999_500, 1e3, 'k'],
    [999_500_000, 1e6, 'M'],
  ] as const) {
    if (size < limit) return `${significant(value / unit, size / unit < 100 ? 2 : 3)}${suffix}`;
  }
  return `${significant(value / 1e9, 3)}G`;
}

/** `×3.2`, `×820`, `÷1.5`: by how much a figure changed; both above 0. */
export function formatFactor(before: number, after: number): string {
  return after >= before ? `×${formatCompact(after / before)}` : `÷${formatCompact(before / after)}`;
}

/** `8.5k/s`. */
export function formatRate(perSec: Maybe): string {
  return known(perSec) ? `${formatCompact(perSec)}/s` : UNKNOWN;
}

/** `1,204,331`. */
export function formatCount(value: Maybe): string {
  if (!known(value)) return UNKNOWN;
  const [whole = '0', fraction] = String(Math.abs(value)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${value < 0 ? '−' : ''}${grouped}${fraction ? `.${fraction}` : ''}`;
}

/** A share of 1: `19 %`, `0.7 %`, `< 0.1 %`. */
export function formatPercent(ratio: Maybe): string {
  if (!known(ratio)) return UNKNOWN;
  const percent = ratio * 100;
  if (percent === 0) return `0${NBSP}%`;
  if (Math.abs(percent) < 0.1) return `<${NBSP}0.1${NBSP}%`;
  return `${Math.abs(percent) < 9.95 ? significant(percent, 2) : Math.round(percent)}${NBSP}%`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function formatBytes(bytes: Maybe): string {
  if (!known(bytes)) return UNKNOWN;
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1_023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${significant(value, 3)}${NBSP}${BYTE_UNITS[unit]}`;
}

/** Local time of day, `12:04:10` or with milliseconds `12:04:10.123`. */
export function formatClockMs(unixMs: number, withMs = false): string {
  const date = new Date(unixMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return withMs ? `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}` : clock;
}

export function formatClock(unixNano: string | EpochNanos | null | undefined, withMs = false): string {
  const ms = unixMsFromNano(unixNano);
  return ms === null ? UNKNOWN : formatClockMs(ms, withMs);
}

/** Milliseconds since 1970 of a decimal string of nanoseconds; `null` where it is none. */
export function unixMsFromNano(unixNano: string | EpochNanos | null | undefined): number | null {
  if (unixNano === null || unixNano === undefined) return null;
  const nanos = typeof unixNano === 'string' ? parseEpochNanos(unixNano) : unixNano;
  return nanos === null ? null : msFromEpochNanos(nanos);
}

/** A figure with the unit that an answer names: `s`, `ms`, `ns`, `1` (a share), `By`, `{item}/s`, `%` … */
export function formatUnit(value: Maybe, unit: string): string {
  if (!known(value)) return UNKNOWN;
  if (unit === 's') return formatSeconds(value);
  if (unit === 'ms') return formatMs(value);
  if (unit === 'ns') return formatNs(value);
  if (unit === 'By' || unit === 'bytes') return formatBytes(value);
  if (unit === 'ratio' || unit === '1') return formatPercent(value);
  if (unit === '%') return formatPercent(value / 100);
  if (unit.endsWith('/s')) return formatRate(value);
  const bare = unit.replace(/[{}]/g, '');
  const figure = Number.isInteger(value) ? formatCount(value) : formatCompact(value);
  return bare ? `${figure}${NBSP}${bare}` : figure;
}
