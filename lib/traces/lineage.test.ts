import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnLink } from '@/lib/store/span-columns';
import { LINEAGE_BOUNDS, lineage } from './lineage';
import { memoryTraces } from './testing/memory-traces';
import { columnsOf } from './testing/random-trace';
import { traceFromPicture } from './testing/trace-picture';
import { createTraceReader } from './trace-reader';

const a = traceFromPicture('a', `recv b1 |WW| items=120\n  batch b1 |  .W| items=120`);
const b = traceFromPicture('b', `gen b2 |WW| items=64\n  batch b2 |  .W| items=64`);
const c = traceFromPicture('c', `gen b3 |WW| items=64\n  batch b3 |  .W| items=64`);
const merged = traceFromPicture(
  'm',
  `
  batch m   |WW    | items=248 link=merge:a/1:120:9 link=merge:b/1:64:4 link=merge:c/1:64:1
    copy m  |  WW  | items=248
      x m.0 |    WW| items=248 err link=split:m/1
      y m.1 |    W | items=248 link=split:m/1`,
);
const control = traceFromPicture('k', `ctl k |W| link=control:m/2`);
const reader = (...of: Parameters<typeof memoryTraces>) => createTraceReader(memoryTraces(...of));
const all = reader([a, b, c, merged, control]);

describe('the lineage of a batch', () => {
  it('leads to all that it was merged from and split into, with counts that add up', async () => {
    const answer = await lineage(all, 'm');
    expect(answer.batches.map((batch) => [batch.id, batch.distance])).toEqual([
      ['b1', -1],
      ['b2', -1],
      ['b3', -1],
      ['m', 0],
      ['m.0', 0],
      ['m.1', 0],
    ]);
    expect(answer.edges).toEqual([
      { from: 'm', to: 'm.0', type: 'split', items: 248, heldMs: null },
      { from: 'm', to: 'm.1', type: 'split', items: 248, heldMs: null },
      { from: 'b1', to: 'm', type: 'merge', items: 120, heldMs: 9 },
      { from: 'b2', to: 'm', type: 'merge', items: 64, heldMs: 4 },
      { from: 'b3', to: 'm', type: 'merge', items: 64, heldMs: 1 },
    ]);
    const merges = answer.edges.filter((edge) => edge.type === 'merge');
    expect(merges.reduce((sum, edge) => sum + (edge.items ?? 0), 0)).toBe(248);
    expect(answer.batches[3]?.contributors).toBe(3);
    expect(answer.batches[4]?.status).toBe('error');
    expect([answer.complete, answer.total]).toEqual([true, 6]);
    expect(answer.criticalPath.map((step) => step.spanId)).toEqual(['c/0', 'c/1', 'm/0', 'm/1', 'm/2']);
  });

  it('leads from a contributor down to the merge, whose other contributors are counted and not followed', async () => {
    const answer = await lineage(all, 'a');
    expect(answer.batches.map((batch) => [batch.id, batch.distance])).toEqual([
      ['b1', 0],
      ['m', 1],
      ['m.0', 1],
      ['m.1', 1],
    ]);
    expect(answer.batches[1]?.contributors).toBe(3);
    expect(answer.complete).toBe(true);
  });

  it('shows what was evicted and what never came', async () => {
    const answer = await lineage(reader([merged, c], ['a']), 'm');
    expect(
      answer.batches.filter((each) => each.state !== 'held').map((each) => [each.id, each.state]),
    ).toEqual([
      ['a/a/1', 'evicted'],
      ['b/b/1', 'unknown'],
    ]);
    expect(answer.edges.filter((edge) => edge.type === 'merge')).toHaveLength(3);
    expect(answer.complete).toBe(false);
  });

  it('of a trace that is not held is empty and not complete', async () => {
    expect(await lineage(reader([], ['z']), 'z')).toMatchObject({ batches: [], complete: false });
  });

  it('ends at its bound, and says how much more there is', async () => {
    const answer = await lineage(all, 'm', { ...LINEAGE_BOUNDS, maxTraces: 2 });
    expect(answer.complete).toBe(false);
    expect(answer.batches.map((batch) => batch.id)).toEqual(['b1', 'm', 'm.0', 'm.1']);
    expect(answer.total).toBe(6);
  });

  it('tells batches of the same id apart', async () => {
    const other = traceFromPicture('o', `batch b1 |W| items=120 link=merge:a/1:120:1`);
    const answer = await lineage(reader([a, other]), 'o');
    expect(answer.edges).toEqual([{ from: 'a/b1', to: 'o/b1', type: 'merge', items: 120, heldMs: 1 }]);
  });

  it('is what a brute-force closure says, over any links, cycles and self links included', async () => {
    const links = fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 9 })), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(links, fc.integer({ min: 0, max: 7 }), async (pairs, start) => {
        const traces = Array.from({ length: 8 }, (_, i) =>
          columnsOf(
            `t${i}`,
            [{ parent: -1, start: 0, duration: 1, node: 0, batch: 0, outcome: 0 }],
            pairs.filter(([to]) => to === i).map(([, from]): ColumnLink => link(from)),
          ),
        );
        const store = memoryTraces(traces);
        const answer = await lineage(createTraceReader(store), `t${start}`);
        const up = closure(start, (i) => pairs.filter(([to]) => to === i).map(([, from]) => from));
        const down = closure(start, (i) => pairs.filter(([, from]) => from === i).map(([to]) => to));
        const expected = [...new Set([...up, ...down])].map((i) => `t${i}`).sort();
        const held = [...new Set(answer.batches.map((batch) => batch.traceId))].sort();
        expect(held).toEqual(expected);
        expect(answer.complete).toBe(![...up].some((i) => i > 7));
        for (const [to, from] of pairs) {
          const inside = held.includes(`t${to}`) && held.includes(`t${from}`) && to <= 7;
          const ids = (i: number) =>
            answer.batches.filter((each) => each.traceId === `t${i}`).map((each) => each.id);
          const drawn = answer.edges.some(
            (edge) => ids(from).includes(edge.from) && ids(to).includes(edge.to),
          );
          if (inside) expect(drawn).toBe(true);
        }
        expect(store.reads()).toBeLessThanOrEqual(40);
      }),
    );
  });
});

function link(from: number): ColumnLink {
  return { row: 0, traceId: `t${from}`, spanId: `t${from}/0`, type: 'merge', items: 1, heldMs: 1 };
}

function closure(start: number, next: (i: number) => readonly number[]): Set<number> {
  const seen = new Set([start]);
  for (const each of seen) for (const other of next(each)) seen.add(other);
  return seen;
}
