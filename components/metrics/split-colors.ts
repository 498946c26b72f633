/** Colours of what splits a figure: outcomes by their meaning, sizes by order, everything else by its name. */
import { nodeColor } from '@/lib/client/node-color';
import type { ChartLine } from './chart-data';

const OUTCOMES: Readonly<Record<string, string>> = {
  applied: 'var(--control)',
  failed: 'var(--bad)',
  forced: 'var(--bad)',
  coalesced: 'var(--text-3)',
  replaced: 'var(--warn)',
  dropped_during_drain: 'var(--warn)',
};

export function outcomeColor(line: ChartLine): string {
  if (line.split === 'applied') return nodeColor(line.id);
  return OUTCOMES[line.split] ?? nodeColor(line.id);
}

export function signalOrReasonColor(line: ChartLine): string {
  return nodeColor(line.split || line.id);
}

/** Larger sizes are darker steps of one hue; the key's number is the order of the buckets. */
export function sizeColor(line: ChartLine): string {
  const order = Number(line.key.slice(1));
  return `color-mix(in oklab, var(--work) ${45 + Math.min(3, order) * 18}%, var(--surface))`;
}
