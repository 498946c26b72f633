/** A trace as one row of the list, from the trace's columns and its root's row. */
import type { TraceSummary } from '@/lib/model/trace-query';
import { bigOf } from './append-spans';
import { batchOf, nameOf, nodeOf, statusMessageOf } from './row-texts';
import { eachRow, isSpanRow } from './rows';
import { NO_ITEMS, NO_ROW } from './segment';
import { indexOf, type StoreState, segmentOf } from './store-state';
import { traceIdOf } from './trace-ids';
import { inChunk, TRACE_FLAG } from './trace-table';

const NS_PER_MS = 1e6;

export function summaryOf(state: StoreState, slot: number): TraceSummary {
  const chunk = state.traces.chunk(slot);
  const i = inChunk(slot);
  const flags = chunk.flags(i);
  const rootRow = chunk.root(i);
  const root = segmentOf(state, rootRow);
  const k = indexOf(state, rootRow);
  const items = root.items(k);
  const policy = chunk.policy(i);
  const cut = state.cut.get(slot);
  return {
    traceId: traceIdOf(state, slot),
    engine: state.engines.id(chunk.engine(i)),
    batchId: batchOf(root, k),
    rootName: nameOf(state, root, k),
    startUnixNano: String(unixNano(state, chunk.start(i))),
    durationMs: (chunk.end(i) - chunk.start(i)) / NS_PER_MS,
    waitMs: chunk.wait(i),
    workMs: chunk.work(i),
    blockedMs: chunk.blocked(i),
    spanCount: chunk.spans(i),
    nodeIds: nodeIdsOf(state, slot),
    signal: state.signals.text(chunk.signal(i)),
    status: (flags & TRACE_FLAG.error) !== 0 ? 'error' : 'ok',
    statusMessage: errorMessageOf(state, chunk.error(i)),
    items: items === NO_ITEMS ? null : items,
    policy: policy === 0 ? null : state.policies.text(policy),
    linked: (flags & TRACE_FLAG.linked) !== 0,
    rootMissing: (flags & TRACE_FLAG.root) === 0,
    ...(cut === undefined ? {} : { cutSpans: cut }),
  };
}

export function unixNano(state: StoreState, afterEpochNs: number): bigint {
  return state.epoch + BigInt(Math.round(afterEpochNs));
}

/** In order of the first span, each once. */
function nodeIdsOf(state: StoreState, slot: number): string[] {
  const big = bigOf(state, slot);
  if (big !== undefined) {
    const entries = [...big.nodes].sort(([, a], [, b]) => a.start - b.start || a.order - b.order);
    return entries.map(([code]) => state.nodes.text(code)).filter((text) => text !== '');
  }
  const seen: { readonly node: string; readonly start: number }[] = [];
  eachRow(state, slot, (segment, k) => {
    const node = isSpanRow(segment, k) ? nodeOf(state, segment, k) : '';
    if (node !== '') seen.push({ node, start: segment.start(k) });
  });
  seen.sort((a, b) => a.start - b.start);
  return [...new Set(seen.map(({ node }) => node))];
}

function errorMessageOf(state: StoreState, row: number): string {
  return row === NO_ROW ? '' : statusMessageOf(segmentOf(state, row), indexOf(state, row));
}
