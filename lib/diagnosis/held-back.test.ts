import { describe, expect, it } from 'vitest';
import { candidatesOf } from './diagnosis';
import { clearsAfter } from './hysteresis';
import { picture } from './picture.testing';
import type { QueueView } from './view';

const QUEUE: QueueView = {
  node: 'exp',
  edge: 'recv:default>exp',
  part: 'traces',
  unit: 'messages',
  depth: 15,
  depthBefore: 9,
  capacity: 40,
  inFlight: 4,
  limit: 4,
  leavingPerSec: 1.5,
  serviceMs: 3_000,
  serviceBeforeMs: 10,
};

function judge(queues: readonly QueueView[], exporter = 'in=80') {
  const view = picture(`recv > exp 15/40\nexp ${exporter}`);
  return candidatesOf({ ...view, queues, reportSeconds: 2 });
}

const kinds = (queues: readonly QueueView[], exporter?: string) =>
  judge(queues, exporter).map(({ kind }) => kind);

describe('exporters of engines that do not block', () => {
  it('are named once their requests are at their limit and what waits does not leave soon', () => {
    const [found] = judge([QUEUE]);
    expect(found).toMatchObject({ kind: 'slow_destination', place: { kind: 'node', node: 'exp' } });
    expect(found?.evidence.map(({ text }) => text)).toEqual([
      'an attempt takes 3.0 s, 10 ms before',
      'the queue of traces holds 15/40, 1.5/s leave: 10 s to drain',
      '4 of 4 requests of traces are under way',
      'Lost: no loss is told',
      'Waits: 15 batches in its queues, 4 under way, not lost',
    ]);
  });

  it('are a bottleneck where the destination is no slower than before', () => {
    expect(kinds([{ ...QUEUE, serviceMs: 11 }])).toEqual(['bottleneck']);
    expect(kinds([{ ...QUEUE, serviceMs: null }])).toEqual(['bottleneck']);
  });

  it('are left alone while the queue passes on what it holds, has room to send, or held nothing before', () => {
    expect(kinds([{ ...QUEUE, leavingPerSec: 500 }])).toEqual([]);
    expect(kinds([{ ...QUEUE, inFlight: 3 }])).toEqual([]);
    expect(kinds([{ ...QUEUE, inFlight: 0, limit: null }])).toEqual([]);
    expect(kinds([{ ...QUEUE, depthBefore: 0 }])).toEqual([]);
  });

  it('fail rather than limit where most attempts do, and say what waits all the same', () => {
    const [found, ...more] = judge([{ ...QUEUE, leavingPerSec: 0 }], 'in=80 failing=100% lost=2');
    expect(more).toEqual([]);
    expect(found?.kind).toBe('failing_destination');
    expect(found?.evidence.slice(-2).map(({ text }) => text)).toEqual([
      'Lost: 2.0/s items lost',
      'Waits: 15 batches in its queues, 4 under way, not lost',
    ]);
  });

  it('are named with the core where the others have nothing to do', () => {
    const full = { ...QUEUE, part: 'core 0', inFlight: null, limit: null, depth: 32, capacity: 32 };
    const idle = { ...full, part: 'core 1', depth: 0, depthBefore: 0 };
    expect(judge([full, idle])[0]?.title).toBe('Destination of exp is slow (core 0)');
    expect(judge([full, { ...full, part: 'core 1' }])[0]?.title).toBe('Destination of exp is slow');
  });
});

describe('the seconds after which a finding clears', () => {
  it('leave three reports from the first good one, where the window lets them', () => {
    for (const report of [2, 5, 10, 30, 60]) {
      const window = Math.max(5, report);
      // The last bad report stays in the window; the good one came a report after it; rounds are a second apart.
      expect(window + clearsAfter(report) + 1).toBeLessThanOrEqual(4 * report);
    }
  });

  it('are as many as ever for a source that reports many times a second', () => {
    expect(clearsAfter(0.25)).toBe(8);
  });
});
