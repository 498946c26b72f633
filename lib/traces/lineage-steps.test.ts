import { describe, expect, it } from 'vitest';
import { lineage } from './lineage';
import { lineageStep } from './lineage-steps';
import { memoryTraces } from './testing/memory-traces';
import { traceFromPicture } from './testing/trace-picture';
import { createTraceReader } from './trace-reader';

const traces = [
  traceFromPicture('a', `recv b1 |WW| items=20`),
  traceFromPicture('b', `recv b2 |WW| items=64`),
  traceFromPicture(
    'm',
    `batch m |WW  | link=merge:a/0:20:9 link=merge:b/0:64:4 link=merge:m/0:1:1\n  x m.0 | WW | items=84`,
  ),
];

describe('steps through a journey', () => {
  it('go back to the contributor that gave most, on to what was made of it, and to the batches beside it', async () => {
    const graph = await lineage(createTraceReader(memoryTraces(traces)), 'm');
    expect(lineageStep(graph, 'm', 'back')).toBe('b2');
    expect(lineageStep(graph, 'b2', 'on')).toBe('m');
    expect(lineageStep(graph, 'm', 'on')).toBe('m.0');
    expect([lineageStep(graph, 'b2', 'up'), lineageStep(graph, 'b1', 'down')]).toEqual(['b1', 'b2']);
  });

  it('stay where nothing leads on, and on a batch that was made of itself', async () => {
    const graph = await lineage(createTraceReader(memoryTraces(traces)), 'm');
    expect(lineageStep(graph, 'b1', 'back')).toBe('b1');
    const self = {
      batches: graph.batches,
      edges: [{ from: 'm', to: 'm', type: 'merge', items: 1, heldMs: 1 }],
    };
    expect(lineageStep(self, 'm', 'back')).toBe('m');
  });
});
