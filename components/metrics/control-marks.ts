/** Control actions as marks on a time axis. Those closer than a mark is wide become one mark with a count. */
import type { ControlActionRow } from '@/lib/api/control';
import { unixMsFromNano } from '@/lib/base/format';

export interface ControlMark {
  readonly atMs: number;
  readonly label: string;
  readonly failed: boolean;
  readonly actions: readonly ControlActionRow[];
}

/** Marks between the bounds, oldest first, at least `gapMs` apart. */
export function controlMarks(
  actions: readonly ControlActionRow[],
  fromMs: number,
  toMs: number,
  gapMs: number,
): ControlMark[] {
  const inRange = actions
    .map((action) => ({ action, atMs: unixMsFromNano(action.timeUnixNano) ?? Number.NaN }))
    .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
    .sort((a, b) => a.atMs - b.atMs);
  const groups: { atMs: number; actions: ControlActionRow[] }[] = [];
  for (const { action, atMs } of inRange) {
    const last = groups.at(-1);
    if (last && atMs - last.atMs < gapMs) last.actions.push(action);
    else groups.push({ atMs, actions: [action] });
  }
  return groups.map(({ atMs, actions: grouped }) => ({
    atMs,
    actions: grouped,
    failed: grouped.some((action) => action.outcome === 'failed' || action.outcome === 'forced'),
    label:
      grouped.length === 1 && grouped[0]
        ? `${grouped[0].action} ${grouped[0].target}`
        : `${grouped.length} actions`,
  }));
}
