/** What the live list needs: the traces that changed since it last asked, each once, newest change first. */
import type { ChangedTraces } from './span-store';
import type { StoreState } from './store-state';
import { summaryOf } from './trace-summary';
import { inChunk, NO_SLOT } from './trace-table';

/** Changed traces that are counted; `more` stops there, since nobody reads on. */
const MOST_COUNTED = 20_000;

export function changedSince(
  state: StoreState,
  mark: number,
  limit: number,
  engine: string | null,
): ChangedTraces {
  const { changes, engines } = state;
  const code = engine === null ? null : engines.find(engine);
  const traces: ChangedTraces['traces'][number][] = [];
  let counted = 0;
  for (let slot = changes.newest; slot !== NO_SLOT && counted < MOST_COUNTED; slot = changes.older(slot)) {
    const chunk = state.traces.chunk(slot);
    const i = inChunk(slot);
    if (chunk.changed(i) <= mark) break;
    if (code !== null && chunk.engine(i) !== code) continue;
    counted++;
    if (traces.length < limit) traces.push(summaryOf(state, slot));
  }
  const total = code === null ? state.liveTraces : (engines.traces[code] ?? 0);
  return { traces, more: counted - traces.length, total, mark: changes.sequence };
}
