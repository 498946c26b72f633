import { describe, expect, it } from 'vitest';
import { memoryTraces } from './testing/memory-traces';
import { traceFromPicture } from './testing/trace-picture';
import { createTraceReader } from './trace-reader';

const [a, b, c] = ['a', 'b', 'c'].map((id) => traceFromPicture(id, 'recv x |WW|\n  exp x |  W|'));
const traces = [a, b, c].flatMap((each) => each ?? []);

describe('a reader of traces', () => {
  it('works a trace out once for each state of it, also for those who ask meanwhile', async () => {
    const store = memoryTraces(traces);
    let revision = 1;
    const reader = createTraceReader({ ...store, traceRevision: async () => revision });
    const [first, second] = await Promise.all([reader.read('a'), reader.read('a')]);
    expect(first).toBe(second);
    expect(await reader.read('a')).toBe(first);
    expect(store.reads()).toBe(1);
    revision++;
    expect(await reader.read('a')).not.toBe(first);
    expect(store.reads()).toBe(2);
  });

  it('lets go of the one read longest ago where all would be too many spans', async () => {
    const store = memoryTraces(traces);
    const reader = createTraceReader(store, { maxSpans: 4 });
    await reader.read('a');
    await reader.read('b');
    await reader.read('a');
    await reader.read('c');
    expect(store.reads()).toBe(3);
    await reader.read('a');
    expect(store.reads()).toBe(3);
    await reader.read('b');
    expect(store.reads()).toBe(4);
  });

  it('keeps nothing of what is not held, and lets others run while it works', async () => {
    let pauses = 0;
    const store = memoryTraces(traces, ['gone']);
    const reader = createTraceReader(store, {
      pause: async () => {
        pauses++;
      },
    });
    expect(await reader.read('gone')).toBeNull();
    await reader.read('a');
    expect(pauses).toBeGreaterThan(0);
  });
});
