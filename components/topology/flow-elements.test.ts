import { expect, test } from 'vitest';
import type { TopologyEdge, TopologyNode } from '@/lib/api/topology';
import { CARD_HEIGHT } from '@/lib/topology/card-size';
import { fitTop, portOffset, portsOf } from './flow-elements';

test('one port leaves in the middle, several around it', () => {
  expect(portOffset(0, 1)).toBe(CARD_HEIGHT / 2);
  expect(portOffset(0, 2) + portOffset(1, 2)).toBe(CARD_HEIGHT);
  expect(portOffset(0, 30)).toBeGreaterThan(0);
  expect(portOffset(29, 30)).toBeLessThan(CARD_HEIGHT);
});

test('a small map is not enlarged and stands at the top, centred', () => {
  const view = fitTop(
    { x: 100, y: 50, width: 400, height: 200 },
    { width: 1_000, height: 800 },
    { top: 40, bottom: 60, side: 20 },
  );
  expect(view).toEqual({ zoom: 1, x: 200, y: -10 });
});

test('a large one is shown whole', () => {
  const view = fitTop(
    { x: 0, y: 0, width: 4_000, height: 1_000 },
    { width: 1_000, height: 800 },
    { top: 40, bottom: 60, side: 0 },
  );
  expect(view.zoom).toBe(0.25);
});

test('ports stand in the order of their targets, not of their declaration', () => {
  const at = (id: string, y: number, ports: readonly string[] = []) =>
    ({ id, ports, position: { x: 0, y } }) as unknown as TopologyNode;
  const to = (port: string, target: string) => ({ from: 'r', port, to: target }) as unknown as TopologyEdge;
  const router = at('r', 0, ['logs', 'traces', 'metrics', 'unused']);
  const nodes = [router, at('low', 300), at('high', 0), at('middle', 150)];
  const edges = [to('logs', 'low'), to('traces', 'high'), to('metrics', 'middle')];
  expect(portsOf(router, { nodes, edges })).toEqual(['traces', 'metrics', 'logs']);
});
