import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CARD_HEIGHT, CARD_WIDTH, COLUMN_GAP, ROW_GAP } from './card-size';
import { composeMap } from './compose';
import { layeredLayout } from './layered-layout';
import { topologyOf } from './map.testing';

const layout = (text: string) => {
  const { nodes, edges } = composeMap([topologyOf(text)], [], []);
  return { nodes, edges, at: layeredLayout(nodes, edges) };
};

const anyDag = fc
  .array(fc.tuple(fc.nat(29), fc.nat(29)), { minLength: 1, maxLength: 60 })
  .map((pairs) => pairs.filter(([a, b]) => a !== b).map(([a, b]) => `n${a} > n${b}`))
  .filter((lines) => lines.length > 0);

describe('layered layout', () => {
  it('puts receivers first, exporters last and everything else between, left to right', () => {
    const { at } = layout('gen > batch > filter > exp\ngen > debug');
    const column = (id: string) => (at.get(id)?.x ?? -1) / (CARD_WIDTH + COLUMN_GAP);
    expect(['gen', 'batch', 'filter', 'exp', 'debug'].map(column)).toEqual([0, 1, 2, 3, 3]);
  });

  it('keeps a chain on one line', () => {
    const { at } = layout('a > b > c > d');
    expect(new Set([...at.values()].map(({ y }) => y)).size).toBe(1);
  });

  it('never lays two cards over each other, gives every node a place, and leads no edge back but a cycle’s', () => {
    fc.assert(
      fc.property(anyDag, (lines) => {
        const { nodes, at } = layout(lines.join('\n'));
        expect(at.size).toBe(nodes.length);
        const cards = [...at.values()];
        for (const [i, a] of cards.entries()) {
          for (const b of cards.slice(i + 1)) {
            if (a.x !== b.x) expect(Math.abs(a.x - b.x)).toBeGreaterThanOrEqual(CARD_WIDTH + 72);
            else expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(CARD_HEIGHT + ROW_GAP - 4);
          }
        }
        expect(Math.min(...cards.map(({ y }) => y))).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for the same map, however it is told', () => {
    const one = layout('a > b > d\na > c > d').at;
    const other = layout('a > c > d\na > b > d').at;
    expect([...other].sort()).toEqual([...one].sort());
  });

  it('stays on its feet with cycles and a thousand nodes', () => {
    expect(layout('a > b\nb > c\nc > b').at.size).toBe(3);
    const lines = Array.from(
      { length: 1_000 },
      (_, i) => `n${i} > n${(i * 7) % 1_000 === i ? 0 : i + 1 + (i % 13)}`,
    );
    expect(layout(lines.join('\n')).at.size).toBeGreaterThan(900);
  });
});
