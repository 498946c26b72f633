import { describe, expect, test } from 'vitest';
import type { TopologyEdge, TopologyNode } from '@/lib/api/topology';
import { endsOf, nodeTowards, reach } from './graph-walk';

/** `a > b > c` lines; a node's place is its column (first seen) and row as given in `places`. */
function graph(lines: string, places: Readonly<Record<string, readonly [number, number]>>) {
  const edges = lines
    .trim()
    .split('\n')
    .flatMap((line) => {
      const ids = line.split('>').map((id) => id.trim());
      return ids.slice(1).map((to, index) => edge(ids[index] ?? '', to));
    });
  return { nodes: Object.entries(places).map(([id, place]) => node(id, place)), edges };
}

function edge(from: string, to: string): TopologyEdge {
  return {
    id: `${from}>${to}`,
    from,
    to,
    port: 'default',
    channel: `pdata:${to}`,
    provenance: 'declared',
    stats: {} as TopologyEdge['stats'],
  };
}

function node(id: string, [x, y]: readonly [number, number]): TopologyNode {
  return {
    id,
    component: id,
    pipeline: null,
    kind: 'processor',
    type: '',
    stateful: false,
    ports: [],
    position: { x: x * 260, y: y * 140 },
    state: 'running',
    config: null,
    configSchema: null,
    faults: null,
    stats: {} as TopologyNode['stats'],
  };
}

const diamond = graph('in > split > a > out\nsplit > b > out\nother > b', {
  in: [0, 1],
  other: [0, 3],
  split: [1, 1],
  a: [2, 0],
  b: [2, 2],
  out: [3, 0],
});

describe('focus', () => {
  test('upstream lights everything that leads there, and nothing beside', () => {
    expect([...reach(diamond, 'b', 'up')].sort()).toEqual(
      ['b', 'in', 'in>split', 'other', 'other>b', 'split', 'split>b'].sort(),
    );
  });
  test('downstream lights everything behind', () => {
    expect([...reach(diamond, 'a', 'down')].sort()).toEqual(['a', 'a>out', 'out']);
  });
  test('a cycle ends', () => {
    const cycle = graph('a > b > a', { a: [0, 0], b: [1, 0] });
    expect([...reach(cycle, 'a', 'both')].sort()).toEqual(['a', 'a>b', 'b', 'b>a']);
  });
  test('an edge lights its ends', () => {
    expect([...endsOf(diamond, 'split>b')].sort()).toEqual(['b', 'split', 'split>b']);
    expect(endsOf(diamond, 'gone').size).toBe(0);
  });
});

describe('arrow keys', () => {
  test('right and left follow the edges', () => {
    expect(nodeTowards(diamond, 'in', 'ArrowRight')).toBe('split');
    expect(nodeTowards(diamond, 'out', 'ArrowLeft')).toBe('a');
  });
  test('up and down stay in the column', () => {
    expect(nodeTowards(diamond, 'a', 'ArrowDown')).toBe('b');
    expect(nodeTowards(diamond, 'b', 'ArrowUp')).toBe('a');
  });
  test('nothing there is nothing', () => {
    expect(nodeTowards(diamond, 'out', 'ArrowRight')).toBeNull();
    expect(nodeTowards(diamond, 'a', 'ArrowUp')).toBeNull();
    expect(nodeTowards(diamond, 'gone', 'ArrowUp')).toBeNull();
  });
});
