import { describe, expect, test } from 'vitest';
import type { TopologyNode } from '@/lib/api/topology';
import { isInSight, nodeAt } from './far-picture';

const view = { x: 100, y: 50, zoom: 0.1, width: 800, height: 600 };
const node = (id: string, x: number, y: number) => ({ id, position: { x, y } }) as TopologyNode;

describe('the map from afar', () => {
  test('leaves out what is out of sight', () => {
    expect(isInSight(10, 10, 20, 20, view)).toBe(true);
    expect(isInSight(-20, 10, -1, 20, view)).toBe(false);
    expect(isInSight(10, 601, 20, 620, view)).toBe(false);
    expect(isInSight(-100, -100, 900, 700, view)).toBe(true);
  });

  test('finds the card under the pointer, and a little around it', () => {
    const nodes = [node('a', 0, 0), node('b', 2_800, 1_480)];
    // a is drawn at 100..117 × 50..60.
    expect(nodeAt(nodes, view, { x: 108, y: 55 })?.id).toBe('a');
    expect(nodeAt(nodes, view, { x: 97, y: 48 })?.id).toBe('a');
    expect(nodeAt(nodes, view, { x: 90, y: 55 })).toBeNull();
    expect(nodeAt(nodes, view, { x: 385, y: 200 })?.id).toBe('b');
  });
});
