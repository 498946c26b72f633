/**
 * The list of traces: one pass over the trace columns counts what matches and keeps the best `limit` in a heap, in
 * slices, so that other work runs in between. The order is total (ties by trace id), so pages neither overlap nor skip.
 */
import type { TracePage, TraceQuery } from '@/lib/model/trace-query';
import type { StoreState } from './store-state';
import { prepareFilter } from './trace-filter';
import { traceIdOf, traceWords } from './trace-ids';
import { summaryOf } from './trace-summary';
import { inChunk } from './trace-table';

const SLOTS_A_SLICE = 8_192;
/** Summaries made before other work may run. */
const SUMMARIES_A_SLICE = 25;
export const MAX_PAGE = 1_000;

interface Place {
  /** Ascending is the order of the page. */
  readonly key: number;
  readonly traceId: string;
}

interface Found extends Place {
  readonly slot: number;
}

export async function listTraces(
  state: StoreState,
  query: TraceQuery,
  pause: () => Promise<void>,
): Promise<TracePage> {
  const { matches } = await prepareFilter(state, query, pause);
  const limit = Math.max(1, Math.min(query.limit, MAX_PAGE));
  const keyOf = sortKey(state, query.sort);
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor);
  const heap = new PageHeap(limit + 1);
  let total = 0;
  const { extent } = state.traces;
  // What came last has the highest slots, by and large: with the best first, few of the others get into the heap.
  const last = query.sort === '-start' ? extent - 1 : 0;
  const step = query.sort === '-start' ? -1 : 1;
  for (let count = 0, slot = last; count < extent; count++, slot += step) {
    if (count % SLOTS_A_SLICE === SLOTS_A_SLICE - 1) await pause();
    if (!matches(slot)) continue;
    total++;
    const key = keyOf(slot);
    if (after !== null && key < after.key) continue;
    if (!heap.wants(key)) continue;
    const found = { key, slot, traceId: traceIdOf(state, slot) };
    if (after === null || compare(found, after) > 0) heap.offer(found);
  }
  const best = heap.sorted();
  const page = best.slice(0, limit);
  const end = page[page.length - 1];
  const traces: TracePage['traces'][number][] = [];
  for (const found of page) {
    if (traces.length % SUMMARIES_A_SLICE === SUMMARIES_A_SLICE - 1) await pause();
    // What left while others ran is not there any more.
    if (state.traces.isLive(found.slot) && traceIdOf(state, found.slot) === found.traceId)
      traces.push(summaryOf(state, found.slot));
  }
  return { traces, total, nextCursor: best.length > limit && end ? encodeCursor(end) : null };
}

export function isCursor(cursor: string): boolean {
  return decodeCursor(cursor) !== null;
}

function sortKey(state: StoreState, sort: TraceQuery['sort']): (slot: number) => number {
  const sign = sort.startsWith('-') ? -1 : 1;
  if (sort === 'start' || sort === '-start')
    return (slot) => sign * state.traces.chunk(slot).start(inChunk(slot));
  return (slot) => {
    const chunk = state.traces.chunk(slot);
    const i = inChunk(slot);
    return sign * (chunk.end(i) - chunk.start(i));
  };
}

function compare(a: Place, b: Place): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.traceId < b.traceId ? -1 : a.traceId > b.traceId ? 1 : 0;
}

function encodeCursor({ key, traceId }: Place): string {
  return `${key}_${traceId}`;
}

function decodeCursor(cursor: string): Place | null {
  const split = cursor.lastIndexOf('_');
  const key = Number(cursor.slice(0, Math.max(0, split)));
  const traceId = cursor.slice(split + 1);
  if (split <= 0 || !Number.isFinite(key) || traceWords(traceId) === null) return null;
  return { key, traceId: traceId.toLowerCase() };
}

/** The best few of many: a binary heap with the worst on top. */
class PageHeap {
  readonly #items: Found[] = [];

  constructor(private readonly size: number) {}

  /** Whether a key could still get in. */
  wants(key: number): boolean {
    const worst = this.#items[0];
    return this.#items.length < this.size || worst === undefined || key <= worst.key;
  }

  offer(item: Found): void {
    const items = this.#items;
    if (items.length < this.size) {
      items.push(item);
      this.#up(items.length - 1);
    } else if (compare(item, items[0] as Found) < 0) {
      items[0] = item;
      this.#down(0);
    }
  }

  sorted(): Found[] {
    return [...this.#items].sort(compare);
  }

  #up(from: number): void {
    const items = this.#items;
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (compare(items[at] as Found, items[parent] as Found) <= 0) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #down(from: number): void {
    const items = this.#items;
    for (let at = from; ; ) {
      let largest = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < items.length && compare(items[child] as Found, items[largest] as Found) > 0)
          largest = child;
      }
      if (largest === at) return;
      this.#swap(at, largest);
      at = largest;
    }
  }

  #swap(a: number, b: number): void {
    const held = this.#items[a] as Found;
    this.#items[a] = this.#items[b] as Found;
    this.#items[b] = held;
  }
}
