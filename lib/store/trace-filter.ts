/** A query made ready for many traces: what can be told from a trace's own words, and marks for the rest. */
import type { TraceQuery } from '@/lib/model/trace-query';
import { bigOf } from './append-spans';
import { markControl, markText } from './marks';
import { nodeOf } from './row-texts';
import { eachRow, isSpanRow } from './rows';
import type { StoreState } from './store-state';
import { OVERFLOW_CODE } from './string-table';
import { inChunk, TRACE_FLAG } from './trace-table';

export interface TraceFilter {
  readonly matches: (slot: number) => boolean;
}

const NS_PER_MS = 1e6;
/** Codes below this have a bit of a trace's node bits for themselves. */
const EXACT_CODES = 63;

export async function prepareFilter(
  state: StoreState,
  query: TraceQuery,
  pause: () => Promise<void>,
): Promise<TraceFilter> {
  const marks: Uint8Array[] = [];
  if (query.control !== undefined && query.control !== '')
    marks.push(await markControl(state, query.control, pause));
  const text = query.q?.trim() ?? '';
  if (text !== '') marks.push(await markText(state, text, pause));
  const nodes = query.node && query.node.length > 0 ? nodeFilter(state, query.node) : null;

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
    const flags = chunk.flags(i);
    if ((flags & TRACE_FLAG.live) === 0 || chunk.spans(i) === 0) return false;
    if (error >= 0 && (flags & TRACE_FLAG.error) !== error) return false;
    const start = chunk.start(i);
    if (start < from || start > to) return false;
    if (engine !== null && chunk.engine(i) !== engine) return false;
    const duration = chunk.end(i) - start;
    if (duration < min || duration > max) return false;
    if (policy !== null && chunk.policy(i) !== policy) return false;
    for (let m = 0; m < marks.length; m++) if ((marks[m] as Uint8Array)[slot] !== 1) return false;
    if (signals !== null && !signals.has(chunk.signal(i))) return false;
    return nodes === null || nodes(slot);
  };
  return { matches };
}

/**
 * Whether a trace has a span in one of these nodes: its node bits rule most traces out, and settle it while there are
 * few nodes; else its rows are looked at.
 */
function nodeFilter(state: StoreState, nodes: readonly string[]): (slot: number) => boolean {
  const wanted = new Set(nodes);
  const codes = new Set(nodes.map((node) => state.nodes.find(node)).filter((code) => code > 0));
  const { extent } = state.nodes;
  const bits = [0, 0];
  const add = (code: number) => {
    const half = (code >>> 5) & 1;
    bits[half] = (bits[half] as number) | (1 << (code & 31));
  };
  for (const code of codes) add(code);
  // A table that was full once may have left a node's name in the spans alone.
  if (extent >= OVERFLOW_CODE - 1) add(OVERFLOW_CODE);
  const [low = 0, high = 0] = bits;
  const exact = extent <= EXACT_CODES;
  return (slot) => {
    const chunk = state.traces.chunk(slot);
    const i = inChunk(slot);
    if (((chunk.nodesLow(i) & low) | (chunk.nodesHigh(i) & high)) === 0) return false;
    return exact || runsIn(state, slot, codes, wanted);
  };
}

function runsIn(
  state: StoreState,
  slot: number,
  codes: ReadonlySet<number>,
  wanted: ReadonlySet<string>,
): boolean {
  const big = bigOf(state, slot);
  if (big !== undefined && !big.nodes.has(OVERFLOW_CODE)) {
    for (const code of codes) if (big.nodes.has(code)) return true;
    return false;
  }
  let found = false;
  eachRow(state, slot, (segment, k) => {
    if (found || !isSpanRow(segment, k)) return;
    const code = segment.node(k);
    found = codes.has(code) || (code === OVERFLOW_CODE && wanted.has(nodeOf(state, segment, k)));
  });
  return found;
}

function after(state: StoreState, unixNano: bigint): number {
  return Number(unixNano - state.epoch);
}
