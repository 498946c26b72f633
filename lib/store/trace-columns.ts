/** The spans of one trace as columns by start, from the store's columns; links and rare times from the wire. */
import { ATTR } from '@/lib/semconv/attributes';
import { numberOf, plainAttributes } from './attributes';
import { decodeRow, linkType } from './links';
import { batchOf, nameOf, nodeOf } from './row-texts';
import { FLAG, NO_ITEMS, type Segment } from './segment';
import { rowsByStart } from './sort-rows';
import type { ColumnLink, SpanColumns } from './span-columns';
import { heldOf } from './span-detail';
import { SpanPlaces } from './span-places';
import type { StoreState } from './store-state';
import { indexOf, segmentOf } from './store-state';
import { OVERFLOW_CODE } from './string-table';
import { traceIdOf } from './trace-ids';
import { unixNano } from './trace-summary';
import { inChunk } from './trace-table';

const NS_PER_MS = 1e6;
const ROOT = -1;
const ORPHAN = -2;
/** Rows after which other work may run. */
const ROWS_A_SLICE = 4_096;

/** `null` where the trace left while this waited for others. */
export async function traceColumns(
  state: StoreState,
  slot: number,
  pause: () => Promise<void>,
): Promise<SpanColumns | null> {
  const traceId = traceIdOf(state, slot);
  const rows = await rowsByStart(state, slot, pause);
  if (rows === null) return null;
  const length = rows.length;
  const origin = originOf(state, rows);
  const columns = emptyColumns(traceId, unixNano(state, origin), length);
  const places = new SpanPlaces(length);
  const nodes = new Interned();
  const names = new Interned();
  const batches = new Interned();
  const links: ColumnLink[] = [];
  let before: RowPlace | null = null;
  for (let at = 0; at < length; at++) {
    if (at % ROWS_A_SLICE === ROWS_A_SLICE - 1) {
      await pause();
      if (!stillThere(state, slot, traceId, rows[at] as number)) return null;
    }
    const segment = segmentOf(state, rows[at] as number);
    const k = indexOf(state, rows[at] as number);
    places.add(segment.spanHigh(k), segment.spanLow(k));
    columns.startNs[at] = segment.start(k) - origin;
    columns.endNs[at] = segment.start(k) - origin + segment.duration(k);
    columns.waitMs[at] = segment.wait(k);
    columns.workMs[at] = segment.work(k);
    columns.blockedMs[at] = segment.blocked(k);
    const items = segment.items(k);
    columns.items[at] = items === NO_ITEMS ? Number.NaN : items;
    columns.status[at] = segment.flags(k) & FLAG.statusMask;
    columns.node[at] = nodes.of(segment.node(k), () => nodeOf(state, segment, k));
    columns.name[at] = names.of(segment.name(k), () => nameOf(state, segment, k));
    columns.batch[at] = sameBatch(segment, k, before)
      ? (columns.batch[at - 1] as number)
      : batches.code(batchOf(segment, k));
    before = { segment, k };
    rareColumns(segment, k, at, columns, links);
  }
  if (!(await parents(state, slot, traceId, rows, places, columns.parent, pause))) return null;
  return {
    ...columns,
    spanIds: places,
    nodes: nodes.texts,
    names: names.texts,
    batches: batches.texts,
    links,
  };
}

type FixedColumns = Omit<SpanColumns, 'spanIds' | 'nodes' | 'names' | 'batches' | 'links'>;

function emptyColumns(traceId: string, originUnixNano: bigint, length: number): FixedColumns {
  const numbers = () => new Float64Array(length).fill(Number.NaN);
  return {
    traceId,
    originUnixNano,
    length,
    parent: new Int32Array(length),
    startNs: numbers(),
    endNs: numbers(),
    waitMs: numbers(),
    workMs: numbers(),
    blockedMs: numbers(),
    outcomeWaitMs: numbers(),
    heldMs: numbers(),
    items: numbers(),
    status: new Uint8Array(length),
    node: new Uint32Array(length),
    name: new Uint32Array(length),
    batch: new Uint32Array(length),
  };
}

/** Earliest moment, waits in the input channel included. */
function originOf(state: StoreState, rows: Int32Array): number {
  let origin = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    const segment = segmentOf(state, row);
    const k = indexOf(state, row);
    const wait = segment.wait(k);
    const from = segment.start(k) - (wait > 0 ? wait * NS_PER_MS : 0);
    if (from < origin) origin = from;
  }
  return Math.floor(origin);
}

function rareColumns(
  segment: Segment,
  k: number,
  at: number,
  columns: FixedColumns,
  links: ColumnLink[],
): void {
  if ((segment.flags(k) & (FLAG.links | FLAG.held | FLAG.outcome)) === 0) return;
  const span = decodeRow(segment, k);
  if (span === null) return;
  const attributes = plainAttributes(span.attributes);
  columns.heldMs[at] = heldOf(attributes, span) ?? Number.NaN;
  columns.outcomeWaitMs[at] = numberOf(attributes, ATTR.outcomeWaitMs) ?? Number.NaN;
  for (const link of span.links) {
    const told = plainAttributes(link.attributes);
    links.push({
      row: at,
      traceId: link.traceId,
      spanId: link.spanId,
      type: linkType(link),
      items: numberOf(told, ATTR.linkItems) ?? Number.NaN,
      heldMs: numberOf(told, ATTR.heldMs) ?? Number.NaN,
    });
  }
}

/** False where the trace left meanwhile. */
async function parents(
  state: StoreState,
  slot: number,
  traceId: string,
  rows: Int32Array,
  places: SpanPlaces,
  parent: Int32Array,
  pause: () => Promise<void>,
): Promise<boolean> {
  for (let at = 0; at < rows.length; at++) {
    if (at % ROWS_A_SLICE === ROWS_A_SLICE - 1) {
      await pause();
      if (!stillThere(state, slot, traceId, rows[at] as number)) return false;
    }
    const segment = segmentOf(state, rows[at] as number);
    const k = indexOf(state, rows[at] as number);
    const high = segment.parentHigh(k);
    const low = segment.parentLow(k);
    const found = places.find(high, low);
    parent[at] = high === 0 && low === 0 ? ROOT : found < 0 ? ORPHAN : found;
  }
  return true;
}

interface RowPlace {
  readonly segment: Segment;
  readonly k: number;
}

/** Neighbours mostly are of one batch, whose text then need not be read again. */
function sameBatch(segment: Segment, k: number, before: RowPlace | null): boolean {
  const length = segment.batchLength(k);
  if (before === null || length !== before.segment.batchLength(before.k)) return false;
  const page = segment.page(k);
  const other = before.segment.page(before.k);
  const from = (segment.place(k) & 0xffff) + segment.batchOffset(k);
  const otherFrom = (before.segment.place(before.k) & 0xffff) + before.segment.batchOffset(before.k);
  for (let i = length - 1; i >= 0; i--) if (page[from + i] !== other[otherFrom + i]) return false;
  return true;
}

function stillThere(state: StoreState, slot: number, traceId: string, row: number): boolean {
  if (!state.traces.isLive(slot) || traceIdOf(state, slot) !== traceId) return false;
  const segment = state.segments[row >>> state.rowShift];
  return (
    segment !== undefined &&
    segment.trace(indexOf(state, row)) === slot &&
    state.traces.chunk(slot).spans(inChunk(slot)) !== 0
  );
}

class Interned {
  readonly texts: string[] = [];
  readonly #codes = new Map<string, number>();
  /** Codes of the store's table, which are met again and again. */
  readonly #known = new Map<number, number>();

  of(tableCode: number, text: () => string): number {
    if (tableCode === OVERFLOW_CODE) return this.code(text());
    const known = this.#known.get(tableCode);
    if (known !== undefined) return known;
    const code = this.code(text());
    this.#known.set(tableCode, code);
    return code;
  }

  code(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.texts.length);
    this.texts.push(text);
    return this.texts.length - 1;
  }
}
