/**
 * Bytes that recording allocates, by V8's own counters, in a process of its own: heap growth over ten million spans and
 * the number of scavenges. Run with `--expose-gc`; prints one line of JSON.
 */
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { UNTRACED } from '@/engine/core/pdata';
import { createScratchPipeline, HOPS_A_TRACE } from '@/engine/telemetry/scratch-pipeline';
import { createSystemClock } from '@/lib/base/system-clock';
import { compilePolicies } from '@/lib/sampling/compile';
import { DEFAULT_TAIL_SAMPLING } from '@/lib/sampling/config';

const spans = Number(process.argv[2] ?? 10_000_000);
const mode = process.argv[3] === 'tail' ? 'tail' : process.argv[3] === 'author' ? 'author' : 'full';
const TRACES_A_TURN = 64;
const WARM_TURNS = 10_000;
const WARM_ROUNDS = 5;

const pipeline = createScratchPipeline({
  clock: createSystemClock(),
  seed: 1,
  rows: 65_536,
  policies: compilePolicies(DEFAULT_TAIL_SAMPLING),
});
pipeline.setMode(mode === 'author' ? 'full' : mode);
/** Collections by kind, and when each began. */
const collections: { readonly kind: string; readonly at: number }[] = [];
const KINDS: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'scavenge',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak callbacks',
};
const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const { kind } = (entry as unknown as { readonly detail: { readonly kind: number } }).detail;
    collections.push({ kind: KINDS[kind] ?? String(kind), at: entry.startTime });
  }
});
observer.observe({ entryTypes: ['gc'] });

const { recorder } = pipeline;
/** What a node author's calls cost: the handle, an attribute and an event. */
const author = () => {
  const row = pipeline.open();
  if (row === UNTRACED) return;
  const span = recorder.spanOf(row);
  span.setAttribute('tenant', 'a');
  span.addEvent('looked_up', { hit: true });
};
const nothing = () => undefined;
const work = mode === 'author' ? author : nothing;
const turn = () => {
  pipeline.run(TRACES_A_TURN, work);
  pipeline.drain();
};
/** Many short calls of one function: a long loop would be compiled anew while it is being measured. */
const CHUNK = 100;
const chunk = () => {
  for (let i = 0; i < CHUNK; i++) turn();
};
const chunks = Math.ceil(spans / (CHUNK * TRACES_A_TURN * HOPS_A_TRACE));
const measured = (count: number) => {
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < count; i++) chunk();
  return process.memoryUsage().heapUsed - before;
};
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
for (let round = 0; round < WARM_ROUNDS; round++) {
  measured(WARM_TURNS / CHUNK);
  // Code that was compiled beside this is put in place now, rather than later.
  await pause();
}
const collect = (globalThis as { gc?: () => void }).gc;
for (let i = 0; i < 3; i++) collect?.();
await pause();
// The first reading after a collection allocates more than the next.
measured(0);
/** Of two readings with nothing in between. */
const reading = measured(0);
const from = performance.now();
const growth = measured(chunks);
const to = performance.now();
await pause();
observer.disconnect();
const during = collections.filter(({ at }) => at >= from && at <= to).map(({ kind }) => kind);
const scavenges = during.filter((kind) => kind === 'scavenge').length;
console.log(
  JSON.stringify({
    spans: chunks * CHUNK * TRACES_A_TURN * HOPS_A_TRACE,
    growth,
    reading,
    scavenges,
    others: during.length - scavenges,
  }),
);
