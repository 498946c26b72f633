/**
 * Bytes that recording allocates, by V8's own counters, in a process of its own: heap growth over ten million spans and
 * the number of scavenges. Run with `--expose-gc`; prints one line of JSON.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { createScratchPipeline, HOPS_A_TRACE } from '@/engine/telemetry/scratch-pipeline';
import { createSystemClock } from '@/lib/base/system-clock';
import { compilePolicies } from '@/lib/sampling/compile';
import { DEFAULT_TAIL_SAMPLING } from '@/lib/sampling/config';

const spans = Number(process.argv[2] ?? 10_000_000);
const mode = process.argv[3] === 'tail' ? 'tail' : process.argv[3] === 'author' ? 'author' : 'full';
const TRACES_A_TURN = 64;

const pipeline = createScratchPipeline({
  clock: createSystemClock(),
  seed: 1,
  rows: 65_536,
  policies: compilePolicies(DEFAULT_TAIL_SAMPLING),
});
pipeline.setMode(mode === 'author' ? 'full' : mode);
let collections = 0;
const observer = new PerformanceObserver((list) => {
  collections += list.getEntries().length;
});
observer.observe({ entryTypes: ['gc'] });

const { recorder } = pipeline;
/** What a node author's calls cost: the handle, an attribute and an event. */
const author = () => {
  const span = recorder.spanOf(recorder.traces.ints[(recorder.traces.mask & 1) * 16 + 4] as number);
  span.setAttribute('tenant', 'a');
  span.addEvent('looked_up', { hit: true });
};
const nothing = () => undefined;
const work = mode === 'author' ? author : nothing;
const turn = () => {
  pipeline.run(TRACES_A_TURN, work);
  pipeline.drain();
};
const turns = Math.ceil(spans / (TRACES_A_TURN * HOPS_A_TRACE));
for (let i = 0; i < Math.min(20_000, turns); i++) turn();
const collect = (globalThis as { gc?: () => void }).gc;
for (let i = 0; i < 3; i++) collect?.();
await new Promise((resolve) => setTimeout(resolve, 50));
collections = 0;
const before = process.memoryUsage().heapUsed;
for (let i = 0; i < turns; i++) turn();
const growth = process.memoryUsage().heapUsed - before;
await new Promise((resolve) => setTimeout(resolve, 50));
observer.disconnect();
console.log(JSON.stringify({ spans: turns * TRACES_A_TURN * HOPS_A_TRACE, growth, collections }));
