/** Where in time the store still has traces: what a timeline shades. */
import type { Coverage } from './span-store';
import type { StoreState } from './store-state';
import { inChunk, TRACE_FLAG } from './trace-table';

export const MAX_BUCKETS = 1_000;

/** Traces looked at before other work may run. */
const SLOTS_A_SLICE = 16_384;

export async function coverageOf(
  state: StoreState,
  from: bigint,
  to: bigint,
  buckets: number,
  pause: () => Promise<void>,
): Promise<Coverage> {
  const count = Math.max(1, Math.min(Math.floor(buckets), MAX_BUCKETS));
  const traces = new Array<number>(count).fill(0);
  const kept = new Array<number>(count).fill(0);
  const begin = Number(from - state.epoch);
  const width = Number(to - from) / count;
  const { extent } = state.traces;
  for (let slot = 0; slot < extent && width > 0; slot++) {
    if (slot % SLOTS_A_SLICE === SLOTS_A_SLICE - 1) await pause();
    const chunk = state.traces.chunk(slot);
    const i = inChunk(slot);
    const flags = chunk.flags(i);
    if ((flags & TRACE_FLAG.live) === 0 || chunk.spans(i) === 0) continue;
    const bucket = Math.floor((chunk.start(i) - begin) / width);
    if (bucket < 0 || bucket >= count) continue;
    traces[bucket] = (traces[bucket] as number) + 1;
    if ((flags & TRACE_FLAG.kept) !== 0) kept[bucket] = (kept[bucket] as number) + 1;
  }
  return { fromUnixNano: from, toUnixNano: to, traces, kept };
}
