/** A colour of its own for everything with an id, from the id alone: everybody sees the same one, in either theme. */
import { hashString } from '@/lib/base/hash';

/** Hues kept apart from the red of alarms and from each other. */
const HUES = [172, 258, 32, 216, 322, 122, 68, 285, 196, 48, 148, 238] as const;
/** Two lightnesses of each hue, so that ids which share one can still be told apart. */
const LIGHTNESS = ['var(--node-l)', 'var(--node-l2)'] as const;

export function nodeHue(nodeId: string): number {
  return HUES[hashString(nodeId) % HUES.length] ?? HUES[0];
}

export function nodeColor(nodeId: string): string {
  const variant = Math.floor(hashString(nodeId) / HUES.length) % LIGHTNESS.length;
  return `hsl(${nodeHue(nodeId)} var(--node-s) ${LIGHTNESS[variant]})`;
}
