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
  const { nodeIds, items } = contentsOf(state, slot);
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
    nodeIds,
    signal: state.signals.text(chunk.signal(i)),
    status: (flags & TRACE_FLAG.error) !== 0 ? 'error' : 'ok',
    statusMessage: errorMessageOf(state, chunk.error(i)),
    items: root.items(k) === NO_ITEMS ? items : root.items(k),
    policy: policy === 0 ? null : state.policies.text(policy),
    linked: (flags & TRACE_FLAG.linked) !== 0,
    rootMissing: (flags & TRACE_FLAG.root) === 0,
    ...(cut === undefined ? {} : { cutSpans: cut }),
  };
}

export function unixNano(state: StoreState, afterEpochNs: number): bigint {
  return state.epoch + BigInt(Math.round(afterEpochNs));
}

interface Contents {
  /** In order of the first span, each once. */
  readonly nodeIds: string[];
  /** Of the first span that tells them; null where the trace is too big to look. */
  readonly items: number | null;
}

function contentsOf(state: StoreState, slot: number): Contents {
  const big = bigOf(state, slot);
  if (big !== undefined) {
    const entries = [...big.nodes].sort(([, a], [, b]) => a.start - b.start || a.order - b.order);
    return {
      nodeIds: entries.map(([code]) => state.nodes.text(code)).filter((text) => text !== ''),
      items: null,
    };
  }
  const seen: { readonly node: string; readonly start: number }[] = [];
  let items: number | null = null;
  let toldAt = Number.POSITIVE_INFINITY;
  eachRow(state, slot, (segment, k) => {
    if (!isSpanRow(segment, k)) return;
    const start = segment.start(k);
    const node = nodeOf(state, segment, k);
    if (node !== '') seen.push({ node, start });
    if (segment.items(k) === NO_ITEMS || start >= toldAt) return;
    items = segment.items(k);
    toldAt = start;
  });
  seen.sort((a, b) => a.start - b.start);
  return { nodeIds: [...new Set(seen.map(({ node }) => node))], items };
}

function errorMessageOf(state: StoreState, row: number): string {
  return row === NO_ROW ? '' : statusMessageOf(segmentOf(state, row), indexOf(state, row));
}
