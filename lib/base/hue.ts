import { hashString } from './hash';

/** Degrees on the colour circle, from the id alone: two people see the same colour for the same node. */
export function hueOf(id: string): number {
  return hashString(id) % 360;
}

/** A CSS colour for an id; lightness and saturation come from the theme's tokens. */
export function colorOf(id: string): string {
  return `hsl(${hueOf(id)} var(--node-s) var(--node-l))`;
}
