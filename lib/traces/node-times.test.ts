import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addNodeTimes, nodeTimes } from './node-times';
import { summaryText } from './summary-text';
import { drawnAnswer } from './testing/drawn-answer';
import { columnsOf, randomSpans } from './testing/random-trace';
import { traceFromPicture } from './testing/trace-picture';
import { traceOverview } from './trace-overview';
import { travelledPath } from './travelled-path';

const columns = traceFromPicture(
  't',
  `
  recv b1   |WWB---------| items=4
    copy b1 |   ..WB     | items=4
      x b11 |      ...WW | err items=4
      x b12 |      .W    | items=4`,
);

describe('what each node did', () => {
  it('is summed over its spans, in order of first span', () => {
    const times = nodeTimes(columns);
    expect(times.map((node) => node.node)).toEqual(['recv', 'copy', 'x']);
    expect(times[2]).toMatchObject({ spans: 2, errors: 1, items: 8, waitMs: 4, workMs: 3, maxMs: 2 });
    expect(times[0]).toMatchObject({ workMs: 2, blockedMs: 1, outcomeWaitMs: 9 });
  });

  it('adds up over the traces of a journey', () => {
    const twice = addNodeTimes([nodeTimes(columns), nodeTimes(columns)]);
    expect(twice.map((node) => node.workMs)).toEqual([4, 2, 6]);
  });

  it('counts nested work once: own time and that of children make the whole', () => {
    const nested = traceFromPicture('n', `a - |WWWWWWWWWW|\n  b - | WWWW     |\n  c - |   WWWW   |`);
    expect(nodeTimes(nested).find((node) => node.node === 'a')?.selfMs).toBe(4);
  });

  it('keeps every span and every error, whatever the tree', () => {
    fc.assert(
      fc.property(randomSpans, (spans) => {
        const times = nodeTimes(columnsOf('t', spans));
        expect(times.reduce((sum, node) => sum + node.spans, 0)).toBe(spans.length);
        for (const node of times) expect(node.selfMs).toBeLessThanOrEqual(node.workMs + 1e-9);
      }),
    );
  });
});

describe('the travelled path', () => {
  it('has each node and each hop once', () => {
    const path = travelledPath(columns);
    expect(path.nodes.map((node) => [node.id, node.spans, node.errors])).toEqual([
      ['recv', 1, 0],
      ['copy', 1, 0],
      ['x', 2, 1],
    ]);
    expect(path.hops).toEqual([
      { from: 'recv', to: 'copy', spans: 1, errors: 0, waitMs: 2 },
      { from: 'copy', to: 'x', spans: 2, errors: 1, waitMs: 3 },
    ]);
  });
});

describe('the overview', () => {
  it('draws each time of each span while there are few', () => {
    const overview = traceOverview(columns);
    expect([overview.lanes, overview.endMs, overview.lane.length]).toEqual([4, 12, 10]);
  });

  it('is bounded for a trace of any size', () => {
    const many = columnsOf(
      't',
      Array.from({ length: 5_000 }, (_, i) => ({
        parent: i === 0 ? -1 : 0,
        start: i,
        duration: 2,
        node: 0,
        batch: 0,
        outcome: 1,
      })),
    );
    expect(traceOverview(many).lanes).toBe(150);
    expect(traceOverview(many).lane.length).toBeLessThanOrEqual(600);
  });
});

describe('the summary', () => {
  it('says what happened in a few lines', () => {
    expect(summaryText(drawnAnswer(columns), 'http://weir/traces/t')).toBe(
      [
        'Batch b1: failed after 12 ms',
        '  time      waiting 43 %, working 43 %, blocked 14 %, held 0 %',
        '  path      recv > copy > x',
        '  spans     4 in 3 nodes',
        '  slowest   x: waiting 4 ms, working 3 ms',
        '  trace     t',
        '  http://weir/traces/t',
      ].join('\n'),
    );
  });
});
