import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CARD_HEIGHT, CARD_WIDTH, COLUMN_GAP, ROW_GAP } from './card-size';
import { type ComposedMap, composeMap } from './compose';
import { GRID, type Positions } from './elk-graph';
import { topologyOf } from './map.testing';
import { placeCards } from './place-cards';
import { settle } from './settle';
import { createTopologyLayouts } from './topology-layouts';

const mapOf = (text: string): ComposedMap => composeMap([topologyOf(text)], [], []);
const layOut = async (text: string) => {
  const { nodes, edges } = mapOf(text);
  return { nodes, edges, at: await placeCards(nodes, edges) };
};
const columnOf = (at: Positions, id: string) => (at.get(id)?.x ?? -1) / (CARD_WIDTH + COLUMN_GAP);

/** Chains that cross each other at random, from receivers `r…` to exporters `x…`. */
const anyPipeline = fc
  .array(
    fc.record({
      from: fc.nat(3),
      way: fc.uniqueArray(fc.nat(11), { maxLength: 4 }).map((steps) => steps.sort((a, b) => a - b)),
      to: fc.nat(3),
    }),
    { minLength: 2, maxLength: 12 },
  )
  .map((chains) =>
    chains.map(({ from, way, to }) => [`r${from}`, ...way.map((n) => `p${n}`), `x${to}`].join(' > ')),
  );

function expectApart(at: Positions): void {
  const cards = [...at.values()];
  for (const [i, a] of cards.entries()) {
    for (const b of cards.slice(i + 1)) {
      if (a.x === b.x) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(CARD_HEIGHT + ROW_GAP - GRID);
      else expect(Math.abs(a.x - b.x)).toBeGreaterThanOrEqual(CARD_WIDTH + COLUMN_GAP);
    }
  }
}

describe('layout', () => {
  it('puts receivers first, exporters last and everything else between, left to right', async () => {
    const { at } = await layOut('gen > batch > filter > exp\ngen > debug');
    expect(['gen', 'batch', 'filter', 'exp', 'debug'].map((id) => columnOf(at, id))).toEqual([0, 1, 2, 3, 3]);
  });

  it('keeps a chain on one line', async () => {
    const { at } = await layOut('a > b > c > d');
    expect(new Set([...at.values()].map(({ y }) => y)).size).toBe(1);
  });

  it('never lays two cards over each other, gives every node a place, and leads every edge to the right', async () => {
    await fc.assert(
      fc.asyncProperty(anyPipeline, async (lines) => {
        const { nodes, edges, at } = await layOut(lines.join('\n'));
        expect(at.size).toBe(nodes.length);
        expectApart(at);
        for (const { from, to } of edges) expect(columnOf(at, to)).toBeGreaterThan(columnOf(at, from));
        for (const { id, kind } of nodes) {
          if (kind === 'receiver') expect(columnOf(at, id)).toBe(0);
        }
        const last = nodes.filter(({ kind }) => kind === 'exporter').map(({ id }) => columnOf(at, id));
        expect(new Set(last).size).toBe(1);
      }),
      { numRuns: 20 },
    );
  });

  it('is the same for the same map, however it is told', async () => {
    const one = (await layOut('a > b > d\na > c > d')).at;
    const other = (await layOut('a > c > d\na > b > d')).at;
    expect([...other].sort()).toEqual([...one].sort());
  });

  it('stays on its feet with cycles, nodes of their own, and nothing', async () => {
    expect((await layOut('a > b\nb > c\nc > b\nz > z')).at.size).toBe(4);
    expect((await placeCards([], [])).size).toBe(0);
  });
});

describe('a map that changes', () => {
  it('moves nothing but what changes its column when a node is added', async () => {
    await fc.assert(
      fc.asyncProperty(anyPipeline, fc.nat(100), async (lines, pick) => {
        const before = await layOut(lines.join('\n'));
        const edge = before.edges[pick % before.edges.length];
        if (!edge) return;
        // Beside an edge that is there, or as one more exporter: both are what operators do.
        const added = pick % 2 === 0 ? `${edge.from} > new > ${edge.to}` : `${edge.from} > xnew`;
        const after = await layOut([...lines, added].join('\n'));
        const { positions } = settle(after.at, { positions: before.at, placed: 0 }, after.edges);
        expectApart(positions);
        expect(positions.size).toBe(after.nodes.length);
        const stayed = before.nodes.filter(({ id }) => after.at.get(id)?.x === before.at.get(id)?.x);
        if (before.nodes.length < 8) return;
        for (const { id } of stayed) expect(positions.get(id)).toEqual(before.at.get(id));
      }),
      { numRuns: 25 },
    );
  });

  it('keeps every card where it was when one goes', async () => {
    const before = await layOut('r > a > x\nr > b > y\nr > c > z');
    const after = await layOut('r > a > x\nr > c > z');
    const { positions } = settle(after.at, { positions: before.at, placed: 0 }, after.edges);
    for (const [id, place] of positions) expect(place).toEqual(before.at.get(id));
  });

  it('is laid out anew once repairs add up, and when it is another map', async () => {
    const fresh = (await layOut('r > a > x')).at;
    const many = settle(fresh, { positions: new Map([...fresh].slice(0, 2)), placed: 4 }, []);
    expect(many).toEqual({ positions: fresh, placed: 0 });
    const other = settle(fresh, { positions: new Map([['q', { x: 0, y: 400 }]]), placed: 0 }, []);
    expect(other).toEqual({ positions: fresh, placed: 0 });
  });
});

describe('topology layouts', () => {
  const versionOf = (text: string) => ({ ...mapOf(text), shape: text });

  it('lay a shape out once, for every viewer, and say until then that its places are provisional', async () => {
    let runs = 0;
    let settled = 0;
    const layouts = createTopologyLayouts({
      layOut: (nodes, edges) => {
        runs++;
        return placeCards(nodes, edges);
      },
      onSettled: () => settled++,
      onFailure: (error) => expect.fail(String(error)),
    });
    const map = versionOf('a > b > c');
    const first = layouts.places('e', map);
    expect(first.final).toBe(false);
    expect(first.positions.size).toBe(3);
    expectApart(first.positions);
    const columns = ['a', 'b', 'c'].map((id) => first.positions.get(id)?.x ?? 0);
    expect(columns, 'in the order of the flow').toEqual([...columns].sort((a, b) => a - b));
    expect(new Set(columns).size).toBe(3);
    await Promise.all([layouts.settled('e', map), layouts.settled('e', map)]);
    expect(layouts.places('e', map).final).toBe(true);
    expect([runs, settled]).toEqual([1, 1]);
  });

  it('work at one shape of an engine at a time, and come to the newest', async () => {
    const started: string[] = [];
    const layouts = createTopologyLayouts({
      layOut: (nodes, edges) => {
        started.push(nodes.map(({ id }) => id).join(''));
        return placeCards(nodes, edges);
      },
      onSettled: () => undefined,
      onFailure: (error) => expect.fail(String(error)),
    });
    for (const text of ['a > b', 'a > b > c', 'a > b > c > d']) layouts.places('e', versionOf(text));
    expect(started).toEqual(['ab']);
    await layouts.settled('e', versionOf('a > b > c > d'));
    expect(started).toEqual(['ab', 'abcd']);
  });

  it('keep a map in its provisional rows where it cannot be laid out, and try it once', async () => {
    const failures: unknown[] = [];
    const layouts = createTopologyLayouts({
      layOut: () => Promise.reject(new Error('no thread')),
      onSettled: () => undefined,
      onFailure: (error) => failures.push(error),
    });
    const map = versionOf('a > b > c');
    await layouts.settled('e', map);
    const places = layouts.places('e', map);
    expect(places.final).toBe(true);
    expectApart(places.positions);
    expect(failures).toHaveLength(1);
  });
});
