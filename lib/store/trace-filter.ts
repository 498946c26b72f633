/** A query made ready for many traces: what can be told from a trace's own columns, and marks for the rest. */
import type { TraceQuery } from '@/lib/model/trace-query';
import { markControl, markNodes, markText } from './marks';
import type { StoreState } from './store-state';
import { signalOf } from './trace-summary';
import { inChunk, TRACE_FLAG } from './trace-table';

export interface TraceFilter {
  readonly matches: (slot: number) => boolean;
}

const NS_PER_MS = 1e6;

export async function prepareFilter(
  state: StoreState,
  query: TraceQuery,
  pause: () => Promise<void>,
): Promise<TraceFilter> {
  const marks: Uint8Array[] = [];
  if (query.node && query.node.length > 0) marks.push(await markNodes(state, query.node, pause));
  if (query.control !== undefined && query.control !== '')
    marks.push(await markControl(state, query.control, pause));
  const text = query.q?.trim() ?? '';
  if (text !== '') marks.push(await markText(state, text, pause));

  const engine = query.engine === undefined ? null : state.engines.find(query.engine);
  const signals =
    query.signal && query.signal.length > 0
      ? new Set(query.signal.map((signal) => state.signals.find(signal)))
      : null;
  const policy = query.policy ? state.policies.find(query.policy) : null;
  const from = query.fromUnixNano === undefined ? Number.NEGATIVE_INFINITY : after(state, query.fromUnixNano);
  const to = query.toUnixNano === undefined ? Number.POSITIVE_INFINITY : after(state, query.toUnixNano);
  const min = (query.minDurationMs ?? Number.NEGATIVE_INFINITY) * NS_PER_MS;
  const max = (query.maxDurationMs ?? Number.POSITIVE_INFINITY) * NS_PER_MS;
  const error = query.status === undefined ? -1 : query.status === 'error' ? TRACE_FLAG.error : 0;

  const matches = (slot: number): boolean => {
    const chunk = state.traces.chunk(slot);
    const i = inChunk(slot);
    const flags = chunk.flags[i] as number;
    if ((flags & TRACE_FLAG.live) === 0 || chunk.spans[i] === 0) return false;
    const start = chunk.start[i] as number;
    if (start < from || start > to) return false;
    if (error >= 0 && (flags & TRACE_FLAG.error) !== error) return false;
    if (engine !== null && chunk.engine[i] !== engine) return false;
    const duration = (chunk.end[i] as number) - start;
    if (duration < min || duration > max) return false;
    if (policy !== null && chunk.policy[i] !== policy) return false;
    for (let m = 0; m < marks.length; m++) if ((marks[m] as Uint8Array)[slot] !== 1) return false;
    return signals === null || signals.has(signalOf(state, slot));
  };
  return { matches };
}

function after(state: StoreState, unixNano: bigint): number {
  return Number(unixNano - state.epoch);
}
