import { describe, expect, it } from 'vitest';
import { nodeTimes } from './node-times';
import { pathBaseline, pathFigures } from './path-baseline';
import { traceFromPicture } from './testing/trace-picture';
import { travelledPath } from './travelled-path';

const columns = traceFromPicture('t', `recv b |WB----------|\n  exp b | ......WWW |`);
const quiet = { p50Ms: 1, p99Ms: 2, blockedRatio: 0, concurrency: 1 };
const map = {
  nodes: [
    { id: 'recv', component: 'recv', stats: { ...quiet, blockedRatio: 0.2 } },
    { id: 'exp', component: 'exp', stats: { ...quiet, p99Ms: 8 } },
  ],
  edges: [
    {
      from: 'recv',
      to: 'exp',
      stats: { waitP50Ms: 1, waitP99Ms: 4, ratePerSec: 50, rateUnit: 'messages' as const },
    },
  ],
};

describe('a trace against its path', () => {
  it('is slow where it took longer than 99 of 100 did, by the metrics', () => {
    const [recv, exp] = pathBaseline(nodeTimes(columns), map);
    expect(recv).toMatchObject({ waitP50Ms: null, workP50Ms: 1, slow: [] });
    expect(exp).toMatchObject({ waitMs: 6, waitP99Ms: 4, workMs: 3, workP99Ms: 8, slow: ['waiting'] });
  });

  it('has its blocked time beside the mean: a fifth of each second over 50 batches is 4 ms each', () => {
    expect(pathBaseline(nodeTimes(columns), map)[0]).toMatchObject({ blockedMs: 1, blockedMeanMs: 4 });
  });

  it('knows nothing of a node that no metric told of', () => {
    const [recv] = pathBaseline(nodeTimes(columns), { nodes: [], edges: [] });
    expect(recv).toMatchObject({ workP50Ms: null, blockedMeanMs: null, slow: [] });
  });

  it('belongs to the paths that go on as it did', () => {
    const series = [
      { id: 'recv>exp', split: 'p50', values: [null, 3, null] },
      { id: 'recv>exp', split: 'p99', values: [9] },
      { id: 'recv>other', split: 'p50', values: [1] },
      { id: 'before>recv>exp', split: 'p50', values: [5] },
    ];
    expect(pathFigures(travelledPath(columns), series)).toEqual([
      { path: 'recv>exp', p50Ms: 3, p95Ms: null, p99Ms: 9 },
      { path: 'before>recv>exp', p50Ms: 5, p95Ms: null, p99Ms: null },
    ]);
  });
});
