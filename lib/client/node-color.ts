/** A node's own colour, from its id alone: everybody sees the same one. Lightness follows the theme. */

/** Hues kept apart from the red of alarms and from each other. */
const HUES = [172, 258, 32, 216, 322, 122, 68, 285, 196, 48, 148, 238] as const;

export function nodeHue(nodeId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < nodeId.length; i += 1) {
    hash = Math.imul(hash ^ nodeId.charCodeAt(i), 0x01000193);
  }
  return HUES[(hash >>> 0) % HUES.length] ?? HUES[0];
}

export function nodeColor(nodeId: string): string {
  return `hsl(${nodeHue(nodeId)} var(--node-s) var(--node-l))`;
}
